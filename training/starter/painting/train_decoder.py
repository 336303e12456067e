"""Trains the decoder alone; the encoder stays as it is, so that the denoiser stays valid."""
import sys

import torch
import torch.nn.functional as F

from device import DEVICE, halves
from loop import Run
from networks import Decoder, Encoder
from pictures import Pictures, varied
from start import load_autoencoder

BATCH = 32
RATE = 6e-4


def steps_between(y, x):
    across = ((y[..., 1:] - y[..., :-1]) - (x[..., 1:] - x[..., :-1])).abs().mean()
    down = ((y[..., 1:, :] - y[..., :-1, :]) - (x[..., 1:, :] - x[..., :-1, :])).abs().mean()
    return across + down


def train(work, steps):
    pictures = Pictures(work, ["icons", "scenes"])
    train_on = [k for k in range(len(pictures)) if k % 40]
    encoder, decoder = load_autoencoder(work, Encoder(), Decoder())
    encoder, decoder = (each.to(DEVICE, memory_format=torch.channels_last) for each in (encoder, decoder))
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=1e-3)
    run = Run(work, "decoder", steps).begin(decoder, [optimiser])
    print(f"{len(train_on)} pictures to learn from, {len(pictures) - len(train_on)} kept to measure", flush=True)
    while run.running():
        rng = run.generator()
        for group in optimiser.param_groups:
            group["lr"] = RATE * run.rate()
        chosen = sorted(rng.choice(train_on, BATCH, replace=False))
        x = (varied(pictures.get(chosen), rng) * 2 - 1).to(DEVICE, memory_format=torch.channels_last)
        with halves():
            with torch.no_grad():
                z = encoder(x).float()
            y = decoder(z + 0.06 * torch.randn_like(z)).float()
        near = (y - x).abs().mean()
        rough = (F.avg_pool2d(y, 4) - F.avg_pool2d(x, 4)).pow(2).mean()
        loss = near + 0.7 * steps_between(y, x) + 2 * rough
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        run.after(l1=near.item(), loss=loss.item())
    run.save()


if __name__ == "__main__":
    torch.set_num_threads(1)
    train(sys.argv[1], int(sys.argv[2]))
