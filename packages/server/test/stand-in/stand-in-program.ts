/** The description of the stand-in program: names and states as kohya and musubi-tuner leave them. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Missing, TrainerParam, TrainingParams } from '@limner/contract';
import { barSteps } from '../../src/engines/training/program/bar.ts';
import type {
  ProgramJob,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../../src/engines/training/program/training-program.ts';
import { readHeader } from '../../src/loras/safetensors-header.ts';
import { serverDir } from '../places.ts';

const PROGRAM = path.join(serverDir, 'test', 'stand-in', 'stand-in.mjs');

interface Failing {
  lines?: string[];
  code?: number;
  signal?: NodeJS.Signals;
}

/** What goes wrong; nothing by itself. */
export interface StandInFaults {
  /** Signals without effect on it. */
  ignores?: NodeJS.Signals[];
  /** Has a child that ends by SIGKILL alone. */
  child?: boolean;
  childLeavesGroup?: boolean;
  cacheFails?: Failing;
  failsAt?: Failing & { step: number; once?: boolean };
  /** Says nothing and takes no step from here on, until a file `go-on` is there; writes a file `hangs`. */
  hangsAt?: number;
  /** Its bar shows every so many steps only. */
  skipsSteps?: number;
  noResult?: boolean;
  /** The result is cut off. */
  partialResult?: boolean;
  /** Exit code after the result. */
  endsWith?: number;
}

export interface StandInOptions {
  stepMs?: number;
  saveEvery?: number;
  faults?: StandInFaults;
  device?: string;
  /** A file for its starts instead of `starts.log` in the run's folder, which is removed when the run is completed. */
  notes?: string;
  /** A PNG that it paints at each save. */
  sample?: Buffer;
}

export class StandInProgram implements TrainingProgram {
  readonly id = 'stand-in';
  readonly label = { en: 'Stand-in', zh: '替身' };
  readonly description = { en: 'For tests', zh: '测试用' };
  readonly families = ['flux2-klein'];
  readonly images = { min: 1, max: 20 };
  readonly presets = [];
  readonly experimental = false;
  readonly device: string;
  readonly params: TrainerParam[] = [
    {
      ...{ key: 'steps', type: 'integer', default: 20, min: 1, max: 10_000, step: 1 },
      label: { en: 'Steps', zh: '步数' },
      hint: { en: 'More takes longer.', zh: '越多越慢。' },
    },
  ];
  readonly #options: StandInOptions;

  constructor(options: StandInOptions = {}) {
    this.#options = options;
    this.device = options.device ?? `test ${process.pid} ${Math.random()}`;
  }

  familyOf(): string {
    return 'flux2-klein';
  }

  stepsOf({ steps }: TrainingParams): number {
    return Number(steps);
  }

  missing(): Missing[] {
    return [];
  }

  stages(job: ProgramJob): Stage[] {
    const config = path.join(job.folder, 'stand-in.json');
    const prepare = () => this.#writeConfig(config, job);
    const run = (id: string) => ({ id, command: process.execPath, args: [PROGRAM, config, id], prepare });
    const from = job.from?.step ?? 0;
    return [
      { ...run('cache'), phase: 'caching', reader: () => () => [] },
      { ...run('train'), phase: 'preparing', reader: () => barSteps({ total: job.steps - from, from }) },
    ];
  }

  async #writeConfig(file: string, { folder, pictures, steps, from }: ProgramJob): Promise<void> {
    const { stepMs = 5, saveEvery = 5, faults = {}, sample, notes } = this.#options;
    const text = JSON.stringify({
      ...{ folder, output: outputOf({ folder }), pictures, steps, from: from?.step ?? 0, stepMs, saveEvery },
      ...{ faults, sample: sample?.toString('base64'), notes },
    });
    await writeFile(file, text);
  }

  async saved(job: ProgramJob): Promise<SavedLora[]> {
    const found: SavedLora[] = [];
    for (const name of await readdir(outputOf(job)).catch(() => [])) {
      const [match, step] = /^style(?:-step(\d+))?\.safetensors$/.exec(name) ?? [];
      const file = path.join(outputOf(job), name);
      if (match === undefined || !(await readHeader(file).catch(() => null))) continue;
      found.push({
        step: step === undefined ? job.steps : Number(step),
        open: async () => createReadStream(file),
      });
    }
    return found.sort((a, b) => a.step - b.step);
  }

  async resumePoint(job: Omit<ProgramJob, 'from' | 'ended'>): Promise<ResumePoint | null> {
    const names = await readdir(outputOf(job)).catch(() => []);
    for (const name of names.sort().reverse()) {
      const folder = path.join(outputOf(job), name);
      if (!name.endsWith('-state')) continue;
      const text = await readFile(path.join(folder, 'state.json'), 'utf8').catch(() => '');
      const step = Number(/^\{"step":(\d+)\}$/.exec(text)?.[1]);
      if (step) return { step, path: folder };
    }
    return null;
  }

  samples(job: ProgramJob): string {
    return path.join(outputOf(job), 'sample');
  }
}

export interface StandInStart {
  stage: string;
  pid: number;
  from: number;
  /** Another program of the run was alive. */
  beside: boolean;
  folder: string;
}

/** From its notes. */
export const readStarts = (notes: string): StandInStart[] =>
  (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n') : []).flatMap((line) => {
    const [, stage, pid, from, beside, folder] =
      /^(\w+) (\d+) from (\d+)( beside)? in (.+)$/.exec(line) ?? [];
    if (stage === undefined || folder === undefined) return [];
    return { stage, pid: Number(pid), from: Number(from), beside: beside !== undefined, folder };
  });

const outputOf = ({ folder }: Pick<ProgramJob, 'folder'>): string => path.join(folder, 'output');
