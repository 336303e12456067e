"""Peak signal-to-noise of decoded pictures that no stage learnt from."""
import sys

import torch

from networks import Decoder, Encoder
from pictures import Pictures
from start import load_autoencoder


def measure(work, decoder=None, most=240):
    pictures = Pictures(work, ["icons"])
    kept = [k for k in range(len(pictures)) if k % 40 == 0][:most]
    encoder, first = load_autoencoder(work, Encoder(), Decoder())
    decoder = (decoder or first).eval()
    x = pictures.get(kept) * 2 - 1
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        y = torch.cat([decoder(encoder(part).float()).float() for part in x.split(40)])
    error = ((y.clamp(-1, 1) - x) / 2).pow(2).mean((1, 2, 3))
    return (-10 * error.mean().log10()).item(), (-10 * error.log10()).mean().item()


if __name__ == "__main__":
    torch.set_num_threads(2)
    decoder = None
    if len(sys.argv) > 2:
        decoder = Decoder()
        decoder.load_state_dict(torch.load(sys.argv[2], map_location="cpu", weights_only=False)["mean"])
    print("PSNR of the mean error %.2f dB, mean of the PSNRs %.2f dB" % measure(sys.argv[1], decoder))
