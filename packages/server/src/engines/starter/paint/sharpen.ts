/**
 * From the 128 × 128 that the model paints to the size that was asked for. A small network that learnt from vector
 * drawings knows what lies between the pixels and gives 512 × 512; beyond that plain resampling is enough, with the blur
 * that it leaves in the outline taken back.
 */
import { join } from 'node:path';
import { type Pixels, rawRgba } from '../../embedded/picture.ts';
import { floats, runForOne, shippedSession } from '../../embedded/sessions.ts';
import { canvasPixels } from './canvas.ts';
import { CANVAS_PX } from './model.ts';

export const SHARPENER_FILE = 'sharpener.onnx';
const SHARP_PX = 512;

/** A square of the given side from what the decoder gave. */
export async function sharpened(planes: Float32Array, sidePx: number, modelsDir: string): Promise<Pixels> {
  const sharp = sidePx <= CANVAS_PX ? canvasPixels(planes) : await large(planes, modelsDir);
  if (sharp.width === sidePx) return sharp;
  const resized = rawRgba(sharp).resize(sidePx, sidePx, { kernel: sidePx > SHARP_PX ? 'cubic' : 'lanczos3' });
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  if (sidePx > SHARP_PX) steepenAlpha(data, sidePx / SHARP_PX);
  return { width: info.width, height: info.height, rgba: data };
}

async function large(planes: Float32Array, modelsDir: string): Promise<Pixels> {
  const session = await shippedSession(join(modelsDir, 'starter'), SHARPENER_FILE);
  const output = await runForOne(session, { rgba: await floats(planes, [1, 4, CANVAS_PX, CANVAS_PX]) });
  const rgba = bytesOf(output.data);
  output.dispose();
  return { width: SHARP_PX, height: SHARP_PX, rgba };
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

/** Makes the ramp from transparent to opaque shorter by the given factor, around its middle. */
function steepenAlpha(rgba: Buffer, by: number): void {
  for (let at = 3; at < rgba.length; at += 4) {
    rgba[at] = Math.min(255, Math.max(0, Math.round(((rgba[at] as number) - 127.5) * by + 127.5)));
  }
}
