/**
 * From a user's pictures to what the trainer draws from: each picture and its mirror image, as latents with their words,
 * and beside them what will guide the painting of such words later, so that the style is learnt over a guide too.
 */
import { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { decode, type Pixels, rawRgba } from '../../embedded/picture.ts';
import { compose } from '../../starter/compose/compose.ts';
import { onCanvas } from '../../starter/paint/canvas.ts';
import { CANVAS_PX, type PaintModel } from '../../starter/paint/model.ts';
import type { TrainingExample } from '../../starter/paint/train-step.ts';

/** Around what is drawn on a transparent picture, as in the pictures the model learnt from. */
const MARGIN_PX = 5;
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };
const SQUARE = { width: CANVAS_PX, height: CANVAS_PX };

export interface GivenPicture {
  bytes: Uint8Array;
  caption: string;
  /** What the library may draw as a guide; empty where nobody said. */
  subject: string;
}

/** @throws StudioError `training_blank` for a picture on which nothing is. */
export async function examplesOf(
  pictures: readonly GivenPicture[],
  model: PaintModel,
  signal: AbortSignal,
): Promise<TrainingExample[]> {
  const examples: TrainingExample[] = [];
  for (const [index, { bytes, caption, subject }] of pictures.entries()) {
    signal.throwIfAborted();
    const picture = await framed(await decode(Buffer.from(bytes)), index);
    const words = await model.caption(caption);
    const guide = (await drawn(subject, index, signal)) ?? (await plainCopy(picture));
    for (const mirrored of [false, true]) {
      const latent = await model.encode(await turned(picture, mirrored));
      const reference = await model.encode(await turned(guide, mirrored));
      examples.push({ latent, caption: words, reference });
    }
  }
  return examples;
}

/** What the library draws for the words; null where it knows none of them. */
async function drawn(subject: string, seed: number, signal: AbortSignal): Promise<Buffer | null> {
  if (subject === '') return null;
  try {
    const side = { width: 2 * CANVAS_PX, height: 2 * CANVAS_PX };
    const { png } = await compose({ prompt: subject, seed, ...side, signal });
    return onCanvas(await decode(png), SQUARE);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'nothing_recognised') return null;
    throw error;
  }
}

/** The picture without its manner: its shapes, flat and nearly grey. */
async function plainCopy(rgba: Buffer): Promise<Buffer> {
  const raw = { width: CANVAS_PX, height: CANVAS_PX, channels: 4 as const };
  return sharp(rgba, { raw }).median(5).modulate({ saturation: 0.35 }).ensureAlpha().raw().toBuffer();
}

/** Straight RGBA on the square canvas: what is drawn fills it, a picture without transparency is cut to it. */
async function framed(pixels: Pixels, index: number): Promise<Buffer> {
  const box = drawnBox(pixels);
  if (!box)
    throw new StudioError('training_blank', { data: { number: index + 1 }, field: `images.${index}` });
  if (isOpaque(pixels)) {
    return rawRgba(pixels).resize(CANVAS_PX, CANVAS_PX, { fit: 'cover' }).raw().toBuffer();
  }
  const side = CANVAS_PX - 2 * MARGIN_PX;
  const inner = await rawRgba(pixels)
    .extract(box)
    .toBuffer()
    .then((data) => rawRgba({ rgba: data, width: box.width, height: box.height }))
    .then((cut) => cut.resize(side, side, { fit: 'contain', background: CLEAR }).raw().toBuffer());
  const placed = { rgba: inner, width: side, height: side };
  const around = { top: MARGIN_PX, bottom: MARGIN_PX, left: MARGIN_PX, right: MARGIN_PX };
  return rawRgba(placed)
    .extend({ ...around, background: CLEAR })
    .raw()
    .toBuffer();
}

const turned = (rgba: Buffer, mirrored: boolean): Promise<Buffer> | Buffer =>
  mirrored
    ? rawRgba({ rgba, ...SQUARE })
        .flop()
        .raw()
        .toBuffer()
    : rgba;

const isOpaque = ({ rgba }: Pixels): boolean => {
  for (let at = 3; at < rgba.length; at += 4) if ((rgba[at] as number) < 250) return false;
  return true;
};

/** Fainter than this is not drawn. */
const FAINT = 8;

function drawnBox({ rgba, width, height }: Pixels) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((rgba[4 * (y * width + x) + 3] as number) < FAINT) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
