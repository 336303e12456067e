/** For tests that call a job's function in their own process. */
import { fileURLToPath } from 'node:url';
import type { JobContext } from './job.ts';

export const MODELS_DIR = fileURLToPath(new URL('../../../../../models', import.meta.url));

export function jobContext(signal = new AbortController().signal): JobContext & { seen: number[] } {
  const seen: number[] = [];
  return { signal, seen, progress: (fraction) => seen.push(fraction), preview: () => {} };
}
