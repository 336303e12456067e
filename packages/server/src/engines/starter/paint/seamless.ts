/**
 * A painting of a texture whose opposite edges meet. The model knows no edges that meet, so towards them the painting
 * fades into the drawing, in the colours that the painting has around there.
 */
import type { Size } from '@limner/contract';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';

/** Share of the shorter side in which the painting fades out. */
const FADE = 0.14;
/** Share of the shorter side over which colours are averaged. */
const AROUND = 0.09;
const PASSES = 3;

/** `square`: the painting, with the requested size in its middle. `drawing`: the texture that it was painted over. */
export async function seamless(square: Pixels, drawing: Pixels, { width, height }: Size): Promise<Pixels> {
  const [left, top] = [(square.width - width) >> 1, (square.height - height) >> 1];
  const drawn = await rawRgba(drawing).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  const weight = fading({ width, height });
  const reach = Math.max(1, Math.round(AROUND * Math.min(width, height)));
  const around = (values: Float32Array): Float32Array => averaged(values, { width, height }, reach);
  const weights = around(weight);
  const rgba = Buffer.from(square.rgba);
  for (let c = 0; c < 3; c++) {
    const place = (i: number): number =>
      4 * ((top + Math.floor(i / width)) * square.width + left + (i % width));
    const off = weight.map((_, i) => (rgba[place(i) + c] as number) - (drawn[4 * i + c] as number));
    const mean = around(off.map((value, i) => value * (weight[i] as number)));
    for (let i = 0; i < off.length; i++) {
      const smooth = (mean[i] as number) / Math.max(1e-3, weights[i] as number);
      const own = (weight[i] as number) * ((off[i] as number) - smooth);
      rgba[place(i) + c] = clamped((drawn[4 * i + c] as number) + smooth + own);
      rgba[place(i) + 3] = 255;
    }
  }
  return { ...square, rgba };
}

const clamped = (level: number): number => Math.min(255, Math.max(0, Math.round(level)));

/** 0 at the edges, 1 further inside. */
function fading({ width, height }: Size): Float32Array {
  const over = FADE * Math.min(width, height);
  const rise = (at: number, side: number): number => {
    const share = Math.min(1, Math.min(at, side - 1 - at) / over);
    return share * share * (3 - 2 * share);
  };
  return Float32Array.from(
    { length: width * height },
    (_, i) => rise(i % width, width) * rise(Math.floor(i / width), height),
  );
}

/** Box averages in both directions, several times, across the edges that meet. */
function averaged(values: Float32Array, { width, height }: Size, reach: number): Float32Array {
  const [from, to] = [Float32Array.from(values), new Float32Array(values.length)];
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) averageLine(from, to, y * width, 1, width, reach);
    for (let x = 0; x < width; x++) averageLine(to, from, x, width, height, reach);
  }
  return from;
}

function averageLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  reach: number,
): void {
  const at = (place: number): number => from[start + step * ((place + 2 * length) % length)] as number;
  const span = Math.min(reach, length >> 1);
  let sum = 0;
  for (let place = -span; place <= span; place++) sum += at(place);
  for (let place = 0; place < length; place++) {
    to[start + step * place] = sum / (2 * span + 1);
    sum += at(place + span + 1) - at(place - span);
  }
}
