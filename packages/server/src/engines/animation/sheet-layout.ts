/** Where the frames of a sprite sheet lie: cells of one size in rows, with transparent pixels around each. Pure. */
import {
  MAX_SHEET_PIXELS,
  MAX_SHEET_SIDE_PX,
  type RecipeAnimation,
  type Size,
  StudioError,
} from '@limner/contract';

export interface SheetLayout extends Size {
  columns: number;
  rows: number;
  padding: number;
  cell: Size;
  /** Of each frame, from the upper left corner. */
  places: { x: number; y: number }[];
}

type Asked = Pick<RecipeAnimation, 'columns' | 'padding' | 'power_of_two'>;

/** @throws StudioError `sheet_too_large` */
export function sheetLayout(count: number, cell: Size, asked: Asked): SheetLayout {
  const { padding } = asked;
  const columns = Math.min(count, asked.columns ?? squarest(count, cell, padding));
  const rows = Math.ceil(count / columns);
  const whole = {
    width: side(columns, cell.width, asked),
    height: side(rows, cell.height, asked),
  };
  if (
    Math.max(whole.width, whole.height) > MAX_SHEET_SIDE_PX ||
    whole.width * whole.height > MAX_SHEET_PIXELS
  )
    throw new StudioError('sheet_too_large', {
      data: { ...whole, side: MAX_SHEET_SIDE_PX, limit: MAX_SHEET_PIXELS / 1e6 },
    });
  const places = Array.from({ length: count }, (_, at) => ({
    x: padding + (at % columns) * (cell.width + padding),
    y: padding + Math.floor(at / columns) * (cell.height + padding),
  }));
  return { ...whole, columns, rows, padding, cell, places };
}

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
