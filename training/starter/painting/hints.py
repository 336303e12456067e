"""What the model may be shown beside the noise: the outline, the edges and a blurred copy of the picture it shall paint.

The engine computes the same from the user's picture (`paint/hints.ts`); both sides must stay alike.
"""
import torch
import torch.nn.functional as F

CELLS = 32
BLUR_CELLS = 16
LEAST_STEP = 0.1


def silhouette(x):
    return F.avg_pool2d(x[:, 3:], 4)[:, 0]


def edges(x, least=LEAST_STEP):
    """Thin lines where colour or alpha steps, as the share of each 4 x 4 cell that a line through it covers."""
    padded = F.pad(x, (1, 1, 1, 1), mode="replicate")
    across = ((padded[:, :, 1:-1, 2:] - padded[:, :, 1:-1, :-2]) / 2).pow(2).sum(1)
    down = ((padded[:, :, 2:, 1:-1] - padded[:, :, :-2, 1:-1]) / 2).pow(2).sum(1)
    size = (across + down).sqrt()
    around = F.pad(size, (1, 1, 1, 1))
    ridge_across = (size >= around[:, 1:-1, :-2]) & (size > around[:, 1:-1, 2:])
    ridge_down = (size >= around[:, :-2, 1:-1]) & (size > around[:, 2:, 1:-1])
    line = torch.where(across >= down, ridge_across, ridge_down) & (size > least)
    return (F.avg_pool2d(line.float()[:, None], 4)[:, 0] * 4).clamp(max=1)


def blur(x):
    return F.avg_pool2d(x, 8)


def as_tokens(silhouettes, edge_maps, blurs):
    """Three maps in 0..1 to three hints of 16 values a token, in -1..1."""
    return (
        F.pixel_unshuffle(silhouettes[:, None] * 2 - 1, 4),
        F.pixel_unshuffle(edge_maps[:, None] * 2 - 1, 4),
        F.pixel_unshuffle(blurs * 2 - 1, 2),
    )
