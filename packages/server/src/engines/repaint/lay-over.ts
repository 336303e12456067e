/** Lays what was painted over the original through the mask. Where the mask is 0, every byte stays the original's. */
import { isOpaque, type Pixels, rawBy } from '../../images/decode.ts';
import { inSlices } from '../../images/in-slices.ts';
import { loadSharp } from '../../images/sharp.ts';
import type { MaskPlane } from './mask-plane.ts';
import { scaledTo } from './scaled.ts';

/** @param painted of any size; it is scaled to the original's */
export async function laidOver(
  original: Pixels,
  mask: MaskPlane,
  painted: Pixels,
  signal: AbortSignal,
): Promise<Pixels> {
  const { width, height } = original;
  const over = (await scaledTo(painted, original)).rgba;
  const rgba = Buffer.from(original.rgba);
  const mixed = (from: number, to: number) => mix(rgba, over, mask.values, from, to);
  await inSlices(mask.values.length, mixed, { signal });
  return { width, height, rgba };
}

function mix(rgba: Buffer, over: Buffer, mask: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const share = mask[i] as number;
    if (share === 0) continue;
    const at = 4 * i;
    const above = share * (over[at + 3] as number);
    const below = (255 - share) * (rgba[at + 3] as number);
    const alpha = above + below;
    // Where both are clear, colours under alpha 0 stay the original's.
    if (alpha === 0) {
      rgba[at + 3] = 0;
      continue;
    }
    for (let c = at; c < at + 3; c++)
      rgba[c] = Math.round((above * (over[c] as number) + below * (rgba[c] as number)) / alpha);
    rgba[at + 3] = Math.round(alpha / 255);
  }
}

/** Without alpha where every pixel is opaque. Quick rather than small: paintings have grain, which compresses badly. */
export async function picturePng(picture: Pixels): Promise<Buffer> {
  const image = rawBy(await loadSharp(), picture);
  return (isOpaque(picture) ? image.removeAlpha() : image).png({ compressionLevel: 4 }).toBuffer();
}
