"""Trains the sharpener: in what was painted at 128 px and the fine part of the drawing under it, out that drawing at 512 px.

The fine part has neither colours nor areas, so those are learnt to be taken from what was painted.
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

from detail import CHANNELS, SIDE, detail
from device import DEVICE, halves, moved
from loop import Run
from networks import Decoder, Encoder, Sharpener
from pictures import Pictures
from start import load_autoencoder, load_sharpener
from train_decoder import steps_between

BATCH = 24
CROP = 48
BORDER = 4
RATE = 1.5e-3
NOISES = (0.0, 0.08, 0.2)


def decoded_inputs(work, pictures):
    """Each picture as the decoder gives it back, from latents of different cleanness: painted ones are not clean."""
    file = os.path.join(work, "large-decoded.npy")
    if os.path.exists(file):
        return np.load(file, mmap_mode="r")
    encoder, decoder = load_autoencoder(work, Encoder(), Decoder())
    kept = os.path.join(work, "decoder.pt")
    if os.path.exists(kept):
        decoder.load_state_dict(torch.load(kept, weights_only=False)["mean"])
    decoder.eval()
    torch.manual_seed(0)
    out = np.zeros((len(pictures), len(NOISES), 4, 128, 128), np.uint8)
    for k in range(len(pictures)):
        small = F.interpolate(pictures.get([k]), size=128, mode="area")
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            z = encoder(small * 2 - 1).float().repeat(len(NOISES), 1, 1, 1)
            z = z + torch.tensor(NOISES).view(-1, 1, 1, 1) * torch.randn_like(z)
            y = decoder(z).float()
        out[k] = (((y + 1) / 2).clamp(0, 1) * 255).round().byte().numpy()
    np.save(file, out)
    return np.load(file, mmap_mode="r")


def painted_inputs(work, pictures):
    """Each picture painted over by the model, as painted.mjs left them."""
    shape = (len(pictures), 4, 128, 128)
    return np.memmap(os.path.join(work, "painted.raw"), np.uint8, "r", shape=shape)


def details(work, pictures):
    """The fine part of each picture, in 127ths."""
    file = os.path.join(work, "large-detail.npy")
    if not os.path.exists(file):
        out = np.lib.format.open_memmap(f"{file}.part", "w+", np.int8, (len(pictures), CHANNELS, SIDE, SIDE))
        for k in range(len(pictures)):
            out[k] = (detail(pictures.get([k]))[0] * 127).round().to(torch.int8).numpy()
        out.flush()
        os.replace(f"{file}.part", file)
    return np.load(file, mmap_mode="r")


class Crops:
    def __init__(self, work, pictures, train_on):
        self.pictures, self.train_on = pictures, train_on
        self.decoded = decoded_inputs(work, pictures)
        self.painted = painted_inputs(work, pictures)
        self.details = details(work, pictures)

    def batch(self, rng):
        """Crops that have something in them, with their colours exchanged and mirrored alike on all sides."""
        crops = []
        while len(crops) < BATCH:
            crop = self.crop(rng)
            if crop is not None:
                crops.append(crop)
        x, shown, clean = (torch.stack(each) for each in zip(*crops))
        return x * 2 - 1, shown, clean * 2 - 1

    def crop(self, rng):
        k = int(rng.choice(self.train_on))
        y, x = (int(v) for v in rng.integers(0, 128 - CROP + 1, 2))
        weights = shown_weights(rng)
        # Without the drawing's detail nobody could know what painting has moved.
        from_paint = rng.random() < (0.65 if weights.any() else 0.1)
        source = self.painted[k] if from_paint else self.decoded[k, rng.integers(len(NOISES))]
        piece = torch.from_numpy(np.array(source[:, y : y + CROP, x : x + CROP])).float() / 255
        if piece.std() < 0.03 and rng.random() < 0.95:
            return None
        place = slice(4 * y, 4 * (y + CROP)), slice(4 * x, 4 * (x + CROP))
        raw = self.pictures.parts[0][1][k][place]
        clean = torch.from_numpy(np.array(raw)).permute(2, 0, 1).float() / 255
        clean = torch.cat([clean[:3] * clean[3:], clean[3:]])
        shown = torch.from_numpy(np.array(self.details[(k, slice(None), *place)])).float() / 127 * weights
        order = [*rng.permutation(3), 3] if rng.random() < 0.5 else [0, 1, 2, 3]
        piece, clean = piece[order], clean[order]
        if rng.random() < 0.5:
            piece, clean, shown = piece.flip(2), clean.flip(2), shown.flip(2)
        return piece, shown, clean


def shown_weights(rng):
    """Mostly all of the detail, else the lines alone or nothing."""
    chance = rng.random()
    shown = [1, 1, 1] if chance < 0.5 else [0, 0, 1] if chance < 0.75 else [0, 0, 0]
    return torch.tensor(shown, dtype=torch.float32).view(-1, 1, 1)


def train(work, steps):
    pictures = Pictures(work, ["large"], side=SIDE)
    crops = Crops(work, pictures, np.array([k for k in range(len(pictures)) if k % 40]))
    net = load_sharpener(work, Sharpener()).to(DEVICE, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=1e-3)
    run = Run(work, "sharpener", steps).begin(net, [optimiser])
    print(f"{len(crops.train_on)} pictures, {sum(p.numel() for p in net.parameters())} parameters", flush=True)
    inner = slice(4 * BORDER, -4 * BORDER)
    while run.running():
        rng = run.generator()
        for group in optimiser.param_groups:
            group["lr"] = RATE * run.rate()
        x, shown, clean = moved(*crops.batch(rng))
        with halves():
            y = net(x.to(memory_format=torch.channels_last), shown).float()
        # Near a crop's border the network cannot see what it will see in a whole picture.
        y, clean, plain = (
            each[..., inner, inner].contiguous() for each in (y, clean, F.interpolate(x, scale_factor=4, mode="bilinear"))
        )
        near = (y - clean).abs().mean()
        loss = near + 1.5 * steps_between(y, clean)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        run.after(l1=near.item(), loss=loss.item(), plain=(plain - clean).abs().mean().item())
    run.save()


if __name__ == "__main__":
    torch.set_num_threads(1)
    train(sys.argv[1], int(sys.argv[2]))
