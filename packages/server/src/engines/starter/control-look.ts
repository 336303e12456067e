/**
 * What the painting model is given of a control picture, as a picture. It is read back from the very numbers that the
 * model is fed, so that it shows what the model has and not what a large one would.
 */
import type { Bilingual } from '@limner/contract';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { decode, type Pixels, rawRgba } from '../embedded/picture.ts';
import { canvasPixels, fitted, onCanvas } from './paint/canvas.ts';
import type { PaintControl } from './paint/control.ts';
import { blurHint, edgesHint, premultipliedPlanes } from './paint/hints.ts';
import { PaintModel } from './paint/model.ts';

export interface ControlLookJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  picture: Buffer;
  type: PaintControl['type'];
  /** The shape that will be painted. */
  width: number;
  height: number;
}

/** Cells a side of what the hints hold. */
const EDGE_CELLS = 32;
const COLOUR_CELLS = 16;
const TOKENS_A_SIDE = 8;

const SUMMARIES: Record<PaintControl['type'], Bilingual> = {
  canny: {
    en: 'Its edges in 32 × 32 cells, brighter where a line covers more of a cell.',
    zh: '图片的边缘，分为 32 × 32 格；线条占一格的面积越大，该格越亮。',
  },
  blur: { en: 'Its colours in 16 × 16 cells.', zh: '图片的色彩，分为 16 × 16 格。' },
  tile: { en: 'What is left of it at 128 pixels.', zh: '缩小到 128 像素后的图片内容。' },
};

export async function controlLook(job: ControlLookJob, ctx: JobContext): Promise<PictureResult> {
  const { type, width, height, modelsDir } = job;
  const rgba = await onCanvas(await decode(job.picture), job);
  ctx.signal.throwIfAborted();
  const seen = await seenOf(type, rgba, modelsDir);
  const square = await enlarged(seen, Math.max(width, height), type === 'tile' ? 'cubic' : 'nearest');
  const png = await fitted(square, job);
  ctx.progress(1);
  return { png, summary: SUMMARIES[type], details: { type, seen_px: seen.width } };
}

async function seenOf(type: PaintControl['type'], rgba: Buffer, modelsDir: string): Promise<Pixels> {
  if (type === 'tile') {
    const model = await PaintModel.open(modelsDir);
    return canvasPixels(await model.decode(await model.encode(rgba)));
  }
  const planes = premultipliedPlanes({ rgba });
  return type === 'canny' ? edgePixels(edgesHint(planes)) : colourPixels(blurHint(planes));
}

/** White lines on black, as edge maps are. */
function edgePixels(hint: Float32Array): Pixels {
  const cells = cellsOf(hint, 1, EDGE_CELLS);
  return pixelsOf(EDGE_CELLS, (cell) => {
    const light = cells[cell] as number;
    return [light, light, light, 1];
  });
}

function colourPixels(hint: Float32Array): Pixels {
  const cells = cellsOf(hint, 4, COLOUR_CELLS);
  const area = COLOUR_CELLS * COLOUR_CELLS;
  return pixelsOf(COLOUR_CELLS, (cell) => {
    const alpha = cells[3 * area + cell] as number;
    const straight = (c: number) => (alpha === 0 ? 0 : (cells[c * area + cell] as number) / alpha);
    return [straight(0), straight(1), straight(2), alpha];
  });
}

/** From the tokens of a hint back to its cells, channel by channel and row by row, in 0…1. */
function cellsOf(hint: Float32Array, channels: number, side: number): Float32Array {
  const own = side / TOKENS_A_SIDE;
  const cells = new Float32Array(channels * side * side);
  for (let at = 0; at < cells.length; at++) {
    const [c, y, x] = [Math.floor(at / side ** 2), Math.floor(at / side) % side, at % side];
    const row = c * own * own + (y % own) * own + (x % own);
    const token = Math.floor(y / own) * TOKENS_A_SIDE + Math.floor(x / own);
    cells[at] = ((hint[row * TOKENS_A_SIDE ** 2 + token] as number) + 1) / 2;
  }
  return cells;
}

function pixelsOf(side: number, colourOf: (cell: number) => [number, number, number, number]): Pixels {
  const rgba = Buffer.alloc(4 * side * side);
  for (let cell = 0; cell < side * side; cell++)
    rgba.set(
      colourOf(cell).map((value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
      4 * cell,
    );
  return { width: side, height: side, rgba };
}

async function enlarged(pixels: Pixels, sidePx: number, kernel: 'cubic' | 'nearest'): Promise<Pixels> {
  const resized = rawRgba(pixels).resize(sidePx, sidePx, { kernel });
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}
