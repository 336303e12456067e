/** The file of sample prompts, one a line, that sd-scripts and musubi-tuner read. Words after `--` in it are options. */
import { SAMPLE_PROMPTS } from '@limner/contract';
import type { TrainingJob } from '../trainer.ts';

export interface SampleSettings {
  side: number;
  steps: number;
  /** Further options, such as `--g 3.5`. */
  options: string;
}

/** Fewer than the form's, because each takes seconds to minutes. */
const SAMPLES = 2;

export function samplePrompts(
  { triggerWords, seed }: Pick<TrainingJob, 'triggerWords' | 'seed'>,
  { side, steps, options }: SampleSettings,
): string {
  const words = plainWords(triggerWords);
  return SAMPLE_PROMPTS.slice(0, SAMPLES)
    .map(({ en }, index) => {
      const prompt = [words, en].filter(Boolean).join(', ');
      return `${prompt} --w ${side} --h ${side} --s ${steps} --d ${(seed + index) % 2 ** 32} ${options}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Without line ends, comments and options. */
const plainWords = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/-{2,}/g, '-')
    .replace(/^[\s#]+/, '')
    .trim();
