"""Trains the sharpener: in what the autoencoder makes of a picture at 128 px, out the picture as drawn at 512 px."""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

from loop import Run
from networks import Decoder, Encoder, Sharpener
from pictures import Pictures
from start import load_autoencoder
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


def crops(pictures, inputs, train_on, rng):
    """Crops that have something in them, with their colours exchanged and mirrored alike on both sides."""
    small, large = [], []
    while len(small) < BATCH:
        k = int(rng.choice(train_on))
        y, x = (int(v) for v in rng.integers(0, 128 - CROP + 1, 2))
        piece = torch.from_numpy(np.array(inputs[k, rng.integers(len(NOISES)), :, y : y + CROP, x : x + CROP])).float() / 255
        if piece.std() < 0.03 and rng.random() < 0.95:
            continue
        raw = pictures.parts[0][1][k, 4 * y : 4 * (y + CROP), 4 * x : 4 * (x + CROP)]
        clean = torch.from_numpy(np.array(raw)).permute(2, 0, 1).float() / 255
        clean = torch.cat([clean[:3] * clean[3:], clean[3:]])
        order = [*rng.permutation(3), 3] if rng.random() < 0.5 else [0, 1, 2, 3]
        piece, clean = piece[order], clean[order]
        if rng.random() < 0.5:
            piece, clean = piece.flip(2), clean.flip(2)
        small.append(piece)
        large.append(clean)
    return torch.stack(small) * 2 - 1, torch.stack(large) * 2 - 1


def train(work, steps):
    pictures = Pictures(work, ["large"], side=512)
    inputs = decoded_inputs(work, pictures)
    train_on = np.array([k for k in range(len(pictures)) if k % 40])
    net = Sharpener().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=1e-3)
    run = Run(work, "sharpener", steps).begin(net, [optimiser])
    print(f"{len(train_on)} pictures, {sum(p.numel() for p in net.parameters())} parameters", flush=True)
    inner = slice(4 * BORDER, -4 * BORDER)
    while run.running():
        rng = run.generator()
        for group in optimiser.param_groups:
            group["lr"] = RATE * run.rate()
        x, clean = crops(pictures, inputs, train_on, rng)
        with torch.autocast("cpu", torch.bfloat16):
            y = net(x.to(memory_format=torch.channels_last)).float()
        # Near a crop's border the network cannot see what it will see in a whole picture.
        y, clean = y[..., inner, inner].contiguous(), clean[..., inner, inner].contiguous()
        near = (y - clean).abs().mean()
        loss = near + 1.5 * steps_between(y, clean)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        run.after(l1=near.item(), loss=loss.item(), plain=(F.interpolate(x, scale_factor=4, mode="bilinear")[..., inner, inner] - clean).abs().mean().item())
    run.save()


if __name__ == "__main__":
    torch.set_num_threads(1)
    train(sys.argv[1], int(sys.argv[2]))
