/** Small tools of the benches: percentiles, and many things at once. */

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** Runs `work` for 0…count−1 with `width` at once; returns the ms each took. */
export async function timedAll(
  count: number,
  width: number,
  work: (index: number) => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next++;
      const since = performance.now();
      await work(index);
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return times;
}

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
