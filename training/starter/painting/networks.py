"""The networks of the painting model. All pictures are 128 x 128 RGBA, premultiplied, in -1..1."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from detail import CHANNELS

LATENT = 16
TOKENS = 16
TEXT_WIDTH = 256
STYLES = ["any", "3d", "glossy", "flat", "noto", "twemoji", "classic", "fx", "line", "game", "ui"]
HINTS = ("silhouette", "reference", "edges", "blur")


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        with torch.no_grad():
            self.second.weight.mul_(0.3)
            self.second.bias.zero_()

    def forward(self, x):
        return F.relu(x + self.second(F.relu(self.first(x))))


def conv(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride, 1)


def encoder():
    return nn.Sequential(
        nn.PixelUnshuffle(4), conv(64, 64), nn.ReLU(), Block(64),
        conv(64, 128, 2), nn.ReLU(), Block(128),
        conv(128, 192, 2), nn.ReLU(), Block(192), conv(192, LATENT),
    )  # fmt: skip


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = encoder()

    def forward(self, x):
        return 3 * torch.tanh(self.net(x) / 3)


class Wide(nn.Module):
    """A residual detour through more channels; does nothing until it has learnt something."""

    def __init__(self, channels, within):
        super().__init__()
        self.out = conv(channels, within)
        self.back = conv(within, channels)
        nn.init.zeros_(self.back.weight)
        nn.init.zeros_(self.back.bias)

    def forward(self, x):
        return x + self.back(F.relu(self.out(x)))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            conv(LATENT, 192), nn.ReLU(), Block(192), Block(192),
            nn.Upsample(scale_factor=2, mode="nearest"), conv(192, 128), nn.ReLU(), Block(128), Block(128),
            nn.Upsample(scale_factor=2, mode="nearest"), conv(128, 64), nn.ReLU(), Block(64),
            conv(64, 64), nn.PixelShuffle(4),
        )  # fmt: skip
        self.detail = Wide(64, 128)

    def forward(self, z):
        features = self.net[:13](z)
        return self.net[13:](self.detail(features))


class Sharpener(nn.Module):
    """128 px to 512 px: what lies between the pixels of a drawing that went through the decoder.

    `detail` (see detail.py, 512 px) is the fine part of the drawing that was painted over; zeros where there is none.
    """

    def __init__(self, near=32, far=64, blocks=4, mixed=48):
        super().__init__()
        shown = CHANNELS * 16
        self.near = conv(4, near)
        self.shown = conv(shown, near)
        self.far = nn.Conv2d(4 * near, far, 1)
        self.blocks = nn.Sequential(*[Block(far) for _ in range(blocks)])
        self.back = nn.Conv2d(far, 4 * near, 1)
        self.mix = conv(near + shown, mixed)
        self.out = conv(mixed, 4 * 16)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x, detail):
        shown = F.pixel_unshuffle(detail, 4)
        near = F.relu(self.near(x) + self.shown(shown))
        far = self.blocks(F.relu(self.far(F.pixel_unshuffle(near, 2))))
        near = F.relu(near + F.pixel_shuffle(self.back(far), 2))
        added = F.pixel_shuffle(self.out(F.relu(self.mix(torch.cat([near, shown], 1)))), 4)
        return F.interpolate(x, scale_factor=4, mode="bilinear", align_corners=False) + added


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.o = nn.Linear(width, width)

    def forward(self, x, mask):
        batch, length, width = x.shape
        parts = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = parts.unbind(0)
        weights = ((q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2) + mask).softmax(-1)
        return self.o((weights @ v).transpose(1, 2).reshape(batch, length, width))


class TextBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.at = Attention(width, heads)
        self.f1, self.f2 = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x, mask):
        x = x + self.at(self.n1(x), mask)
        return x + self.f2(F.gelu(self.f1(self.n2(x))))


class Text(nn.Module):
    def __init__(self, vocabulary, width=TEXT_WIDTH):
        super().__init__()
        self.e = nn.Embedding(vocabulary, width)
        self.p = nn.Parameter(torch.randn(TOKENS, width) * 0.02)
        nn.init.normal_(self.e.weight, std=0.05)
        self.b = nn.ModuleList([TextBlock(width, 4) for _ in range(2)])
        self.n = nn.LayerNorm(width)

    def forward(self, ids):
        mask = (ids == 0).to(self.p.dtype)[:, None, None, :] * -1e4
        x = self.e(ids) + self.p
        for block in self.b:
            x = block(x, mask)
        return self.n(x)


class DenoiserBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.at = Attention(width, heads)
        self.f1, self.f2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.tab = nn.Parameter(torch.zeros(6, width))
        self.n = nn.LayerNorm(width, elementwise_affine=False)

    def forward(self, x, condition, mask):
        scale1, shift1, gate1, scale2, shift2, gate2 = (condition + self.tab).to(x.dtype)[:, :, None].unbind(1)
        x = x + gate1 * self.at(self.n(x) * (1 + scale1) + shift1, mask)
        return x + gate2 * self.f2(F.gelu(self.f1(self.n(x) * (1 + scale2) + shift2)))


class Denoiser(nn.Module):
    """Says in which direction a noisy latent lies from the clean one.

    Each image token sees its piece of the latent and of four hints, each with a flag that says how much of it is there.
    """

    def __init__(self, vocabulary, width=192, layers=8, heads=3):
        super().__init__()
        self.config = (vocabulary, width, layers, heads)
        self.text = Text(vocabulary)
        self.tp = nn.Linear(TEXT_WIDTH, width)
        self.inp = nn.Linear(LATENT + len(HINTS) * (LATENT + 1), width)
        self.pos = nn.Parameter(torch.randn(64, width) * 0.02)
        self.t1, self.t2 = nn.Linear(128, width), nn.Linear(width, width)
        self.st = nn.Embedding(len(STYLES), width)
        self.pl = nn.Linear(TEXT_WIDTH, width)
        self.ad = nn.Linear(width, 6 * width)
        self.b = nn.ModuleList([DenoiserBlock(width, heads) for _ in range(layers)])
        self.fn = nn.LayerNorm(width, elementwise_affine=False)
        self.fm, self.out = nn.Linear(width, 2 * width), nn.Linear(width, LATENT)
        nn.init.normal_(self.st.weight, std=0.1)
        for layer in (self.ad, self.fm, self.out):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        with torch.no_grad():
            self.ad.bias.view(6, width)[[2, 5]] = 0.1
        self.register_buffer("fr", torch.exp(-math.log(1000.0) * torch.arange(64) / 64) * 100)

    def forward(self, x, t, txt, ids, style, hints, flags):
        """hints: batch x 4 x 16 x 8 x 8 in the order of HINTS; flags: batch x 4, 0..1."""
        batch = x.shape[0]
        waves = t[:, None] * self.fr
        time = self.t2(F.silu(self.t1(torch.cat([waves.sin(), waves.cos()], 1))))
        there = (ids != 0).to(txt.dtype)[:, :, None]
        pooled = (txt * there).sum(1) / there.sum(1)
        condition = F.silu(time + self.st(style) + self.pl(pooled))
        flag = flags[:, :, None, None, None]
        shown = torch.cat([hints * flag, flag.expand(batch, len(HINTS), 1, 8, 8)], 2)
        seen = torch.cat([x, shown.reshape(batch, -1, 8, 8)], 1).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.tp(txt), self.inp(seen) + self.pos], 1)
        absent = torch.cat([(ids == 0).to(tokens.dtype) * -1e4, torch.zeros(batch, 64, dtype=tokens.dtype)], 1)
        mask = absent[:, None, None, :]
        table = self.ad(condition).view(batch, 6, -1)
        for block in self.b:
            tokens = block(tokens, table, mask)
        scale, shift = self.fm(condition)[:, None].chunk(2, -1)
        return self.out(self.fn(tokens[:, TOKENS:]) * (1 + scale) + shift).transpose(1, 2).reshape(batch, -1, 8, 8)


def widened(weights, width_now):
    """Older input projections know fewer hints: the columns of new ones start at zero."""
    inp = weights["inp.weight"]
    if inp.shape[1] < width_now:
        wider = torch.zeros(inp.shape[0], width_now)
        wider[:, : inp.shape[1]] = inp
        weights = {**weights, "inp.weight": wider}
    return weights


def renamed_convs(weights):
    """Names of blocks in the first checkpoints: a and b."""
    return {
        name.replace(".a.", ".first.").replace(".b.", ".second."): value
        for name, value in weights.items()
    }
