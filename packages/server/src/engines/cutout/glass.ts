/**
 * Glass on a plain ground: how much of each pixel is the ground seen through it. One picture does not tell a pale thing
 * from a tinted glass, so this is done only where the user says that it is glass.
 */
import type { Pixels } from '../embedded/picture.ts';
import type { Ground } from './ground.ts';
import { leastOpacities } from './pale.ts';

/** The strongest part of the thing is taken for opaque, unless all of it is fainter than this. */
const LEAST_STRONGEST = 0.75;
const STRONGEST_SHARE = 0.98;

/** Lowers alpha and removes the ground's part from the colours. `outside`: 1 where there is only ground. */
export function seeThrough(source: Pixels, pixels: Pixels, ground: Ground, outside: Uint8Array): void {
  const least = leastOpacities(source, ground);
  const opaque = Math.max(LEAST_STRONGEST, strongest(least, outside));
  const { width, height, rgba } = pixels;
  const line = new Float32Array(3 * width);
  for (let y = 0; y < height; y++) {
    ground.row(y, line);
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const at = 4 * pixel;
      const alpha = Math.min(1, (least[pixel] as number) / opaque);
      if (outside[pixel] || Math.round(255 * alpha) >= (rgba[at + 3] as number)) continue;
      rgba[at + 3] = Math.round(255 * alpha);
      if (alpha === 0) continue;
      for (let c = 0; c < 3; c++) {
        const below = line[3 * x + c] as number;
        const own = below + ((source.rgba[at + c] as number) - below) / alpha;
        rgba[at + c] = Math.round(Math.min(255, Math.max(0, own)));
      }
    }
  }
}

function strongest(least: Float32Array, outside: Uint8Array): number {
  const sorted = least.filter((_, pixel) => outside[pixel] === 0).sort();
  return sorted[Math.floor(STRONGEST_SHARE * sorted.length)] ?? 0;
}
