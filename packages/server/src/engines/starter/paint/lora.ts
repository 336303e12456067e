/**
 * Adapters of the denoiser. All lie in one flat vector: for the four matrices of each block A (rank × inputs), then B
 * (outputs × rank). The graphs were written for this layout, so the rank is fixed.
 */
import type { SeededNoise } from './noise.ts';

export const LORA_RANK = 8;
const [WIDTH, BLOCKS] = [192, 8];
/** [inputs, outputs] of the four matrices: query-key-value, attention's output, both of the feed-forward part. */
const MATRICES: readonly [number, number][] = [
  [WIDTH, 3 * WIDTH],
  [WIDTH, WIDTH],
  [WIDTH, 4 * WIDTH],
  [4 * WIDTH, WIDTH],
];

/** Where the values of one matrix are in the vector. */
interface MatrixRange {
  inputs: number;
  /** Where A starts, where B starts, where the next one starts. */
  a: number;
  b: number;
  end: number;
}

const MATRIX_RANGES = matrixRanges();
export const LORA_VALUES = MATRIX_RANGES.at(-1)?.end ?? 0;

function matrixRanges(): MatrixRange[] {
  let at = 0;
  return Array.from({ length: BLOCKS }, () => MATRICES)
    .flat()
    .map(([inputs, outputs]) => {
      const [a, b, end] = [at, at + LORA_RANK * inputs, at + LORA_RANK * (inputs + outputs)];
      at = end;
      return { inputs, a, b, end };
    });
}

/** A random, B zero: no effect yet. */
export function firstAdapter(random: SeededNoise): Float32Array {
  const adapter = new Float32Array(LORA_VALUES);
  for (const { inputs, a, b } of MATRIX_RANGES) {
    adapter.set(
      random.gaussian(b - a).map((value) => value / Math.sqrt(inputs)),
      a,
    );
  }
  return adapter;
}

/** The adapter at another strength; only B is scaled, because the change is their product. */
export function scaledAdapter(adapter: Float32Array, weight: number): Float32Array {
  const scaled = Float32Array.from(adapter);
  for (const { b, end } of MATRIX_RANGES) {
    for (let i = b; i < end; i++) scaled[i] = (scaled[i] as number) * weight;
  }
  return scaled;
}
