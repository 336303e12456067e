/**
 * Files of the starter's trainer: a finished style, and a checkpoint, which also has Adam's moments and the state of
 * the random stream. Both name the weights they belong to and fit no others.
 */

import { readSafetensors, writeSafetensors } from '../embedded/safetensors.ts';
import type { TrainerState } from './paint/train-step.ts';

export interface StyleFile {
  adapter: Float32Array;
  /** SHA-256 of the denoiser's weights. */
  base: string;
}

export interface StyleFacts {
  base: string;
  steps: number;
  triggerWords: string;
  pictures: number;
}

const FORMAT = 'limner-starter-lora';

export function writeStyleFile(adapter: Float32Array, facts: StyleFacts): Buffer {
  const { base, steps, triggerWords, pictures } = facts;
  const metadata = {
    format: FORMAT,
    base,
    rank: '8',
    trainer: 'starter-lora',
    steps: String(steps),
    pictures: String(pictures),
    trigger_words: triggerWords,
  };
  return writeSafetensors({ metadata, tensors: { adapter: vector(adapter) } });
}

/** null: not a style of the starter, or damaged. */
export function readStyleFile(bytes: Uint8Array): StyleFile | null {
  const { metadata, tensors } = read(bytes);
  const adapter = tensors.adapter?.data;
  return adapter && metadata.format === FORMAT && metadata.base ? { adapter, base: metadata.base } : null;
}

export function writeCheckpoint({ adapter, m1, m2, step, random }: TrainerState, base: string): Buffer {
  return writeSafetensors({
    metadata: { format: `${FORMAT}-checkpoint`, base, step: String(step), random: String(random) },
    tensors: { adapter: vector(adapter), m1: vector(m1), m2: vector(m2) },
  });
}

/** null: damaged, or of other weights; then the run starts from the beginning. */
export function readCheckpoint(bytes: Uint8Array, base: string): TrainerState | null {
  const { metadata, tensors } = read(bytes);
  const [adapter, m1, m2] = ['adapter', 'm1', 'm2'].map((name) => tensors[name]?.data);
  if (!adapter || !m1 || !m2 || metadata.base !== base) return null;
  return { adapter, m1, m2, step: Number(metadata.step), random: Number(metadata.random) };
}

/** The style as it is at a checkpoint. @throws Error for bytes that `writeCheckpoint` did not write */
export function styleOfCheckpoint(bytes: Uint8Array, facts: Omit<StyleFacts, 'base'>): Buffer {
  const { metadata, tensors } = read(bytes);
  const { adapter } = tensors;
  if (!adapter || !metadata.base) throw new Error('no checkpoint of a starter training');
  return writeStyleFile(adapter.data, { ...facts, base: metadata.base });
}

const vector = (data: Float32Array) => ({ shape: [data.length], data });

function read(bytes: Uint8Array): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch {
    return { metadata: {}, tensors: {} };
  }
}
