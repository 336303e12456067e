/** Pixel art on a grid: square cells, each a whole number of pixels, few colours, no half-transparent pixels. */
import type { Size } from '@limner/contract';
import sharp from 'sharp';
import { fromRgb, toRgb } from './colour.ts';
import { reducePalette } from './palette.ts';
import type { Raster } from './raster.ts';

export interface Grid {
  /** Cells. */
  across: number;
  down: number;
  /** Side of a cell in pixels. */
  cellPx: number;
  /** Offset of the first cell in a picture whose size is not a multiple of the cell. */
  left: number;
  top: number;
}

/** `cells` along the longer side; a picture with fewer pixels has one cell per pixel. */
export function gridOf({ width, height }: Size, cells: number): Grid {
  const cellPx = Math.max(1, Math.floor(Math.max(width, height) / cells));
  const along = (side: number): number => Math.max(1, Math.min(cells, Math.floor(side / cellPx)));
  const [across, down] = [along(width), along(height)];
  return {
    across,
    down,
    cellPx,
    left: (width - across * cellPx) >> 1,
    top: (height - down * cellPx) >> 1,
  };
}

/** Rendered pixels per cell, each way, for every cell size, so that a grid has the same cells in every size. */
const SAMPLES = 8;
export const sampledSize = ({ across, down }: Grid): Size => ({
  width: across * SAMPLES,
  height: down * SAMPLES,
});

/** `outlined`: a dark line around what stands alone. `tiles`: the picture continues at its opposite edges. */
interface CellLook {
  outlined: boolean;
  tiles: boolean;
}

/** One pixel a cell. */
export async function cellsOf(picture: Raster, grid: Grid, { outlined, tiles }: CellLook): Promise<Raster> {
  const { across, down } = grid;
  const around = tiles ? CELLS_AROUND : 0;
  const { data: large, width, height } = tiles ? await continued(picture) : picture;
  const data = await sharp(large, { raw: { width, height, channels: 4 } })
    .resize(across + 2 * around, down + 2 * around, { fit: 'fill', kernel: 'cubic' })
    .extract({ left: around, top: around, width: across, height: down })
    .raw()
    .toBuffer();
  for (let at = 3; at < data.length; at += 4) data[at] = (data[at] as number) >= SOLID ? 255 : 0;
  reducePalette(data);
  if (outlined) outlineCells(data, across, down);
  return { width: across, height: down, data };
}

const SOLID = 118;
/** As far as the filter of the reduction reaches. */
const CELLS_AROUND = 2;

/** With the opposite edges around it. */
async function continued({ data, width, height }: Raster): Promise<Raster> {
  const by = CELLS_AROUND * SAMPLES;
  const around = { top: by, bottom: by, left: by, right: by, extendWith: 'repeat' } as const;
  const larger = await sharp(data, { raw: { width, height, channels: 4 } })
    .extend(around)
    .raw()
    .toBuffer();
  return { width: width + 2 * by, height: height + 2 * by, data: larger };
}

/** The upper picture's cells, or the lower's where it has none. */
export function cellsOver(upper: Raster, lower: Raster): Raster {
  const data = Buffer.from(lower.data);
  for (let at = 0; at < data.length; at += 4)
    if (upper.data[at + 3] === 255) upper.data.copy(data, at, at, at + 4);
  return { ...lower, data };
}

/** In the requested size. What lies beyond the cells is empty, or goes on as they end where `filled`. */
export function enlarged(cells: Raster, grid: Grid, { width, height }: Size, filled: boolean): Raster {
  const data = Buffer.alloc(width * height * 4);
  const { across, down, cellPx, left, top } = grid;
  for (let y = 0; y < height; y++) {
    const line = Math.floor((y - top) / cellPx);
    if (!filled && (line < 0 || line >= down)) continue;
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x - left) / cellPx);
      if (!filled && (column < 0 || column >= across)) continue;
      const from = (within(line, down) * across + within(column, across)) * 4;
      cells.data.copy(data, (y * width + x) * 4, from, from + 4);
    }
  }
  return { width, height, data };
}

const within = (at: number, count: number): number => Math.min(count - 1, Math.max(0, at));

/** The line has the colour of the cell it borders, much darker, as in hand-made pixel art. */
function outlineCells(pixels: Buffer, across: number, down: number): void {
  const solid = Array.from({ length: across * down }, (_, cell) => pixels[cell * 4 + 3] === 255);
  for (let cell = 0; cell < solid.length; cell++) {
    if (solid[cell]) continue;
    const beside = neighbours(cell, across, down).find((other) => solid[other]);
    if (beside === undefined) continue;
    const own = fromRgb(
      pixels[beside * 4] as number,
      pixels[beside * 4 + 1] as number,
      pixels[beside * 4 + 2] as number,
    );
    const line = { lightness: Math.min(0.3, own.lightness * 0.42), chroma: own.chroma * 0.5, hue: own.hue };
    pixels.set([...toRgb(line), 255], cell * 4);
  }
}

function neighbours(cell: number, across: number, down: number): number[] {
  const [x, y] = [cell % across, Math.floor(cell / across)];
  return [
    x > 0 ? cell - 1 : -1,
    x < across - 1 ? cell + 1 : -1,
    y > 0 ? cell - across : -1,
    y < down - 1 ? cell + across : -1,
  ].filter((other) => other >= 0);
}
