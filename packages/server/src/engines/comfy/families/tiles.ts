/** Divides a picture into tiles of one size that overlap, row by row. */
import type { Size } from '@limner/contract';

export interface Tile extends Size {
  x: number;
  y: number;
  /** Pixels shared with the tiles to the left and above; 0 at the edge of the picture. */
  over: { left: number; top: number };
}

/** Least share of a tile's side that it has in common with its neighbour. */
const OVERLAP = 1 / 8;
/** A picture up to this many times the side is painted whole. */
const WHOLE = 1.5;

/** @param size sides that are multiples of 8, and so are the places of the tiles */
export function tilesOf({ width, height }: Size, sidePx: number): Tile[] {
  if (Math.max(width, height) <= WHOLE * sidePx)
    return [{ x: 0, y: 0, width, height, over: { left: 0, top: 0 } }];
  const [columns, rows] = [placesOf(width, sidePx), placesOf(height, sidePx)];
  const tile = { width: Math.min(width, sidePx), height: Math.min(height, sidePx) };
  return rows.flatMap(({ at: y, over: top }) =>
    columns.map(({ at: x, over: left }) => ({ ...tile, x, y, over: { left, top } })),
  );
}

function placesOf(side: number, tile: number): { at: number; over: number }[] {
  if (side <= tile) return [{ at: 0, over: 0 }];
  const count = Math.ceil((side - tile * OVERLAP) / (tile * (1 - OVERLAP)));
  const places = Array.from(
    { length: count },
    (_, i) => 8 * Math.round((i * (side - tile)) / (count - 1) / 8),
  );
  return places.map((at, i) => ({ at, over: i === 0 ? 0 : (places[i - 1] ?? 0) + tile - at }));
}
