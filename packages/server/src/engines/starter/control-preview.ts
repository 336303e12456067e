/**
 * Shows what the painting model receives of a control picture. It is converted back from the numbers that the model is
 * fed, so it shows exactly those.
 */
import type { Bilingual } from '@limner/contract';
import type { JobContext, PictureResult } from '../embedded/job.ts';
import { decode, type Pixels, rawRgba } from '../embedded/picture.ts';
import { fitted, onCanvas } from './paint/canvas.ts';
import type { PaintControl } from './paint/control.ts';
import { detailPlanes, linePlanes } from './paint/detail.ts';
import { blurHint, edgesHint, premultipliedPlanes } from './paint/hints.ts';
import { CANVAS_PX, PaintModel } from './paint/model.ts';
import { sharpened, sharpenedSides } from './paint/sharpen.ts';

export interface ControlPreviewJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  picture: Buffer;
  type: PaintControl['type'];
  /** The size that will be painted. */
  width: number;
  height: number;
}

/** Cells per side of the hints. */
const EDGE_CELLS = 32;
const COLOUR_CELLS = 16;
const TOKENS_A_SIDE = 8;

/** Resolution of the fine lines, from which the sharpener draws outlines. */
const LINES_PX = 512;
/** How bright cells are under the lines. */
const CELL_LIGHT = 0.45;

const SUMMARIES: Record<PaintControl['type'], Bilingual> = {
  canny: {
    en: 'Its edges. Grey: the 32 × 32 cells that set the layout. White: the lines that set the outlines.',
    zh: '图片的边缘。灰色的 32 × 32 格决定布局，白色线条决定轮廓。',
  },
  blur: { en: 'Its colours in 16 × 16 cells.', zh: '图片的色彩，分为 16 × 16 格。' },
  tile: {
    en: 'The picture reduced to 128 pixels, with its fine lines restored.',
    zh: '缩小到 128 像素后的画面，并补回原图的细线。',
  },
};

export async function controlPreview(job: ControlPreviewJob, ctx: JobContext): Promise<PictureResult> {
  const { type, width, height } = job;
  const picture = await decode(job.picture);
  ctx.signal.throwIfAborted();
  const square = await RENDERERS[type](picture, await onCanvas(picture, job), job);
  const png = await fitted(await enlarged(square, Math.max(width, height)), job);
  ctx.progress(1);
  return { png, summary: SUMMARIES[type], details: { type } };
}

type Renderer = (picture: Pixels, rgba: Buffer, job: ControlPreviewJob) => Promise<Pixels>;

const RENDERERS: Record<PaintControl['type'], Renderer> = {
  async canny(picture, rgba, job) {
    const cells = edgePixels(edgesHint(premultipliedPlanes({ rgba })));
    return isSharpened(job)
      ? withLines(await enlarged(cells, LINES_PX), await fineLines(picture, job))
      : cells;
  },
  async blur(_, rgba) {
    return colourPixels(blurHint(premultipliedPlanes({ rgba })));
  },
  /** The result of painting with strength 0. */
  async tile(picture, rgba, job) {
    const model = await PaintModel.open(job.modelsDir);
    const planesOf = async (sidePx: number) => detailPlanes(await onCanvas(picture, job, sidePx), sidePx);
    const seen = await model.decode(await model.encode(rgba));
    const planes = new Map(sharpenedSides(job).map((sidePx) => [sidePx, planesOf(sidePx)]));
    return sharpened(seen, { planes, weight: 1 }, Math.max(job.width, job.height), job.modelsDir);
  },
};

/** Smaller pictures are left as the model paints them. */
const isSharpened = ({ width, height }: ControlPreviewJob): boolean => Math.max(width, height) > CANVAS_PX;

async function fineLines(picture: Pixels, job: ControlPreviewJob): Promise<Float32Array> {
  const planes = linePlanes(await onCanvas(picture, job, LINES_PX), LINES_PX);
  return planes.subarray(2 * LINES_PX * LINES_PX);
}

function withLines({ rgba, ...size }: Pixels, lines: Float32Array): Pixels {
  lines.forEach((line, i) => {
    const light = Math.max(CELL_LIGHT * (rgba[4 * i] as number), 255 * line);
    rgba.fill(Math.round(light), 4 * i, 4 * i + 3);
  });
  return { rgba, ...size };
}

/** Bright on black, as edge maps are. */
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

/** Enlarges cells without smoothing. */
async function enlarged(pixels: Pixels, sidePx: number): Promise<Pixels> {
  if (pixels.width === sidePx) return pixels;
  const kernel = pixels.width <= EDGE_CELLS ? 'nearest' : 'cubic';
  const resized = rawRgba(pixels).resize(sidePx, sidePx, { kernel });
  const { data, info } = await resized.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}
