/** What every embedded job is given beside its own data, and what it gives back. */
import type { Bilingual } from '@limner/contract';

export interface PictureResult {
  png: Buffer;
  summary: Bilingual;
  details: Record<string, unknown>;
  /** What the job made beside its picture. */
  made?: Uint8Array;
}

export interface JobContext {
  signal: AbortSignal;
  /** 0…1 */
  progress(fraction: number): void;
  preview(bytes: Uint8Array, mediaType: string): void;
  /** What a job tells of itself beyond that, in order; the other side knows its shape. Sent before what the job ends with. */
  tell?(news: unknown): void;
}
