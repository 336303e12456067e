/**
 * Parts of a thing that may be glass, or that nearly have the colour of the ground: a cut by colour makes them opaque. One
 * picture does not show which they are, so the summary says it.
 */
import type { Pixels } from '../embedded/picture.ts';
import type { Ground } from './ground.ts';

/** Opacity up to which a pixel may be the ground seen through a tint. */
const FAINT = 0.4;
const OPAQUE = 250;
/** Share of the thing from which the doubt is worth a sentence. */
const DOUBTFUL_SHARE = 0.35;

/** Share of the opaque pixels of a cut-out that a tint of low opacity over the ground would explain, 0…1. */
export function paleShare(source: Pixels, cut: Pixels, ground: Ground): number {
  let [thing, pale] = [0, 0];
  leastOpacities(source, ground).forEach((least, pixel) => {
    if ((cut.rgba[4 * pixel + 3] as number) < OPAQUE) return;
    thing++;
    if (least <= FAINT) pale++;
  });
  return thing === 0 ? 0 : pale / thing;
}

export const isDoubtful = (share: number): boolean => share >= DOUBTFUL_SHARE;

/** The lowest opacity with which any colour over the ground gives the pixel, for every pixel. */
export function leastOpacities({ rgba, width, height }: Pixels, ground: Ground): Float32Array {
  const least = new Float32Array(width * height);
  const line = new Float32Array(3 * width);
  for (let y = 0; y < height; y++) {
    ground.row(y, line);
    for (let x = 0; x < width; x++)
      least[y * width + x] = leastOpacity(rgba, 4 * (y * width + x), line, 3 * x);
  }
  return least;
}

function leastOpacity(rgba: Uint8Array, at: number, ground: Float32Array, from: number): number {
  let least = 0;
  for (let c = 0; c < 3; c++) {
    const [level, below] = [rgba[at + c] as number, ground[from + c] as number];
    const room = level < below ? below : 255 - below;
    least = Math.max(least, Math.abs(level - below) / Math.max(1, room));
  }
  return least;
}
