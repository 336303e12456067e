/** What the readers of headers take and give. */
import type { Size } from '@limner/contract';

/** What a column of an integer holds, in Postgres too. */
export const MAX_FACT = 2 ** 31 - 1;

export interface VideoFacts extends Size {
  /** null: the header does not say. */
  durationMs: number | null;
}

/** Some bytes of a file; fewer at its end. */
export type ReadAt = (start: number, length: number) => Promise<Buffer>;

/** null: zero, or what a broken header says, such as Infinity. */
export function durationOf(ms: number): number | null {
  const rounded = Math.round(ms);
  return rounded > 0 && rounded <= MAX_FACT ? rounded : null;
}
