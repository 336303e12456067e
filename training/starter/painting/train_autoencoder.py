"""Trains encoder and decoder together from nothing. Passed over where `work/start` has an autoencoder to go on from."""
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from device import DEVICE, halves
from loop import Run
from networks import Decoder, Encoder
from pictures import Pictures, varied
from train_decoder import steps_between

BATCH = 32
RATE = 1e-3


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.dec = Encoder(), Decoder()


def train(work, steps):
    target = os.path.join(work, "start", "autoencoder.pt")
    if os.path.exists(target):
        return
    pictures = Pictures(work, ["icons", "scenes"])
    train_on = [k for k in range(len(pictures)) if k % 40]
    net = Autoencoder().to(DEVICE, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, betas=(0.9, 0.99), weight_decay=1e-3)
    run = Run(work, "autoencoder", steps).begin(net, [optimiser])
    while run.running():
        rng = run.generator()
        for group in optimiser.param_groups:
            group["lr"] = RATE * run.rate()
        chosen = sorted(rng.choice(train_on, BATCH, replace=False))
        x = (varied(pictures.get(chosen), rng) * 2 - 1).to(DEVICE, memory_format=torch.channels_last)
        with halves():
            z = net.enc(x).float()
            y = net.dec(z + 0.1 * torch.randn_like(z)).float()
        near = (y - x).abs().mean()
        rough = (F.avg_pool2d(y, 4) - F.avg_pool2d(x, 4)).pow(2).mean()
        loss = near + 0.7 * steps_between(y, x) + 2 * rough + 1e-4 * z.pow(2).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        run.after(l1=near.item(), loss=loss.item())
    run.save()
    os.makedirs(os.path.dirname(target), exist_ok=True)
    torch.save({"enc": run.mean.enc.state_dict(), "dec": run.mean.dec.state_dict()}, target)


if __name__ == "__main__":
    torch.set_num_threads(1)
    train(sys.argv[1], int(sys.argv[2]))
