/**
 * Cleans the edges of a picture that some network has cut out. Its alpha is good, but its soft pixels still show the
 * ground: each is a mixture of α parts thing and 1 − α parts ground. Both colours are taken from the pixels around that
 * are only one of them, and the ground's part is removed.
 */
import { bleed } from '../embedded/bleed.ts';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { breathe, decode, encodePng, type Pixels } from '../embedded/picture.ts';

export interface UnmixJob {
  /** With alpha. */
  picture: Buffer;
}

/** Networks leave traces of alpha in the ground, and take some from the thing: below and above is none and all. */
const [LOW, HIGH] = [0.02, 0.98];
/** From this alpha on a pixel begins to show the thing's own colour. */
const THING = 0.95;

export async function unmixPicture({ picture }: UnmixJob, { signal }: JobContext): Promise<PictureResult> {
  const source = await decode(picture);
  const softPixels = await unmix(source, signal);
  return {
    png: await encodePng(source),
    summary: {
      en: "The background's colour was removed from soft edges.",
      zh: '已去除软边缘中残留的背景色。',
    },
    details: { soft_pixels: softPixels },
  };
}

/** In place. Returns the number of soft pixels. */
export async function unmix(pixels: Pixels, signal: AbortSignal): Promise<number> {
  const { rgba, width, height } = pixels;
  const count = { thing: 0, ground: 0, soft: 0 };
  const alpha = Float32Array.from({ length: width * height }, (_, i) => {
    const level = (rgba[4 * i + 3] as number) / 255;
    const cleared = Math.min(1, Math.max(0, (level - LOW) / (HIGH - LOW)));
    count[cleared === 0 ? 'ground' : cleared === 1 ? 'thing' : 'soft']++;
    rgba[4 * i + 3] = Math.round(255 * cleared);
    return cleared;
  });
  if (count.thing === 0 || count.ground === 0) return count.soft;
  const spreadOf = async (trust: (alpha: number) => number): Promise<Uint8Array> => {
    const copy = Uint8Array.from(rgba);
    await breathe(signal);
    bleed(copy, 4, width, height, (i) => trust(alpha[i] as number));
    return copy;
  };
  const thing = await spreadOf((a) => Math.max(0, a - THING) / (1 - THING));
  const ground = await spreadOf((a) => (a === 0 ? 1 : 0));
  await breathe(signal);
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i] as number;
    if (a === 1) continue;
    // The less of the thing is in a pixel, the more its colour is rounding error, and the more its neighbours count.
    const trust = Math.min(1, Math.max(0, (a - 0.1) / 0.3));
    for (let c = 4 * i; c < 4 * i + 3; c++) {
      const freed = (ground[c] as number) + ((rgba[c] as number) - (ground[c] as number)) / Math.max(a, 0.05);
      const level = Math.min(255, Math.max(0, freed));
      rgba[c] = Math.round(trust * level + (1 - trust) * (thing[c] as number));
    }
  }
  return count.soft;
}
