/** What the readers of headers take and give. */
import type { Size } from '@limner/contract';

/** What a column of an integer holds, in Postgres too. */
export const MAX_FACT = 2 ** 31 - 1;

/** No video has more frames a second. */
const MAX_RATE = 1_000;

export interface VideoFacts extends Size {
  /** null: the header does not say. */
  durationMs: number | null;
  /** Frames per second, of which the header may say an average; null: it does not say. */
  fps: number | null;
}

/** Some bytes of a file; fewer at its end. */
export type ReadAt = (start: number, length: number) => Promise<Buffer>;

/** To thousandths, as 23.976. null: zero, or what a broken header says, such as Infinity. */
export function rateOf(fps: number): number | null {
  const rounded = Math.round(fps * 1_000) / 1_000;
  return rounded > 0 && rounded <= MAX_RATE ? rounded : null;
}

/** null: zero, or what a broken header says, such as Infinity. */
export function durationOf(ms: number): number | null {
  const rounded = Math.round(ms);
  return rounded > 0 && rounded <= MAX_FACT ? rounded : null;
}
