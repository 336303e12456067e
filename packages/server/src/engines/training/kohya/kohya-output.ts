/** Reads what sd-scripts and musubi-tuner print: bars of caching, the bar `steps`, and lines of their log. */
import type { LossPoint } from '@limner/contract';
import { barSteps, readBar } from '../program/bar.ts';
import type { LineReader, ProgramJob, ProgramNews } from '../program/training-program.ts';

const WORDS: readonly [RegExp, ProgramNews][] = [
  [/caching (latents|text encoder)/i, { phase: 'caching' }],
  [/generating sample images/i, { phase: 'sampling' }],
  [/saving (checkpoint|state|last state)/i, { phase: 'saving' }],
];

/**
 * A resumed process counts the steps that are left, from zero.
 *
 * The first frame of a step may still show the loss of the step before; its own comes in a second frame, after what is
 * printed of a saved file. So a loss is reported when no other frame of its step can follow.
 */
export function trainingReader({ steps, from }: Pick<ProgramJob, 'steps' | 'from'>): LineReader {
  const begun = from?.step ?? 0;
  const read = barSteps({ total: steps - begun, from: begun, description: 'steps' });
  let newest: { step: number; loss: number | null } | null = null;
  return (line) => {
    const [frame] = read(line);
    if (!frame) return WORDS.flatMap(([words, news]) => (words.test(line) ? [news] : []));
    const before = newest;
    newest = { step: frame.step, loss: frame.loss };
    if (before?.step === frame.step) return frame.step === steps ? measured(newest) : [];
    return [{ step: frame.step }, ...measured(before)];
  };
}

function measured(frame: { step: number; loss: number | null } | null): { measured: LossPoint }[] {
  return frame && frame.loss !== null ? [{ measured: [frame.step, frame.loss] }] : [];
}

/** Of a process that only caches. */
export const cachingReader = (): LineReader => (line) => (readBar(line) ? [{ phase: 'caching' }] : []);
