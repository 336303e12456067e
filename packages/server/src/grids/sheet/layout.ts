/**
 * Where everything is on a sheet. Pure. With two or three axes: columns are x, rows are y, and each value of z has a block
 * under the one before. With one axis the cells follow one another in lines, each with its own label.
 */
import {
  GRID_AXES,
  type Grid,
  type GridAxis,
  type GridCell,
  gridLabel,
  isRepeatedCell,
  type Language,
  type Size,
  StudioError,
} from '@limner/contract';
import { GLYPH_PX } from './glyphs.ts';
import { widthOf, wrap } from './wrap.ts';

export const MAX_SHEET_PIXELS = 32_000_000;
const MAX_SHEET_SIDE_PX = 16_384;
/** Longest sides of cells, where none is requested. */
const CELL_SIZES = [512, 384, 256, 192, 128, 96, 64];
const GAP_PX = 8;
const MOST_LINES = 5;

export interface Line {
  left: number;
  top: number;
  text: string;
}

export interface Layout extends Size {
  /** Of a cell. */
  cell: Size;
  /** Of the glyphs. */
  scale: number;
  lines: Line[];
  cells: { left: number; top: number; of: GridCell }[];
}

export interface Wanted {
  /** Longest side of a cell; undefined: the largest that fits. */
  cell: number | undefined;
  /** Of the pictures; empty: none is finished. */
  sizes: Size[];
  language: Language;
}

/** @throws StudioError `grid_sheet_too_large` */
export function sheetLayout(grid: Grid, wanted: Wanted): Layout {
  const tried = (wanted.cell === undefined ? CELL_SIZES : [wanted.cell]).map((side) =>
    layoutOf(grid, side, wanted),
  );
  const fits = tried.find(isWithinLimits);
  if (fits) return fits;
  const { width, height } = tried.at(-1) as Layout;
  throw new StudioError('grid_sheet_too_large', {
    data: { width, height, limit: MAX_SHEET_PIXELS / 1_000_000, side: MAX_SHEET_SIDE_PX },
    field: 'cell',
  });
}

const isWithinLimits = ({ width, height }: Size): boolean =>
  Math.max(width, height) <= MAX_SHEET_SIDE_PX && width * height <= MAX_SHEET_PIXELS;

function layoutOf(grid: Grid, side: number, { sizes, language }: Wanted): Layout {
  const cell = cellSize(sizes, side);
  const scale = side >= 384 ? 2 : 1;
  const axes = GRID_AXES.filter((name) => grid.axes[name]);
  const frame = { grid, cell, scale, language };
  return axes.length === 1 ? inLines(frame, grid.axes[axes[0] ?? 'x'] as GridAxis) : inBlocks(frame);
}

/** Holds every picture at the same scale. */
function cellSize(sizes: Size[], side: number): Size {
  const longest = Math.max(...sizes.flatMap(({ width, height }) => [width, height]), 0);
  if (longest === 0) return { width: side, height: side };
  const most = (of: keyof Size) =>
    Math.max(16, Math.round((side * Math.max(...sizes.map((size) => size[of]))) / longest));
  return { width: most('width'), height: most('height') };
}

interface Sheet {
  grid: Grid;
  cell: Size;
  scale: number;
  language: Language;
}

function inLines({ grid, cell, scale, language }: Sheet, axis: GridAxis): Layout {
  const count = axis.values.length;
  const columns = Math.min(count, Math.max(1, Math.ceil(Math.sqrt((count * cell.height) / cell.width))));
  const labels = axis.values.map((_, index) => wrapped(gridLabel(axis, index, language), cell.width, scale));
  const labelHeight = heightOf(labels, scale);
  const step = { x: cell.width + GAP_PX, y: cell.height + labelHeight + GAP_PX };
  const at = (index: number) => ({
    left: GAP_PX + (index % columns) * step.x,
    top: GAP_PX + Math.floor(index / columns) * step.y,
  });
  return {
    width: GAP_PX + columns * step.x,
    height: GAP_PX + Math.ceil(count / columns) * step.y,
    cell,
    scale,
    lines: labels.flatMap((lines, index) => placed(lines, at(index), scale)),
    cells: grid.cells.map((of, index) => ({ left: at(index).left, top: at(index).top + labelHeight, of })),
  };
}

function inBlocks({ grid, cell, scale, language }: Sheet): Layout {
  const { x, y, z } = grid.axes;
  const of = (axis: GridAxis | null, width: number, mostLines?: number) =>
    Array.from({ length: axis?.values.length ?? 1 }, (_, index) =>
      wrapped(gridLabel(axis, index, language), width, scale, mostLines),
    );
  const headers = of(x, cell.width);
  const rows = of(y, cell.width, Math.max(1, Math.floor(cell.height / (GLYPH_PX * scale))));
  const rowWidth = Math.max(0, ...rows.flat().map((line) => widthOf(line) * scale));
  const left = GAP_PX + (rowWidth > 0 ? rowWidth + GAP_PX : 0);
  const width = left + headers.length * (cell.width + GAP_PX);
  const titles = of(z, width - 2 * GAP_PX);
  const titleHeight = heightOf(titles, scale);
  const headerHeight = heightOf(headers, scale);
  const blockHeight = titleHeight + headerHeight + rows.length * (cell.height + GAP_PX) + GAP_PX;
  const column = (index: number) => left + index * (cell.width + GAP_PX);
  const block = (index: number) => GAP_PX + index * blockHeight;
  const row = (at: { y: number; z: number }) =>
    block(at.z) + titleHeight + headerHeight + at.y * (cell.height + GAP_PX);
  return {
    width,
    height: GAP_PX + titles.length * blockHeight,
    cell,
    scale,
    lines: titles.flatMap((title, index) => [
      ...placed(title, { left: GAP_PX, top: block(index) }, scale),
      ...headers.flatMap((header, at) =>
        isRepeatedCell(grid.axes, { x: at, z: index })
          ? []
          : placed(header, { left: column(at), top: block(index) + titleHeight }, scale),
      ),
      ...rows.flatMap((lines, at) => placed(lines, { left: GAP_PX, top: row({ y: at, z: index }) }, scale)),
    ]),
    cells: grid.cells
      .filter((each) => !isRepeatedCell(grid.axes, each))
      .map((each) => ({ left: column(each.x), top: row(each), of: each })),
  };
}

const wrapped = (text: string, width: number, scale: number, mostLines = MOST_LINES): string[] =>
  wrap(text, Math.floor(width / scale), mostLines);

const heightOf = (labels: string[][], scale: number): number => {
  const lines = Math.max(0, ...labels.map(({ length }) => length));
  return lines === 0 ? 0 : lines * GLYPH_PX * scale + GAP_PX / 2;
};

const placed = (lines: string[], at: { left: number; top: number }, scale: number): Line[] =>
  lines.map((text, index) => ({ left: at.left, top: at.top + index * GLYPH_PX * scale, text }));
