/** What the checks of a data set need of a picture's pixels: its look and whether parts are transparent. */
import { LOOK_PX, lookOf } from '@limner/contract';
import { withinMemory } from '../images/pixel-gate.ts';
import { loadSharp } from '../images/sharp.ts';

export interface PictureFacts {
  look: string;
  transparent: boolean;
}

/** Small copies find transparent parts that are larger than a few pixels. */
const ALPHA_PX = 128;
/** Rounding of a scaled opaque picture stays above it. */
const OPAQUE = 250;

/** `pixels`: as the row of the upload states. */
export const pictureFacts = (picture: Buffer, pixels: number): Promise<PictureFacts> =>
  withinMemory(pixels, async () => {
    const sharp = await loadSharp();
    const { data, info } = await sharp(picture, { limitInputPixels: pixels })
      .resize(ALPHA_PX, ALPHA_PX, { fit: 'fill' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const small = () => sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } });
    // Two copies: what is transparent must count the same in both.
    const grey = await small()
      .flatten({ background: '#ffffff' })
      .resize(LOOK_PX, LOOK_PX, { fit: 'fill' })
      .greyscale()
      .raw()
      .toBuffer();
    const one = await small()
      .flatten({ background: '#ffffff' })
      .resize(1, 1, { fit: 'fill' })
      .raw()
      .toBuffer();
    const [red = 0, green = 0, blue = 0] = one;
    return { look: lookOf(grey, [red, green, blue]), transparent: hasClearPart(data) };
  });

function hasClearPart(rgba: Buffer): boolean {
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] ?? 255) < OPAQUE) return true;
  return false;
}
