/** Growing, shrinking and feathering a mask. Pure; large pictures take longer than a frame, so a worker runs it. */
import { inverted, type Plane } from './plane.ts';

export type Reshape = { kind: 'grow' | 'shrink' | 'feather'; px: number };

export const MAX_RESHAPE_PX = 128;

export function reshaped(plane: Plane, { kind, px }: Reshape): Plane {
  if (px <= 0) return plane;
  if (kind === 'feather') return feathered(plane, px);
  // Beyond the picture's border nothing is kept, so a mask that reaches it does not shrink there.
  return kind === 'grow' ? grown(plane, px) : inverted(grown(inverted(plane), px));
}

/** Each value becomes the greatest within a disc, so soft edges stay as soft as they are. */
function grown({ values, width, height }: Plane, px: number): Plane {
  const out = values.slice();
  const row = new Uint8ClampedArray(values.length);
  for (let dy = 0; dy <= px; dy++) {
    const reach = Math.floor(Math.sqrt((px + 0.25) ** 2 - dy * dy));
    for (let y = 0; y < height; y++) widestOfRow(values, row, y * width, width, reach);
    for (const shift of dy === 0 ? [0] : [-dy, dy]) {
      const [from, to] = [Math.max(0, -shift), Math.min(height, height - shift)];
      for (let at = from * width, into = (from + shift) * width; at < to * width; at++, into++) {
        const value = row[at] as number;
        if (value > (out[into] as number)) out[into] = value;
      }
    }
  }
  return { values: out, width, height };
}

/** The greatest of each pixel and `reach` neighbours on both sides, in two sweeps over blocks (van Herk). */
function widestOfRow(
  values: Uint8ClampedArray,
  out: Uint8ClampedArray,
  start: number,
  width: number,
  reach: number,
): void {
  const block = 2 * reach + 1;
  const length = width + 2 * reach;
  const at = (i: number) => (i < reach || i >= width + reach ? 0 : (values[start + i - reach] as number));
  const ahead = new Uint8ClampedArray(length);
  const back = new Uint8ClampedArray(length);
  for (let i = 0; i < length; i++)
    ahead[i] = i % block === 0 ? at(i) : Math.max(ahead[i - 1] as number, at(i));
  for (let i = length - 1; i >= 0; i--)
    back[i] = i === length - 1 || (i + 1) % block === 0 ? at(i) : Math.max(back[i + 1] as number, at(i));
  for (let x = 0; x < width; x++)
    out[start + x] = Math.max(back[x] as number, ahead[x + block - 1] as number);
}

/** Three box blurs: an edge becomes a ramp of about `px` pixels to both sides. Values at the border go on beyond it. */
function feathered({ values, width, height }: Plane, px: number): Plane {
  const radius = Math.max(1, Math.round(px / 2));
  let now: Float32Array = Float32Array.from(values);
  for (let round = 0; round < 3; round++) {
    now = blurred(now, width, height, radius, 1, width);
    now = blurred(now, height, width, radius, width, 1);
  }
  return { values: Uint8ClampedArray.from(now, Math.round), width, height };
}

/** @param step between neighbours of a line. @param next between the starts of lines */
function blurred(
  values: Float32Array,
  length: number,
  lines: number,
  radius: number,
  step: number,
  next: number,
): Float32Array {
  const out = new Float32Array(values.length);
  const share = 1 / (2 * radius + 1);
  for (let line = 0; line < lines; line++) {
    const start = line * next;
    const at = (i: number) => values[start + Math.min(length - 1, Math.max(0, i)) * step] as number;
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      out[start + i * step] = sum * share;
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
  return out;
}
