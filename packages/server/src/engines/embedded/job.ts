/** What every embedded job is given beside its own data, and what it gives back. */
import type { Bilingual } from '@limner/contract';

export interface PictureResult {
  png: Buffer;
  summary: Bilingual;
  details: Record<string, unknown>;
}

export interface JobContext {
  signal: AbortSignal;
  /** 0…1 */
  progress(fraction: number): void;
  preview(bytes: Uint8Array, mediaType: string): void;
}
