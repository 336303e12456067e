/**
 * Enlarges the model's 128 × 128 to the requested size. A small network, trained with vector drawings, enlarges four
 * times and adds the detail of the guide. Larger pictures run through it a second time, from half of the first result.
 */

import { join } from 'node:path';
import type { Size } from '@limner/contract';
import type { InferenceSession } from 'onnxruntime-node';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import { floats, runForOne, shippedSession } from '../../embedded/sessions.ts';
import { canvasPixels } from './canvas.ts';
import { DETAIL_PLANES, type Detail } from './detail.ts';
import { CANVAS_PX } from './model.ts';

export const SHARPENER_FILE = 'sharpener.onnx';
const TIMES = 4;
const ONCE_PX = TIMES * CANVAS_PX;
const TWICE_PX = 2 * ONCE_PX;

/** The sides in pixels to which a picture of this size is enlarged, in order. */
export function sharpenedSides({ width, height }: Size): number[] {
  const sidePx = Math.max(width, height);
  return sidePx <= CANVAS_PX ? [] : sidePx <= ONCE_PX ? [ONCE_PX] : [ONCE_PX, TWICE_PX];
}

/** A square of the given side from the decoder's output. */
export async function sharpened(
  planes: Float32Array,
  detail: Detail | null,
  sidePx: number,
  modelsDir: string,
): Promise<Pixels> {
  if (sidePx <= CANVAS_PX) return resized(canvasPixels(planes), sidePx);
  const session = await shippedSession(join(modelsDir, 'starter'), SHARPENER_FILE);
  const once = await enlarged(session, planes, CANVAS_PX, detail);
  if (sidePx <= ONCE_PX) return resized(once, sidePx);
  return resized(await enlarged(session, halved(once), ONCE_PX / 2, detail), sidePx);
}

/** `planes`: premultiplied RGBA of `fromPx` squared in 0…1. */
async function enlarged(
  session: InferenceSession,
  planes: Float32Array,
  fromPx: number,
  detail: Detail | null,
): Promise<Pixels> {
  const sidePx = TIMES * fromPx;
  const output = await runForOne(session, {
    rgba: await floats(planes, [1, 4, fromPx, fromPx]),
    detail: await floats(await shownOf(detail, sidePx), [1, DETAIL_PLANES, sidePx, sidePx]),
  });
  const rgba = bytesOf(output.data);
  output.dispose();
  return { width: sidePx, height: sidePx, rgba };
}

async function shownOf(detail: Detail | null, sidePx: number): Promise<Float32Array> {
  const planes = await detail?.planes.get(sidePx);
  if (!detail || !planes) return new Float32Array(DETAIL_PLANES * sidePx * sidePx);
  return detail.weight < 1 ? planes.map((value) => value * detail.weight) : planes;
}

/** Premultiplied planes of half the side. */
function halved({ rgba, width, height }: Pixels): Float32Array {
  const [columns, rows] = [width / 2, height / 2];
  const area = columns * rows;
  const planes = new Float32Array(4 * area);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      const to = (y >> 1) * columns + (x >> 1);
      const share = (rgba[from + 3] as number) / (4 * 255);
      for (let c = 0; c < 3; c++)
        planes[c * area + to] =
          (planes[c * area + to] as number) + ((rgba[from + c] as number) / 255) * share;
      planes[3 * area + to] = (planes[3 * area + to] as number) + share;
    }
  }
  return planes;
}

async function resized(picture: Pixels, sidePx: number): Promise<Pixels> {
  if (picture.width === sidePx) return picture;
  const { data, info } = await rawRgba(picture)
    .resize(sidePx, sidePx, { kernel: sidePx > picture.width ? 'cubic' : 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/** Straight RGBA planes in 0…1 to bytes. Invisible pixels carry no colour. */
function bytesOf(planes: Float32Array): Buffer {
  const area = planes.length / 4;
  const rgba = Buffer.alloc(planes.length);
  for (let i = 0; i < area; i++) {
    const alpha = toByte(planes[3 * area + i] as number);
    if (alpha === 0) continue;
    rgba[4 * i] = toByte(planes[i] as number);
    rgba[4 * i + 1] = toByte(planes[area + i] as number);
    rgba[4 * i + 2] = toByte(planes[2 * area + i] as number);
    rgba[4 * i + 3] = alpha;
  }
  return rgba;
}

const toByte = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0);
