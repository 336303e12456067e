/** What an animation becomes before it is made: its rate, the size of its frames and where they lie in a sheet. Pure. */
import { MAX_SHEET_PIXELS, MAX_SHEET_SIDE_PX, MIN_ANIMATION_FPS } from './limits.ts';
import type { RecipeAnimation } from './recipe.ts';
import type { Size } from './size.ts';

/** Frames per second with which every `every`-th frame of a video keeps the video's speed. */
export const rateOfEvery = (videoFps: number, every: number): number =>
  Math.max(MIN_ANIMATION_FPS, videoFps / every);

/** Of a frame whose longer side is reduced. @param maxSide pixels; null: as it is */
export function reducedSize({ width, height }: Size, maxSide: number | null): Size {
  const scale = Math.min(1, (maxSide ?? Infinity) / Math.max(width, height));
  const side = (px: number) => Math.max(1, Math.round(px * scale));
  return { width: side(width), height: side(height) };
}

/** Cells of one size in rows, with transparent pixels around each. */
export interface SheetLayout extends Size {
  columns: number;
  rows: number;
  padding: number;
  cell: Size;
  /** Of each frame, from the upper left corner. */
  places: { x: number; y: number }[];
}

type Asked = Pick<RecipeAnimation, 'columns' | 'padding' | 'power_of_two'>;

/** @param count of the frames, at least 1 */
export function sheetLayout(count: number, cell: Size, asked: Asked): SheetLayout {
  const { padding } = asked;
  const columns = Math.min(count, asked.columns ?? squarest(count, cell, padding));
  const rows = Math.ceil(count / columns);
  const places = Array.from({ length: count }, (_, at) => ({
    x: padding + (at % columns) * (cell.width + padding),
    y: padding + Math.floor(at / columns) * (cell.height + padding),
  }));
  const width = side(columns, cell.width, asked);
  const height = side(rows, cell.height, asked);
  return { width, height, columns, rows, padding, cell, places };
}

export const isSheetTooLarge = ({ width, height }: Size): boolean =>
  Math.max(width, height) > MAX_SHEET_SIDE_PX || width * height > MAX_SHEET_PIXELS;

function side(cells: number, cellPx: number, { padding, power_of_two }: Asked): number {
  const least = cells * (cellPx + padding) + padding;
  return power_of_two ? 2 ** Math.ceil(Math.log2(least)) : least;
}

/** The columns with which the longer side is shortest; of several the most, which leave no row empty. */
function squarest(count: number, cell: Size, padding: number): number {
  const longer = (columns: number) =>
    Math.max(columns * (cell.width + padding), Math.ceil(count / columns) * (cell.height + padding));
  let best = 1;
  for (let columns = 2; columns <= count; columns++) if (longer(columns) <= longer(best)) best = columns;
  return best;
}
