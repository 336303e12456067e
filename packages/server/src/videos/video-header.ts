/** What the readers of headers take and give. */
import type { Size } from '@limner/contract';

export interface VideoFacts extends Size {
  /** null: the header does not say. */
  durationMs: number | null;
}

/** Some bytes of a file; fewer at its end. */
export type ReadAt = (start: number, length: number) => Promise<Buffer>;
