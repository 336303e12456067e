"""What the sharpener may be shown beside the small picture: the fine part of the drawing that was painted over.

The engine computes the same (`paint/detail.ts`); both sides must stay alike.
"""
import torch
import torch.nn.functional as F

SIDE = 512
REACH = 32
LINE_GAIN = 4
# lightness, alpha, lines
CHANNELS = 3


def fine(plane):
    """What a plane has beyond its mean around each pixel."""
    side = 2 * REACH + 1
    along = F.avg_pool2d(plane, (1, side), 1, (0, REACH), count_include_pad=False)
    return plane - F.avg_pool2d(along, (side, 1), 1, (REACH, 0), count_include_pad=False)


def lines(planes):
    """How steeply lightness or alpha rise, 1 for a quarter of the whole range from a pixel to the next but one."""
    padded = F.pad(planes, (1, 1, 1, 1), mode="replicate")
    across = padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]
    down = padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]
    return ((across.pow(2) + down.pow(2)).sum(1, keepdim=True).sqrt() * LINE_GAIN).clamp(max=1)


def detail(x):
    """Premultiplied RGBA in 0..1, N x 4 x 512 x 512, to N x 3 x 512 x 512 in -1..1."""
    alpha = x[:, 3:]
    planes = torch.cat([x[:, :3].mean(1, keepdim=True) + (1 - alpha) / 2, alpha], 1)
    return torch.cat([fine(planes), lines(planes)], 1)
