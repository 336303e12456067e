"""Where training starts from: checkpoints in WORK/start, or untrained networks where there are none."""
import os

import torch

from networks import renamed_convs, widened


def load_autoencoder(work, encoder, decoder):
    file = os.path.join(work, "start", "autoencoder.pt")
    if os.path.exists(file):
        state = torch.load(file, map_location="cpu", weights_only=False)
        encoder.load_state_dict(renamed_convs(state["enc"]))
        # The first decoders had no detour for detail.
        decoder.load_state_dict(renamed_convs(state["dec"]), strict=False)
    return encoder.eval().requires_grad_(False), decoder


def load_denoiser(work, net):
    """Its text network, once it knows the words, is kept as it is."""
    file = os.path.join(work, "start", "denoiser.pt")
    if os.path.exists(file):
        net.load_state_dict(widened(torch.load(file, map_location="cpu", weights_only=False)["ema"], net.inp.weight.shape[1]))
        net.text.requires_grad_(False)
    return net


def latent_scale(work):
    """Mean and deviation of each latent channel, fixed since the denoiser first learnt."""
    return torch.load(os.path.join(work, "start", "latstat.pt"), map_location="cpu", weights_only=False)


def load_sharpener(work, net):
    """What it learnt before it was shown any detail; layers of another shape start anew."""
    file = os.path.join(work, "start", "sharpener.pt")
    if os.path.exists(file):
        known, own = torch.load(file, map_location="cpu", weights_only=False)["mean"], net.state_dict()
        net.load_state_dict({**own, **{name: value for name, value in known.items() if own[name].shape == value.shape}})
    return net
