"""How near painted pictures come to what the model learnt from:  python copying.py WORK FOLDER-OF-PNGS

Distance: root mean square over premultiplied RGBA at 32 x 32, the nearer of a picture and its mirror image. For scale, the
same from drawings to their nearest drawing of another thing.
"""
import glob
import os
import sys

import numpy as np
from PIL import Image

from pictures import Pictures

SIDE = 32
COPY = 0.05


def shrunk(premultiplied):
    cell = premultiplied.shape[1] // SIDE
    return premultiplied.reshape(-1, SIDE, cell, SIDE, cell, 4).mean((2, 4)).astype(np.float32)


def everything(work):
    pictures = Pictures(work, ["icons", "scenes"])
    parts = [shrunk(pictures.get(range(at, min(at + 500, len(pictures)))).permute(0, 2, 3, 1).numpy()) for at in range(0, len(pictures), 500)]
    return pictures.about, np.concatenate(parts).reshape(len(pictures), -1)


def nearest(one, known, squares, allowed=None):
    best = (np.inf, -1)
    for image in (one, one[:, ::-1]):
        flat = image.reshape(-1)
        distance = np.sqrt(np.maximum(squares - 2 * known @ flat + flat @ flat, 0) / flat.size)
        if allowed is not None:
            distance = np.where(allowed, distance, np.inf)
        if distance.min() < best[0]:
            best = (float(distance.min()), int(distance.argmin()))
    return best


def main(work, folder):
    about, known = everything(work)
    squares = (known**2).sum(1)
    concepts = np.array([each.get("concept", -1) for each in about])
    rng = np.random.default_rng(0)
    scale = []
    for k in rng.choice(np.flatnonzero(concepts >= 0), 100, replace=False):
        scale.append(nearest(known[k].reshape(SIDE, SIDE, 4), known, squares, (concepts >= 0) & (concepts != concepts[k]))[0])
    found = []
    for file in sorted(glob.glob(os.path.join(folder, "*.png"))):
        image = np.array(Image.open(file).convert("RGBA").resize((128, 128), Image.BOX), np.float32) / 255
        image[..., :3] *= image[..., 3:]
        found.append(nearest(shrunk(image[None])[0], known, squares)[0])
    print(f"{len(found)} pictures, median {np.median(found):.3f}, nearest {min(found):.3f}, below {COPY}: {sum(d < COPY for d in found)}")
    print(f"drawings to the nearest of another thing: median {np.median(scale):.3f}, tenth {np.percentile(scale, 10):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
