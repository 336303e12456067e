/** Low poly: the picture as triangles of one colour each, on a lattice that the seed displaces. */
import { fromRgb, hex } from './colour.ts';
import type { Random } from './random.ts';
import { type Raster, rasterise } from './raster.ts';

interface Point {
  x: number;
  y: number;
}

/** Facets along the shorter side. */
const FINE = 18;
/** Share of a facet's pixels that must be ink. */
const SOLID = 0.5;

export async function lowPoly(raster: Raster, random: Random): Promise<Raster> {
  const points = lattice(raster, random);
  const facets = triangles(points).flatMap((corners) => facet(corners, raster, random) ?? []);
  return rasterise(facets.join(''), raster);
}

function lattice({ width, height }: Raster, random: Random): Point[][] {
  const step = Math.min(width, height) / FINE;
  const [columns, rows] = [Math.ceil(width / step) + 2, Math.ceil(height / (step * 0.87)) + 2];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => ({
      x: (column - 1 + (row % 2) * 0.5 + random.between(-0.26, 0.26)) * step,
      y: (row - 0.5 + random.between(-0.26, 0.26)) * step * 0.87,
    })),
  );
}

function triangles(rows: Point[][]): [Point, Point, Point][] {
  return rows.slice(0, -1).flatMap((upper, row) => {
    const lower = rows[row + 1] as Point[];
    return upper.slice(0, -1).flatMap((a, column) => {
      const [b, c, d] = [upper[column + 1], lower[column], lower[column + 1]] as [Point, Point, Point];
      const cut: [Point, Point, Point][] =
        row % 2 === 0
          ? [
              [a, b, c],
              [b, d, c],
            ]
          : [
              [a, d, c],
              [a, b, d],
            ];
      return cut;
    });
  });
}

/** Each facet has its own angle to the light. */
function facet(corners: [Point, Point, Point], raster: Raster, random: Random): string | undefined {
  const lean = random.between(-0.035, 0.035);
  const mean = meanOf(corners, raster);
  if (mean === undefined) return undefined;
  const base = fromRgb(...mean);
  const colour = hex({ ...base, lightness: base.lightness + lean });
  const path = corners.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
  return `<path d="M${path}z" fill="${colour}" stroke="${colour}" stroke-width=".8" stroke-linejoin="round"/>`;
}

function meanOf([a, b, c]: [Point, Point, Point], { data, width, height }: Raster) {
  const sum = [0, 0, 0];
  let [ink, count] = [0, 0];
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y, c.y)));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y, c.y)));
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x, c.x)));
  const right = Math.min(width - 1, Math.ceil(Math.max(a.x, b.x, c.x)));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      if (!isInside({ x: x + 0.5, y: y + 0.5 }, a, b, c)) continue;
      const at = (y * width + x) * 4;
      const alpha = data[at + 3] as number;
      count++;
      ink += alpha;
      for (let channel = 0; channel < 3; channel++)
        (sum[channel] as number) += (data[at + channel] as number) * alpha;
    }
  }
  if (ink < count * 255 * SOLID || count === 0) return undefined;
  return sum.map((value) => value / ink) as [number, number, number];
}

function isInside(point: Point, a: Point, b: Point, c: Point): boolean {
  const [first, second, third] = [side(point, a, b), side(point, b, c), side(point, c, a)];
  return (first >= 0 && second >= 0 && third >= 0) || (first <= 0 && second <= 0 && third <= 0);
}

const side = (point: Point, from: Point, to: Point): number =>
  (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
