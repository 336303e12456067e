/**
 * Files of ai-toolkit: `lora_000000250.safetensors` every so many steps, `lora.safetensors` at the end, and one `optimizer.pt`.
 * It continues from the file that was created last, whole or not, so others are put aside before it starts.
 */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { ProgramJob, ResumePoint, SavedLora } from '../program/training-program.ts';
import { isWholeSafetensors, isWholeTorchFile, WholeFiles } from '../weights/whole-files.ts';
import { JOB_NAME, outputFolder } from './ai-toolkit-config.ts';

const STEP_FILE = new RegExp(`^${JOB_NAME}_(\\d{9})\\.safetensors$`);
const LAST_FILE = `${JOB_NAME}.safetensors`;

type Run = Pick<ProgramJob, 'folder' | 'steps'>;

export class AiToolkitFiles {
  readonly #loras = new WholeFiles(isWholeSafetensors);
  readonly #states = new WholeFiles(isWholeTorchFile);

  async saved(run: Run): Promise<SavedLora[]> {
    const whole = await this.#whole(run);
    return whole.map(({ step, path: file }) => ({ step, open: async () => createReadStream(file) }));
  }

  async resumePoint(run: Run): Promise<ResumePoint | null> {
    return (await this.#whole(run)).filter(({ step }) => step < run.steps).at(-1) ?? null;
  }

  /** Leaves what it shall continue from, as the newest. */
  async putAside({ folder, from }: Pick<ProgramJob, 'folder' | 'from'>): Promise<void> {
    const output = outputFolder(folder);
    const aside = path.join(folder, 'aside');
    await mkdir(aside, { recursive: true });
    for (const name of await readdir(output).catch(() => [])) {
      const file = path.join(output, name);
      const isState = name === 'optimizer.pt';
      if (!isState && name !== LAST_FILE && !STEP_FILE.test(name)) continue;
      const isKept = isState ? from !== null && (await this.#states.has(file)) : this.#isUpTo(name, from);
      if (!isKept || (!isState && !(await this.#loras.has(file)))) await rename(file, path.join(aside, name));
    }
    const now = new Date();
    if (from) await utimes(from.path, now, now);
  }

  #isUpTo(name: string, from: ResumePoint | null): boolean {
    const step = STEP_FILE.exec(name)?.[1];
    return from !== null && step !== undefined && Number(step) <= from.step;
  }

  async #whole({ folder, steps }: Run): Promise<ResumePoint[]> {
    const output = outputFolder(folder);
    const found: ResumePoint[] = [];
    for (const name of await readdir(output).catch(() => [])) {
      const step = name === LAST_FILE ? steps : Number(STEP_FILE.exec(name)?.[1] ?? Number.NaN);
      const file = path.join(output, name);
      if (Number.isFinite(step) && (await this.#loras.has(file))) found.push({ step, path: file });
    }
    return found.sort((a, b) => a.step - b.step);
  }
}
