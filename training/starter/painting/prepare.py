"""Latents, hints and captions of all pictures and of moved copies of the icons: what the denoiser learns from."""
import json
import os
import sys

import numpy as np
import torch

import hints
from networks import Decoder, Encoder
from pictures import Pictures, placed
from start import load_autoencoder

SMALL = 0.68


def variants(pictures, rng):
    """(index, scale, angle, dx, dy, mirrored) of everything to encode: each as it is, and the icons once more, moved."""
    listed = [(k, 1.0, 0.0, 0.0, 0.0, False) for k in range(len(pictures))]
    for k, about in enumerate(pictures.about):
        if about["part"] == "icons" and (about["set"] != "game" or rng.random() < 0.4):
            move = rng.uniform(-0.1, 0.1, 2)
            listed.append((k, rng.uniform(0.6, 1), rng.normal() * 0.18, move[0], move[1], bool(rng.random() < 0.5)))
    return listed


def prepare(work):
    pictures = Pictures(work, ["icons", "scenes"])
    rng = np.random.default_rng(7)
    encoder, _ = load_autoencoder(work, Encoder(), Decoder())
    encoder = encoder.to(memory_format=torch.channels_last)
    listed = variants(pictures, rng)
    latents = np.zeros((len(listed), 16, 8, 8), np.float16)
    maps = {"silhouette": np.zeros((len(listed), 32, 32), np.uint8), "edges": np.zeros((len(listed), 32, 32), np.uint8)}
    maps["blur"] = np.zeros((len(listed), 4, 16, 16), np.uint8)
    for at in range(0, len(listed), 64):
        part = listed[at : at + 64]
        x = pictures.get([each[0] for each in part])
        turned = torch.stack([one.flip(2) if each[5] else one for one, each in zip(x, part)])
        scale, angle, dx, dy = (torch.tensor([each[n] for each in part], dtype=torch.float32) for n in (1, 2, 3, 4))
        moved = placed(turned, scale, angle, dx, dy)
        same = torch.tensor([each[1:] == (1.0, 0.0, 0.0, 0.0, False) for each in part]).view(-1, 1, 1, 1)
        x = torch.where(same, x, moved)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            z = encoder((x * 2 - 1).to(memory_format=torch.channels_last))
        to = slice(at, at + len(part))
        latents[to] = z.float().numpy()
        for name, value in (
            ("silhouette", hints.silhouette(x)), ("edges", hints.edges(x, rng.uniform(0.07, 0.16))), ("blur", hints.blur(x))
        ):  # fmt: skip
            maps[name][to] = (value * 255).round().byte().numpy()
        if at % 6400 == 0:
            print(f"prepared {at} of {len(listed)}", flush=True)
    np.save(os.path.join(work, "latents.npy"), latents)
    keep_scale(work, torch.from_numpy(latents))
    for name, value in maps.items():
        np.save(os.path.join(work, f"{name}.npy"), value)
    items = [{"picture": each[0], "moved": at >= len(pictures), "small": each[1] < SMALL} for at, each in enumerate(listed)]
    json.dump(items, open(os.path.join(work, "items.json"), "w"))
    print(f"{len(items)} items of {len(pictures)} pictures")


def keep_scale(work, latents):
    """Each channel's mean and deviation; once a denoiser has learnt with them they stay."""
    file = os.path.join(work, "start", "latstat.pt")
    if not os.path.exists(file):
        torch.save((latents.float().mean((0, 2, 3)), latents.float().std((0, 2, 3))), file)


if __name__ == "__main__":
    torch.set_num_threads(1)
    prepare(sys.argv[1])
