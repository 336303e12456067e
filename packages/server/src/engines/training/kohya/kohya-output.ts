/** Reads what sd-scripts and musubi-tuner print: bars of caching, the bar `steps`, and lines of their log. */
import { barSteps, readBar } from '../program/bar.ts';
import type { LineReader, ProgramJob, ProgramNews } from '../program/training-program.ts';

const WORDS: readonly [RegExp, ProgramNews][] = [
  [/caching (latents|text encoder)/i, { phase: 'caching' }],
  [/generating sample images/i, { phase: 'sampling' }],
  [/saving (checkpoint|state|last state)/i, { phase: 'saving' }],
];

/** A resumed process counts the steps that are left, from zero. */
export function trainingReader({ steps, from }: Pick<ProgramJob, 'steps' | 'from'>): LineReader {
  const begun = from?.step ?? 0;
  const read = barSteps({ total: steps - begun, from: begun, description: 'steps' });
  return (line) => {
    const found = read(line);
    return found.length > 0 ? found : WORDS.flatMap(([words, news]) => (words.test(line) ? [news] : []));
  };
}

/** Of a process that only caches. */
export const cachingReader = (): LineReader => (line) => (readBar(line) ? [{ phase: 'caching' }] : []);
