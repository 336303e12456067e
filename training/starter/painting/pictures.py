"""Pictures from disk to batches, with the changes that make few icons into many."""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F


class Pictures:
    """Straight RGBA pictures of one side length, drawn by render.mjs; read from disk as needed."""

    def __init__(self, work, names, side=128):
        self.about, self.parts = [], []
        for name in names:
            lines = os.path.join(work, f"{name}.jsonl")
            if not os.path.exists(lines):
                continue
            about = [json.loads(line) for line in open(lines, encoding="utf8")]
            raw = np.memmap(os.path.join(work, f"{name}.raw"), np.uint8, "r", shape=(len(about), side, side, 4))
            self.parts.append((len(self.about), raw))
            self.about += [{**each, "part": name} for each in about]

    def __len__(self):
        return len(self.about)

    def get(self, indices):
        """Premultiplied 0..1, NCHW."""
        out = []
        for index in indices:
            start, raw = next(part for part in reversed(self.parts) if part[0] <= index)
            out.append(torch.from_numpy(np.array(raw[index - start])))
        x = torch.stack(out).permute(0, 3, 1, 2).float() / 255
        return torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1)


def recoloured(x, rng):
    """Some with their channels exchanged, some tinted. Premultiplied colour stays below alpha."""
    for k in range(len(x)):
        chance = rng.random()
        if chance < 0.35:
            x[k, :3] = x[k][torch.from_numpy(rng.permutation(3))]
        elif chance < 0.45:
            tint = torch.from_numpy(rng.random(3).astype(np.float32)).view(3, 1, 1)
            x[k, :3] = torch.minimum(x[k, :3].mean(0, keepdim=True) * tint * 1.5, x[k, 3:])
    return x


def placed(x, scale, angle, dx, dy):
    """Each picture scaled, turned and moved; arguments are tensors, moves in halves of the side."""
    cos, sin = torch.cos(angle) / scale, torch.sin(angle) / scale
    theta = torch.stack([cos, -sin, -dx / scale, sin, cos, -dy / scale], 1).view(-1, 2, 3)
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), align_corners=False)


def varied(x, rng):
    """For the decoder: anything that a picture may look like, a quarter of them pairs or on a ground."""
    x = recoloured(x, rng)
    if rng.random() < 0.5:
        x = x.flip(3)
    if rng.random() < 0.6:
        x = torch.roll(x, tuple(int(v) for v in rng.integers(-12, 13, 2)), (2, 3))
    share, half = len(x) // 8, x.shape[-1] // 2
    small = F.interpolate(x[: 2 * share], scale_factor=0.5, mode="area")
    pair = torch.zeros_like(x[:share])
    top = int(rng.integers(0, half + 1))
    pair[:, :, half // 2 : half // 2 + half, :half] = small[:share]
    pair[:, :, top : top + half, half:] = small[share:]
    ground = torch.from_numpy(rng.random((share, 3, 1, 1)).astype(np.float32))
    on = x[share : 2 * share]
    grounded = torch.cat([on[:, :3] + (1 - on[:, 3:]) * ground, torch.ones_like(on[:, 3:])], 1)
    return torch.cat([pair, grounded, x[2 * share :]])
