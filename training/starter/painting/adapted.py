"""The denoiser with low-rank adapters, written in plain operations, so that its gradient can be written to ONNX too.

All adapters lie in one flat vector: for qkv, o, f1 and f2 of every block A (rank x inputs), then B (outputs x rank).
"""
import torch
import torch.nn.functional as F

from networks import HINTS, LATENT, TOKENS

RANK = 8
IMAGE_TOKENS = 64


def places(width, layers):
    """(weight's name, offset, inputs, outputs) of each adapter, and the length of the vector."""
    found, offset = [], 0
    for block in range(layers):
        for name, inputs, outputs in (
            ("at.qkv", width, 3 * width), ("at.o", width, width), ("f1", width, 4 * width), ("f2", 4 * width, width)
        ):  # fmt: skip
            found.append((f"b.{block}.{name}", offset, inputs, outputs))
            offset += RANK * (inputs + outputs)
    return found, offset


def cut(vector, width, layers):
    """The vector as pairs A, B by name. Plain slices, to be made outside of what is differentiated."""
    pieces = {}
    for name, at, inputs, outputs in places(width, layers)[0]:
        middle, end = at + RANK * inputs, at + RANK * (inputs + outputs)
        pieces[name] = (vector[at:middle].reshape(RANK, inputs), vector[middle:end].reshape(outputs, RANK))
    return pieces


def first_adapter(width, layers, seed=0):
    """A at random, B zero: changes nothing yet."""
    generator = torch.Generator().manual_seed(seed)
    found, length = places(width, layers)
    vector = torch.zeros(length)
    for _, at, inputs, _ in found:
        vector[at : at + RANK * inputs] = torch.randn(RANK * inputs, generator=generator) / inputs**0.5
    return vector


def normed(x):
    centred = x - x.mean(-1, keepdim=True)
    return centred * torch.rsqrt((centred * centred).mean(-1, keepdim=True) + 1e-5)


def gelu(x):
    return 0.5 * x * (1 + torch.erf(x * 0.7071067811865476))


def softmax(x):
    powers = torch.exp(x - x.detach().amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


def denoise(w, config, pieces, x, t, txt, present, style, hints, flags):
    """`w`: the denoiser's weights by name; `present`: 1.0 for each token that is there."""
    _, width, layers, heads = config
    batch = x.shape[0]
    length, head = TOKENS + IMAGE_TOKENS, width // heads

    def linear(value, name):
        return F.linear(value, w[f"{name}.weight"], w[f"{name}.bias"])

    def adapted(value, name):
        flat = value.reshape(-1, value.shape[-1])
        a, b = pieces[name]
        out = torch.mm(flat, w[f"{name}.weight"].t()) + w[f"{name}.bias"] + torch.mm(torch.mm(flat, a.t()), b.t())
        return out.reshape(batch, length, -1)

    def folded(value):
        return value.reshape(batch, length, heads, head).transpose(1, 2).reshape(batch * heads, length, head)

    waves = t.reshape(-1, 1) * w["fr"]
    time = linear(F.silu(linear(torch.cat([waves.sin(), waves.cos()], 1), "t1")), "t2")
    there = present.reshape(batch, TOKENS, 1)
    pooled = (txt * there).sum(1) / there.sum(1)
    condition = F.silu(time + w["st.weight"][style] + linear(pooled, "pl"))
    table = linear(condition, "ad").reshape(batch, 6, width)
    flag = flags.reshape(batch, len(HINTS), 1, 1)
    shown = torch.cat([hints.reshape(batch, len(HINTS), LATENT, 64) * flag, flag.expand(batch, len(HINTS), 1, 64)], 2)
    seen = torch.cat([x.reshape(batch, LATENT, 64), shown.reshape(batch, len(HINTS) * (LATENT + 1), 64)], 1)
    z = torch.cat([linear(txt, "tp"), linear(seen.transpose(1, 2), "inp") + w["pos"]], 1)
    absent = torch.cat([(1 - present) * -1e4, torch.zeros_like(seen[:, 0])], 1).reshape(batch, 1, 1, length)
    for block in range(layers):
        name = f"b.{block}"
        scale1, shift1, gate1, scale2, shift2, gate2 = (table + w[f"{name}.tab"]).split(1, 1)
        q, k, v = [folded(part) for part in adapted(normed(z) * (1 + scale1) + shift1, f"{name}.at.qkv").split(width, -1)]
        near = torch.bmm(q * head**-0.5, k.transpose(1, 2)).reshape(batch, heads, length, length) + absent
        mixed = torch.bmm(softmax(near).reshape(batch * heads, length, length), v)
        mixed = mixed.reshape(batch, heads, length, head).transpose(1, 2).reshape(batch, length, width)
        z = z + gate1 * adapted(mixed, f"{name}.at.o")
        z = z + gate2 * adapted(gelu(adapted(normed(z) * (1 + scale2) + shift2, f"{name}.f1")), f"{name}.f2")
    z = z.split([TOKENS, IMAGE_TOKENS], 1)[1]
    scale, shift = linear(condition, "fm").reshape(batch, 2, width).split(1, 1)
    return linear(normed(z) * (1 + scale) + shift, "out").transpose(1, 2).reshape(batch, LATENT, 8, 8)


def train_step(w, config, v, m1, m2, rate, step, x0, noise, t, txt, present, style, hints, flags):
    """One step of Adam on the adapters: the new vector, both moments, and the loss."""
    _, width, layers, _ = config
    time = t.reshape(-1, 1, 1, 1)
    with torch.enable_grad():
        pieces = {name: tuple(p.detach().requires_grad_(True) for p in pair) for name, pair in cut(v, width, layers).items()}
        direction = denoise(w, config, pieces, (1 - time) * x0 + time * noise, t, txt, present, style, hints, flags)
        error = direction - (noise - x0)
        loss = (error * error).mean()
        wanted = [piece for pair in pieces.values() for piece in pair]
        gradient = torch.cat([each.reshape(-1) for each in torch.autograd.grad(loss, wanted)])
    m1 = 0.9 * m1 + 0.1 * gradient
    m2 = 0.99 * m2 + 0.01 * gradient * gradient
    mean = m1 / (1 - torch.exp(step * -0.10536051565782628))
    square = m2 / (1 - torch.exp(step * -0.01005033585350145))
    return v - rate * mean / (square.sqrt() + 1e-8), m1, m2, loss.detach()
