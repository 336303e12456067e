/** Converts points of a loss to a curve. Pure. */
import type { LossPoint } from '@limner/contract';

export const WIDTH = 600;
export const HEIGHT = 150;
/** Weight of a new point in the running mean. */
const FRESH = 0.15;
const LINES = 3;

export interface Curve {
  raw: string;
  mean: string;
  /** Heights of the guide lines. */
  lines: number[];
  low: number;
  high: number;
  /** Of the mean. */
  first: number;
  last: number;
}

/** null before there is a line to draw. */
export function curveOf(loss: LossPoint[], steps: number): Curve | null {
  if (loss.length < 2) return null;
  const means = runningMean(loss.map(([, value]) => value));
  const values = loss.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const path = (heights: number[]) =>
    heights
      .map((value, index) => {
        const x = (WIDTH * (loss[index]?.[0] ?? 0)) / steps;
        const y = HEIGHT - (HEIGHT * (value - low)) / span;
        return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('');
  return {
    raw: path(values),
    mean: path(means),
    lines: Array.from({ length: LINES }, (_, index) => ((index + 1) * HEIGHT) / (LINES + 1)),
    low,
    high,
    first: means[0] ?? 0,
    last: means.at(-1) ?? 0,
  };
}

function runningMean(values: number[]): number[] {
  let mean = values[0] ?? 0;
  return values.map((value) => {
    mean += FRESH * (value - mean);
    return mean;
  });
}
