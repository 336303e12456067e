"""Trains the denoiser on latents, with captions in two languages and with hints that come and go."""
import json
import os
import sys

import numpy as np
import torch

import hints
from device import DEVICE, halves, moved
from loop import Run
from muon import Muon
from networks import HINTS, STYLES, Denoiser
from pictures import Pictures
from start import latent_scale, load_denoiser
from tokens import Tokenizer

BATCH = 64
RATE = 1e-3
SHOWN = {"silhouette": 0.12, "reference": 0.55, "edges": 0.3, "blur": 0.25}
FREQUENCY = {"game": 0.35, "classic": 0.5, "ui": 0.5}


class Examples:
    def __init__(self, work, tokenizer):
        self.pictures = Pictures(work, ["icons", "scenes"])
        self.items = json.load(open(os.path.join(work, "items.json")))
        self.tokenizer = tokenizer
        self.mean, self.deviation = (each.view(1, -1, 1, 1) for each in latent_scale(work))
        self.latents, self.silhouettes, self.edges, self.blurs = (
            torch.from_numpy(np.load(os.path.join(work, f"{name}.npy"))) for name in ("latents", "silhouette", "edges", "blur")
        )
        about = self.pictures.about
        weights = np.array([FREQUENCY.get(about[item["picture"]].get("style"), 1.0) for item in self.items])
        self.cumulated = (weights / weights.sum()).cumsum()
        self.of_icon = {about[k]["icon"]: k for k in range(len(about)) if about[k]["part"] == "icons"}
        self.siblings = {}
        for k, each in enumerate(about):
            if each["part"] == "icons":
                self.siblings.setdefault(each["concept"], []).append(k)

    def caption(self, item, rng):
        about = self.pictures.about[item["picture"]]
        if "text" in about:
            return about["text"]
        chinese = about["zh"] and rng.random() < 0.42
        names, tags = (about["zh"], about["zhTags"]) if chinese else (about["en"], about["tags"])
        text = names[0] if rng.random() < 0.6 else names[rng.integers(len(names))]
        chance = rng.random()
        if tags and chance < 0.2:
            tag = tags[rng.integers(len(tags))]
            text = tag if chance < 0.08 else text + ("" if chinese else " ") + tag
        if item["small"] and rng.random() < 0.8:
            text = "小" + text if chinese else "small " + text
        return text

    def reference(self, item, rng):
        """Another drawing of the same thing; the same drawing only where it was changed. -1: none."""
        about = self.pictures.about[item["picture"]]
        if "text" in about:
            if len(about["icons"]) != 1:
                return -1
            own = self.of_icon[about["icons"][0]]
        else:
            own = item["picture"]
        siblings = [k for k in self.siblings[self.pictures.about[own]["concept"]] if k != own]
        changed = "text" in about or item["moved"]
        if changed and (not siblings or rng.random() < 0.55):
            return own
        return siblings[rng.integers(len(siblings))] if siblings else -1

    def latent(self, indices):
        return (self.latents[indices].float() - self.mean) / self.deviation

    def batch(self, rng):
        chosen = np.minimum(np.searchsorted(self.cumulated, rng.random(BATCH)), len(self.items) - 1)
        items = [self.items[k] for k in chosen]
        ids = [self.tokenizer("" if rng.random() < 0.1 else self.caption(item, rng)) for item in items]
        styles = [0 if rng.random() < 0.3 else STYLES.index(self.pictures.about[item["picture"]]["style"]) for item in items]
        references = torch.tensor([self.reference(item, rng) for item in items])
        chosen = torch.from_numpy(chosen)
        maps = (each[chosen].float() / 255 for each in (self.silhouettes, self.edges, self.blurs))
        outline, edge, blurred = hints.as_tokens(*maps)
        shown = torch.stack([outline, self.latent(references.clamp(min=0)), edge, blurred], 1)
        flags = self.flags(rng)
        flags[:, HINTS.index("reference")] *= references >= 0
        return self.latent(chosen), torch.tensor(ids), torch.tensor(styles), *partly(shown, flags, rng), flags

    def flags(self, rng):
        """How much of each hint is there: nothing, mostly all, sometimes a part."""
        chance = np.array([SHOWN[name] for name in HINTS])
        there = rng.random((BATCH, len(HINTS))) < chance
        part = np.where(rng.random(there.shape) < 0.3, rng.uniform(0.2, 1, there.shape), 1)
        part[:, HINTS.index("reference")] = 1
        return torch.from_numpy((there * part).astype(np.float32))


def partly(shown, flags, rng):
    """A hint of half strength lacks half its tokens, so that the flag means how far to trust it."""
    kept = rng.random((shown.shape[0], len(HINTS), 1, 8, 8)) < flags.numpy()[:, :, None, None, None]
    return (shown * torch.from_numpy(kept),)


def train(work, vocabulary, steps):
    tokenizer = Tokenizer(vocabulary)
    examples = Examples(work, tokenizer)
    net = load_denoiser(work, Denoiser(tokenizer.size)).to(DEVICE)
    named = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    matrices = [p for name, p in named if p.ndim == 2 and any(part in name for part in (".at.", ".f1", ".f2"))]
    known = {id(p) for p in matrices}
    rest = [p for _, p in named if id(p) not in known]
    muon, adam = Muon(matrices), torch.optim.AdamW(rest, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    run = Run(work, "denoiser", steps, average=0.9985).begin(net, [muon, adam])
    print(f"{len(examples.items)} items", flush=True)
    while run.running():
        rng = run.generator()
        muon.rate = adam.param_groups[0]["lr"] = RATE * run.rate()
        z, ids, styles, shown, flags = moved(*examples.batch(rng))
        t = torch.sigmoid(torch.randn(BATCH, device=DEVICE) + 0.3)
        noise = torch.randn_like(z)
        mixed = torch.lerp(z, noise, t.view(-1, 1, 1, 1))
        with halves():
            direction = net(mixed, t, net.text(ids), ids, styles, shown, flags)
        error = (direction.float() - (noise - z)).pow(2).mean((1, 2, 3))
        for p in net.parameters():
            p.grad = None
        error.mean().backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        muon.step()
        adam.step()
        run.after(loss=error.mean().item(), **by_hint(error.detach(), flags))
    run.save()


def by_hint(error, flags):
    told = {}
    for name, there in (("words", flags.sum(1) == 0), ("reference", flags[:, 1] > 0), ("edges", flags[:, 2] > 0), ("blur", flags[:, 3] > 0)):
        if there.any():
            told[name] = error[there].mean().item()
    return told


if __name__ == "__main__":
    torch.set_num_threads(1)
    train(sys.argv[1], sys.argv[2], int(sys.argv[3]))
