/**
 * Enlarges pixels with an ESRGAN network, tile by tile, so that memory does not grow with the picture.
 *
 * Each tile is run with a margin of real neighbours that is cut off afterwards, so tiles join without a seam.
 * Transparent pictures are run twice: colours, first extended into the transparent parts so that edges do not become
 * dark, and alpha as a grey picture. Tiles that are fully transparent or have one alpha value skip a run.
 */
import type { InferenceSession } from 'onnxruntime-node';
import { bleedIntoTransparent } from '../embedded/bleed.ts';
import type { Pixels } from '../embedded/picture.ts';
import { floats, runForOne } from '../embedded/sessions.ts';

/** Side of the part of a tile that is kept. */
const CORE_PX = 128;
/** Margin that a tile receives of its neighbours, or of its mirror image beyond the picture's edge. */
const MARGIN_PX = 16;
const EDGE_PX = 4;

export interface Enlarger {
  session: InferenceSession;
  /** The network's own scale factor. */
  scale: 2 | 4;
}

export interface Enlargers {
  colour: Enlarger;
  alpha: Enlarger;
}

export interface EnlargeOptions {
  /** At most the enlarger's own scale; less is averaged down within each tile. */
  factor: number;
  signal: AbortSignal;
  /** 0…1 */
  progress(fraction: number): void;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Tile {
  core: Box;
  /** The core with its margins; may reach beyond the picture. */
  seen: Box;
}

export async function enlarge(
  source: Pixels,
  enlargers: Enlargers,
  options: EnlargeOptions,
): Promise<Pixels> {
  const { factor, signal, progress } = options;
  const opaque = bled(source);
  const [width, height] = [source.width * factor, source.height * factor];
  const result: Pixels = { width, height, rgba: Buffer.alloc(4 * width * height) };
  const tiles = tilesOf(source);
  for (const [index, tile] of tiles.entries()) {
    signal.throwIfAborted();
    const level = evenAlpha(source, tile.seen);
    if (level !== 0) {
      const colour = await runTile(opaque, tile, enlargers.colour, factor, [0, 1, 2]);
      const alpha = level ?? (await runTile(source, tile, enlargers.alpha, factor, [3, 3, 3]));
      place(result, tile.core, factor, colour, alpha);
    }
    progress((index + 1) / tiles.length);
  }
  clearHaze(result, source, factor);
  return result;
}

/** Alpha that the small network leaves around things: invisible, but trimming would find no edge. */
const HAZE_ALPHA = 8;

/** Transparent stays transparent: removes alpha where the source had none, and alpha too low to see. */
function clearHaze(result: Pixels, source: Pixels, factor: number): void {
  for (let y = 0; y < result.height; y++) {
    const row = Math.floor(y / factor) * source.width;
    for (let x = 0; x < result.width; x++) {
      const at = 4 * (y * result.width + x) + 3;
      const own = source.rgba[4 * (row + Math.floor(x / factor)) + 3] as number;
      if (own === 0 || (result.rgba[at] as number) < HAZE_ALPHA) result.rgba[at] = 0;
    }
  }
}

function bled(source: Pixels): Pixels {
  const rgba = Buffer.from(source.rgba);
  bleedIntoTransparent(rgba, source.width, source.height);
  return { ...source, rgba };
}

function tilesOf({ width, height }: Pixels): Tile[] {
  return spans(height).flatMap((rows) =>
    spans(width).map((columns) => ({
      core: { x: columns.start, y: rows.start, width: columns.length, height: rows.length },
      seen: { x: columns.seenStart, y: rows.seenStart, width: columns.seenLength, height: rows.seenLength },
    })),
  );
}

/** One axis cut into tiles. */
function spans(size: number) {
  return Array.from({ length: Math.ceil(size / CORE_PX) }, (_, i) => {
    const start = i * CORE_PX;
    const end = Math.min(size, start + CORE_PX);
    const seenStart = Math.max(-EDGE_PX, start - MARGIN_PX);
    const seenEnd = Math.min(size + EDGE_PX, end + MARGIN_PX);
    return { start, length: end - start, seenStart, seenLength: seenEnd - seenStart };
  });
}

/** The one alpha value of a box; null when there are several. */
function evenAlpha({ rgba, width, height }: Pixels, box: Box): number | null {
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const first = rgba[4 * (top * width + left) + 3] as number;
  for (let y = top; y < Math.min(height, box.y + box.height); y++) {
    for (let x = left; x < Math.min(width, box.x + box.width); x++) {
      if (rgba[4 * (y * width + x) + 3] !== first) return null;
    }
  }
  return first;
}

/** The kept part of a tile as three planes of 0…1, already at the asked factor. */
async function runTile(
  source: Pixels,
  { core, seen }: Tile,
  { session, scale }: Enlarger,
  factor: number,
  channels: readonly [number, number, number],
): Promise<Float32Array> {
  const input = await floats(planesOf(source, seen, channels), [1, 3, seen.height, seen.width]);
  const output = await runForOne(session, { [session.inputNames[0] as string]: input });
  const large = { data: output.data, width: seen.width * scale, height: seen.height * scale };
  const inner = { x: core.x - seen.x, y: core.y - seen.y, width: core.width, height: core.height };
  const values = cropped(large, scaled(inner, scale));
  output.dispose();
  return averaged(values, core.width, core.height, scale, factor);
}

function planesOf(
  { rgba, width, height }: Pixels,
  box: Box,
  channels: readonly [number, number, number],
): Float32Array {
  const plane = box.width * box.height;
  const planes = new Float32Array(3 * plane);
  for (let y = 0; y < box.height; y++) {
    const row = mirrored(box.y + y, height) * width;
    for (let x = 0; x < box.width; x++) {
      const from = 4 * (row + mirrored(box.x + x, width));
      for (let c = 0; c < 3; c++) {
        planes[c * plane + y * box.width + x] = (rgba[from + (channels[c] as number)] as number) / 255;
      }
    }
  }
  return planes;
}

const scaled = ({ x, y, width, height }: Box, by: number): Box => {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
};

function mirrored(at: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((at % period) + period) % period;
  return within < size ? within : period - within;
}

function cropped(large: { data: Float32Array; width: number; height: number }, box: Box): Float32Array {
  const values = new Float32Array(3 * box.width * box.height);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < box.height; y++) {
      const from = (c * large.height + box.y + y) * large.width + box.x;
      values.set(large.data.subarray(from, from + box.width), (c * box.height + y) * box.width);
    }
  }
  return values;
}

/**
 * From `scale` down to `factor` by averaging areas. Every source pixel becomes `factor` whole pixels, so the same
 * happens on both sides of a tile's border.
 */
function averaged(
  values: Float32Array,
  width: number,
  height: number,
  scale: number,
  factor: number,
): Float32Array {
  if (scale === factor) return values;
  const shrunk = shrinkRows(values, width, 3 * height * scale, scale, factor);
  return transposed(
    shrinkRows(transposed(shrunk, width * factor, height * scale), height, 3 * width * factor, scale, factor),
    height * factor,
    width * factor,
  );
}

/** Each row holds `cells` groups of `scale` values; each group becomes `factor` values. */
function shrinkRows(
  values: Float32Array,
  cells: number,
  rows: number,
  scale: number,
  factor: number,
): Float32Array {
  const result = new Float32Array(rows * cells * factor);
  const shares = areaShares(scale, factor);
  for (let cell = 0; cell < rows * cells; cell++) {
    for (let to = 0; to < factor; to++) {
      let sum = 0;
      for (let from = 0; from < scale; from++) {
        sum += (shares[to * scale + from] as number) * (values[cell * scale + from] as number);
      }
      result[cell * factor + to] = sum;
    }
  }
  return result;
}

/** How much of each of `scale` values falls into each of `factor` values of the same length together. */
function areaShares(scale: number, factor: number): Float32Array {
  const span = scale / factor;
  return Float32Array.from({ length: factor * scale }, (_, i) => {
    const [to, from] = [Math.floor(i / scale), i % scale];
    return Math.max(0, Math.min(from + 1, (to + 1) * span) - Math.max(from, to * span)) / span;
  });
}

/** Each of three planes with its rows and columns exchanged. */
function transposed(values: Float32Array, width: number, height: number): Float32Array {
  const result = new Float32Array(values.length);
  const plane = width * height;
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        result[c * plane + x * height + y] = values[c * plane + y * width + x] as number;
      }
    }
  }
  return result;
}

/** An alpha number is a byte already; planes are 0…1. */
function place(
  result: Pixels,
  core: Box,
  factor: number,
  colour: Float32Array,
  alpha: Float32Array | number,
): void {
  const box = scaled(core, factor);
  const plane = box.width * box.height;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const from = y * box.width + x;
      const to = 4 * ((box.y + y) * result.width + box.x + x);
      for (let c = 0; c < 3; c++) result.rgba[to + c] = toByte(colour[c * plane + from] as number);
      result.rgba[to + 3] = typeof alpha === 'number' ? alpha : toByte(alpha[from] as number);
    }
  }
}

const toByte = (value: number): number => (value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0);
