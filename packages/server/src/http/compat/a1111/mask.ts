/** Masks of A1111: what is painted is in the brightness, or in the alpha channel of a picture that has one. */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';

/** White is repainted, as Limner reads it; null if the picture is so already. */
export async function whiteMask(
  { pixels, stream }: { pixels: number; stream(): Promise<Readable> },
  isInverted: boolean,
): Promise<Buffer | null> {
  return withinMemory(pixels, async () => {
    const sharp = await loadSharp();
    const bytes = await buffer(await stream());
    const { isOpaque } = await sharp(bytes).stats();
    if (isOpaque && !isInverted) return null;
    const painted = isOpaque ? sharp(bytes).removeAlpha().greyscale() : sharp(bytes).extractChannel('alpha');
    const white = isInverted ? painted.negate({ alpha: false }) : painted;
    return white.toColourspace('b-w').png().toBuffer();
  });
}

/** The transparency of a cut-out as a picture: white is opaque. */
export async function alphaOf(png: Buffer): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(png).ensureAlpha().extractChannel('alpha').toColourspace('b-w').png().toBuffer();
}
