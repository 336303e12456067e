/** Mean and spread of the colours of a picture in Oklab, where equal distances look equal. */
import type { Pixels } from '../../embedded/picture.ts';
import { fromRgb } from '../compose/colour.ts';

/** Lightness, green to red, blue to yellow. */
export type Lab = [lightness: number, a: number, b: number];

export interface Tone {
  mean: Lab;
  /** Standard deviations. */
  spread: Lab;
}

export function labOf(red: number, green: number, blue: number): Lab {
  const { lightness, chroma, hue } = fromRgb(red, green, blue);
  const radians = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(radians), chroma * Math.sin(radians)];
}

/** Pixels count as much as they are opaque. null: the picture is transparent everywhere. */
export function toneOf({ rgba }: Pixels): Tone | null {
  let weight = 0;
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = (rgba[at + 3] as number) / 255;
    if (alpha === 0) continue;
    weight += alpha;
    const lab = labOf(rgba[at] as number, rgba[at + 1] as number, rgba[at + 2] as number);
    for (const [i, value] of lab.entries()) {
      sums[i] = (sums[i] as number) + alpha * value;
      squares[i] = (squares[i] as number) + alpha * value * value;
    }
  }
  if (weight === 0) return null;
  const mean = sums.map((sum) => sum / weight) as Lab;
  const spread = squares.map((square, i) =>
    Math.sqrt(Math.max(0, square / weight - (mean[i] as number) ** 2)),
  ) as Lab;
  return { mean, spread };
}
