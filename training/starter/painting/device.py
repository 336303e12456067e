"""Where networks learn: on a graphics card that torch can use, otherwise on the processor. Both in bfloat16."""
import torch

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def halves():
    return torch.autocast(DEVICE, torch.bfloat16)


def moved(*tensors):
    return tuple(each.to(DEVICE) for each in tensors)
