"""Writes the networks as ONNX files.

The denoiser's weights are a part of their own, `denoiser.weights.onnx`: the graph that paints and the graph that trains
adapters both belong to them. Protobuf messages merge by concatenation, so weights + graph is a whole model.
"""
import collections
import os
import sys
import warnings

import onnx
import torch
import torch.nn as nn
from torch.fx.experimental.proxy_tensor import make_fx

import adapted
from detail import CHANNELS, SIDE
from networks import HINTS, LATENT, TEXT_WIDTH, TOKENS, Decoder, Denoiser, Encoder, Sharpener
from start import latent_scale, load_autoencoder, load_denoiser
from tokens import Tokenizer

OPSET = 17
TRAIN_BATCH = 8
VOCABULARY = "../../../models/starter/vocabulary.json"
warnings.filterwarnings("ignore")


def _reshaped(graph, value, *sizes):
    size = sizes[0]
    if isinstance(size, (list, tuple)):
        size = graph.op("Constant", value_t=torch.tensor(size))
    return graph.op("Reshape", value, size)


# What recording a gradient writes for plain reshapes.
for alias in ("aten::_unsafe_view", "aten::_reshape_alias"):
    torch.onnx.register_custom_op_symbolic(alias, _reshaped, OPSET)


def export(module, inputs, file, names, output, axes=None):
    axes = axes or {name: {0: "batch"} for name in [*names, output]}
    with torch.no_grad():
        torch.onnx.export(
            module, inputs, file, opset_version=OPSET, input_names=names, output_names=[output], dynamic_axes=axes, dynamo=False
        )


class Decoded(nn.Module):
    """Latent to straight RGBA in 0..1."""

    def __init__(self, decoder, mean, deviation):
        super().__init__()
        self.decoder = decoder
        self.register_buffer("mean", mean.view(1, -1, 1, 1))
        self.register_buffer("deviation", deviation.view(1, -1, 1, 1))

    def forward(self, z):
        return (self.decoder(z * self.deviation + self.mean) + 1) / 2


class Encoded(nn.Module):
    """Straight RGBA in 0..1 to a latent."""

    def __init__(self, encoder, mean, deviation):
        super().__init__()
        self.encoder = encoder
        self.register_buffer("mean", mean.view(1, -1, 1, 1))
        self.register_buffer("deviation", deviation.view(1, -1, 1, 1))

    def forward(self, rgba):
        premultiplied = torch.cat([rgba[:, :3] * rgba[:, 3:], rgba[:, 3:]], 1)
        return (self.encoder(premultiplied * 2 - 1) - self.mean) / self.deviation


class Sharpened(nn.Module):
    """Premultiplied RGBA in 0..1, 128 px, and the detail to be seen in it, 512 px, to straight RGBA, 512 px."""

    def __init__(self, sharpener):
        super().__init__()
        self.sharpener = sharpener

    def forward(self, rgba, detail):
        out = (self.sharpener(rgba * 2 - 1, detail) + 1) / 2
        alpha = ((out[:, 3:] - 0.02) / 0.96).clamp(0, 1)
        return torch.cat([(out[:, :3] / alpha.clamp(min=0.02)).clamp(0, 1), alpha], 1)


def weights_of(net):
    """What both denoiser graphs share, by name; the text network is a file of its own."""
    return {name: value.detach().float() for name, value in net.state_dict().items() if not name.startswith("text.")}


class Painting(nn.Module):
    def __init__(self, names, config):
        super().__init__()
        self.names, self.config = names, config

    def forward(self, lora, x, t, txt, present, style, hints, flags, *weights):
        _, width, layers, _ = self.config
        w = dict(zip(self.names, weights))
        return adapted.denoise(w, self.config, adapted.cut(lora, width, layers), x, t, txt, present, style, hints, flags)


def example_inputs(batch, generator):
    def normal(*shape):
        return torch.randn(*shape, generator=generator)

    present = torch.ones(batch, TOKENS)
    present[:, 9:] = 0
    style = torch.zeros(batch, dtype=torch.long)
    hints, flags = normal(batch, len(HINTS), LATENT, 8, 8), torch.rand(batch, len(HINTS), generator=generator)
    return normal(batch, LATENT, 8, 8), torch.rand(batch, generator=generator), normal(batch, TOKENS, TEXT_WIDTH), present, style, hints, flags


PAINT_INPUTS = ["lora", "x", "t", "txt", "present", "style", "hints", "flags"]
STEP_INPUTS = ["lora", "m1", "m2", "rate", "step", "x0", "noise", "t", "txt", "present", "style", "hints", "flags"]
STEP_OUTPUTS = ["lora_", "m1_", "m2_", "loss"]


def export_denoiser(net, out):
    weights, config = weights_of(net), net.config
    names = list(weights)
    generator = torch.Generator().manual_seed(0)
    lora = adapted.first_adapter(*config[1:3])
    inputs = example_inputs(2, generator)
    module = Painting(names, config)
    values = tuple(weights.values())
    eager = net(inputs[0], inputs[1], inputs[2], inputs[3].long(), *inputs[4:])
    print("painting graph against the network: %.1e" % (module(lora, *inputs, *values) - eager).abs().max())
    file = os.path.join(out, "denoiser.onnx")
    axes = {name: {0: "batch"} for name in [*PAINT_INPUTS[1:], "v"]}
    with torch.no_grad():
        torch.onnx.export(
            module, (lora, *inputs, *values), file, opset_version=OPSET, input_names=[*PAINT_INPUTS, *names],
            output_names=["v"], dynamic_axes=axes, dynamo=False, do_constant_folding=False,
        )  # fmt: skip
    without_inputs(file, names)
    write_weights(weights, os.path.join(out, "denoiser.weights.onnx"))


def export_step(net, out):
    weights, config = weights_of(net), net.config
    names, values = list(weights), tuple(weights.values())
    generator = torch.Generator().manual_seed(1)
    lora = adapted.first_adapter(*config[1:3])
    x0, t, txt, present, style, hints, flags = example_inputs(TRAIN_BATCH, generator)
    noise = torch.randn(x0.shape, generator=generator)
    none = torch.zeros_like(lora)
    inputs = (lora, none, none.clone(), torch.tensor(1e-3), torch.tensor(1.0), x0, noise, t, txt, present, style, hints, flags)

    def step(*everything):
        given, own = everything[: len(inputs)], everything[len(inputs) :]
        return adapted.train_step(dict(zip(names, own)), config, *given)

    eager = step(*inputs, *values)
    recorded = make_fx(step)(*inputs, *values)
    counts = collections.Counter(str(node.target) for node in recorded.graph.nodes if node.op == "call_function")
    print("step graph:", sum(counts.values()), "operations of", len(counts), "kinds")
    # Recording leaves its own tensors in the arguments; the next stage wants plain ones.
    plain = tuple(each.detach().clone() for each in (*inputs, *values))
    file = os.path.join(out, "denoiser-step.onnx")
    with torch.no_grad():
        traced = torch.jit.trace(lambda *a: recorded(*a), plain, check_trace=False)
        torch.onnx.export(
            traced, plain, file, opset_version=OPSET, input_names=[*STEP_INPUTS, *names], output_names=STEP_OUTPUTS,
            dynamo=False, do_constant_folding=False,
        )  # fmt: skip
    without_inputs(file, names)
    reference = dict(zip(STEP_INPUTS, inputs)), dict(zip(STEP_OUTPUTS, eager))
    torch.save(reference, os.path.join(out, "step-reference.pt"))


def without_inputs(file, names):
    """Weights are not asked for: they come with the weights part."""
    model = onnx.load(file)
    kept = [each for each in model.graph.input if each.name not in set(names)]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    onnx.save(model, file)


def write_weights(weights, file):
    """A model of nothing but stored tensors; it has no version of its own and takes that of the graph put behind it."""
    model = onnx.ModelProto()
    for name, value in weights.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(value.contiguous().numpy(), name))
    with open(file, "wb") as target:
        target.write(model.SerializeToString())


def averaged(net, work, stage):
    file = os.path.join(work, f"{stage}.pt")
    if os.path.exists(file):
        state = torch.load(file, map_location="cpu", weights_only=False)
        net.load_state_dict(state["mean"])
        print(f"{stage}: step {state['step']}")
    else:
        print(f"{stage}: as it started")
    return net.eval().requires_grad_(False)


def main(work, out, *parts):
    os.makedirs(out, exist_ok=True)
    mean, deviation = latent_scale(work)
    encoder, decoder = load_autoencoder(work, Encoder(), Decoder())
    if not parts or "autoencoder" in parts:
        export(Decoded(averaged(decoder, work, "decoder"), mean, deviation), torch.randn(2, LATENT, 8, 8), f"{out}/decoder.onnx", ["z"], "rgba")
        export(Encoded(encoder, mean, deviation), torch.rand(2, 4, 128, 128), f"{out}/encoder.onnx", ["rgba"], "z")
    if not parts or "denoiser" in parts:
        words = Tokenizer(os.path.join(os.path.dirname(__file__), VOCABULARY)).size
        net = averaged(load_denoiser(work, Denoiser(words)), work, "denoiser")
        export(net.text, torch.ones(2, TOKENS, dtype=torch.long), f"{out}/text.onnx", ["ids"], "txt")
        export_denoiser(net, out)
        export_step(net, out)
    if not parts or "sharpener" in parts:
        inputs = torch.rand(1, 4, 128, 128), torch.zeros(1, CHANNELS, SIDE, SIDE)
        axes = {name: {2: f"{name} rows", 3: f"{name} columns"} for name in ("rgba", "detail", "large")}
        export(Sharpened(averaged(Sharpener(), work, "sharpener")), inputs, f"{out}/sharpener.onnx", ["rgba", "detail"], "large", axes)


if __name__ == "__main__":
    torch.set_num_threads(2)
    main(*sys.argv[1:])
