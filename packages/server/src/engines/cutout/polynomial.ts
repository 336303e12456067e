/**
 * A smooth colour over a plane: a polynomial of the second degree per channel, fitted so that outliers have little
 * weight.
 */

/** A colour at a place; x and y run from −1 to 1 over the picture. */
export interface Sample {
  x: number;
  y: number;
  colour: readonly [number, number, number];
}

export type Surface = (x: number, y: number) => [number, number, number];

const TERMS = 6;
const ROUNDS = 12;

const terms = (x: number, y: number): number[] => [1, x, y, x * x, x * y, y * y];

/**
 * Least absolute deviations by repeated weighted least squares: things that touch the border are far from the surface
 * and so weigh little. The first rounds fit a plane, which bends less towards them.
 */
export function fitSurface(samples: readonly Sample[]): Surface {
  let weights = samples.map(() => 1);
  let surface: Surface = () => [0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    surface = weightedFit(samples, weights, round < ROUNDS / 2 ? 3 : TERMS);
    weights = samples.map((sample) => 1 / (1 + deviation(sample, surface)));
    // Squared weights make far points vanish; plain inverse weights would let a large thing bend the surface.
    if (round >= 2) weights = weights.map((weight) => weight * weight);
  }
  return surface;
}

export function deviation({ x, y, colour }: Sample, surface: Surface): number {
  const [r, g, b] = surface(x, y);
  return Math.hypot(colour[0] - r, colour[1] - g, colour[2] - b);
}

function weightedFit(samples: readonly Sample[], weights: readonly number[], count: number): Surface {
  const matrix = new Float64Array(count * count);
  const sums = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  samples.forEach(({ x, y, colour }, i) => {
    const values = terms(x, y);
    const weight = weights[i] as number;
    for (let row = 0; row < count; row++) {
      const weighted = weight * (values[row] as number);
      for (let column = 0; column < count; column++) {
        (matrix[row * count + column] as number) += weighted * (values[column] as number);
      }
      for (let c = 0; c < 3; c++)
        ((sums[c] as Float64Array)[row] as number) += weighted * (colour[c] as number);
    }
  });
  for (let i = 0; i < count; i++) (matrix[i * count + i] as number) += 1e-6;
  const factors = sums.map((sum) => solve(matrix, sum, count));
  return (x, y) => {
    const values = terms(x, y);
    const at = (c: number): number =>
      (factors[c] as Float64Array).reduce((sum, factor, i) => sum + factor * (values[i] as number), 0);
    return [at(0), at(1), at(2)];
  };
}

/** Gaussian elimination with pivots. */
function solve(matrix: Float64Array, right: Float64Array, count: number): Float64Array {
  const rows = Array.from({ length: count }, (_, i) => [
    ...matrix.subarray(i * count, (i + 1) * count),
    right[i] as number,
  ]);
  for (let column = 0; column < count; column++) {
    const pivot = rows.reduce(
      (best, row, i) =>
        i >= column && Math.abs(row[column] as number) > Math.abs((rows[best] as number[])[column] as number)
          ? i
          : best,
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const top = rows[column] as number[];
    for (const row of rows) {
      if (row === top) continue;
      const factor = (row[column] as number) / (top[column] as number);
      for (let i = column; i <= count; i++) (row[i] as number) -= factor * (top[i] as number);
    }
  }
  return Float64Array.from(rows, (row, i) => (row[count] as number) / (row[i] as number));
}
