/**
 * Files of sd-scripts and musubi-tuner, which name them alike. A resumed process counts its steps from zero, so each try
 * writes to a folder of its own that says at which step it began: `output/from-00000250/lora-step00000100.safetensors` is
 * step 350. The last file of a try, `lora.safetensors`, is the result.
 */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProgramJob, ResumePoint, SavedLora } from '../program/training-program.ts';
import { isWholeSafetensors, isWholeTorchFile, WholeFiles } from '../weights/whole-files.ts';

export const OUTPUT_NAME = 'lora';

const digits = (step: number): string => String(step).padStart(8, '0');

/** Where a try that begins there writes. */
export const partFolder = ({ folder, from }: Pick<ProgramJob, 'folder' | 'from'>): string =>
  path.join(folder, 'output', `from-${digits(from?.step ?? 0)}`);

const PART = /^from-(\d{8})$/;
const STEP_FILE = new RegExp(`^${OUTPUT_NAME}-step(\\d{8})\\.safetensors$`);
const STEP_STATE = new RegExp(`^${OUTPUT_NAME}-step(\\d{8})-state$`);

interface Entry {
  /** Counted from the start of the run. */
  step: number;
  path: string;
}

export class OutputParts {
  readonly #loras = new WholeFiles(isWholeSafetensors);
  readonly #torchFiles = new WholeFiles(isWholeTorchFile);

  /** Whole LoRAs, by step. Of two tries that reached a step, the later one counts. */
  async saved({ folder, steps }: Pick<ProgramJob, 'folder' | 'steps'>): Promise<SavedLora[]> {
    const found = new Map<number, SavedLora>();
    for (const { part, from, names } of await partsOf(folder))
      for (const name of names) {
        const step = name === `${OUTPUT_NAME}.safetensors` ? steps : stepIn(STEP_FILE, name, from);
        const file = path.join(part, name);
        if (step === null || !(await this.#loras.has(file))) continue;
        found.set(step, { step, open: async () => createReadStream(file) });
      }
    return [...found.values()].sort((a, b) => a.step - b.step);
  }

  async resumePoint({ folder, steps }: Pick<ProgramJob, 'folder' | 'steps'>): Promise<ResumePoint | null> {
    const states: Entry[] = [];
    for (const { part, from, names } of await partsOf(folder))
      for (const name of names) {
        const step = stepIn(STEP_STATE, name, from);
        if (step !== null && step < steps) states.push({ step, path: path.join(part, name) });
      }
    for (const state of states.sort((a, b) => b.step - a.step))
      if (await this.#isWholeState(state.path)) return state;
    return null;
  }

  /** `accelerate` writes the random states last. */
  async #isWholeState(folder: string): Promise<boolean> {
    const names: string[] = await readdir(folder).catch(() => []);
    if (!names.includes('scheduler.bin') || !names.includes('random_states_0.pkl')) return false;
    if (!(await this.#loras.has(path.join(folder, 'model.safetensors')))) return false;
    return this.#torchFiles.has(path.join(folder, 'optimizer.bin'));
  }
}

/** From the first to the last try. */
async function partsOf(folder: string): Promise<{ part: string; from: number; names: string[] }[]> {
  const output = path.join(folder, 'output');
  const parts: { part: string; from: number; names: string[] }[] = [];
  for (const name of (await readdir(output).catch(() => [])).sort()) {
    const from = PART.exec(name)?.[1];
    if (from === undefined) continue;
    const part = path.join(output, name);
    parts.push({ part, from: Number(from), names: await readdir(part).catch(() => []) });
  }
  return parts;
}

function stepIn(pattern: RegExp, name: string, from: number): number | null {
  const step = pattern.exec(name)?.[1];
  return step === undefined ? null : from + Number(step);
}
