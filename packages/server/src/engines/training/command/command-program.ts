/** The trainer `command`: any program that the operator configures (TRAIN_COMMAND…). See docs/training.md. */
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Missing, TrainerParam, TrainingParams } from '@limner/contract';
import { readHeader } from '../../../loras/safetensors-header.ts';
import { lossIn, readBar } from '../program/bar.ts';
import { commandPath, filesMatching, stepIn } from '../program/found-files.ts';
import type {
  LineReader,
  ProgramJob,
  ResumePoint,
  SavedLora,
  Stage,
  TrainingProgram,
} from '../program/training-program.ts';
import { familyParam, resolutionParam, usualParams } from '../program/usual-params.ts';
import { argumentsOf, type CommandLine, noOption, type PlaceValues } from './command-line.ts';

export interface CommandSettings {
  /** null: none is configured, so the trainer is listed with what to set. */
  line: CommandLine | null;
  /** The families that it trains for, the usual one first; at least one. */
  families: readonly string[];
  /** Names of LoRA files below its output folder, with `*`. */
  result: string;
  /** Names of files or folders from which it resumes; null: it begins again. */
  resume: string | null;
  device: string;
}

export interface CommandProgramOptions extends CommandSettings {
  /** Folders in which programs lie, as PATH has them. */
  searchPath: string;
  /** Of a family, for people. */
  labelOf(family: string): string;
}

export class CommandProgram implements TrainingProgram {
  readonly id = 'command';
  readonly label = { en: 'Own command', zh: '自定义命令' };
  readonly description = {
    en: "A training program that this studio's operator configured.",
    zh: '由本工作室管理员配置的训练程序。',
  };
  readonly images = { min: 2, max: 200 };
  readonly presets = [];
  readonly experimental = false;
  readonly families: readonly string[];
  readonly params: TrainerParam[];
  readonly device: string;
  readonly #options: CommandProgramOptions;
  #missing: Missing[] = [];

  constructor(options: CommandProgramOptions) {
    const { families, labelOf, device, line } = options;
    this.#options = options;
    this.families = families;
    this.device = device;
    if (!line) this.#missing = [NOT_SET];
    const choices = families.map((value) => ({ value, label: { en: labelOf(value), zh: labelOf(value) } }));
    this.params = [
      ...usualParams(),
      ...(choices.length > 1 ? [familyParam(choices)] : []),
      resolutionParam(),
    ];
  }

  familyOf({ family }: TrainingParams): string {
    return typeof family === 'string' ? family : (this.families[0] ?? '');
  }

  stepsOf({ steps }: TrainingParams): number {
    return Number(steps);
  }

  missing(): Missing[] {
    return this.#missing;
  }

  async refresh(): Promise<void> {
    const { line, searchPath } = this.#options;
    if (!line) return;
    const [command] = line;
    this.#missing = (await commandPath(command, searchPath)) ? [] : [notThere(command)];
  }

  stages(job: ProgramJob): Stage[] {
    const { line } = this.#options;
    if (!line) return [];
    const values = this.#valuesOf(job);
    return [
      {
        id: 'train',
        phase: 'preparing',
        command: line[0],
        args: argumentsOf(line, values),
        prepare: () => writeConfig(values, job),
        reader: () => stepsOf(job),
      },
    ];
  }

  #valuesOf(job: ProgramJob): PlaceValues {
    const { params, seed, triggerWords } = job.job;
    return {
      config: path.join(job.folder, 'config.json'),
      pictures: job.pictures,
      output: outputOf(job),
      count: String(job.sizes.length),
      steps: String(job.steps),
      rank: String(params.lora_rank),
      learning_rate: String(params.learning_rate),
      resolution: String(params.resolution),
      trigger: noOption(triggerWords),
      seed: String(seed),
      family: this.familyOf(params),
      resume: job.from?.path ?? '',
    };
  }

  /** The newest file is the result once the program has ended well; the others are its checkpoints. */
  async saved(job: ProgramJob): Promise<SavedLora[]> {
    const whole: { file: string; step: number | null }[] = [];
    for (const { path: file } of await filesMatching(outputOf(job), this.#options.result))
      if (await readHeader(file).catch(() => null)) whole.push({ file, step: stepIn(path.basename(file)) });
    const last = whole.at(-1);
    if (job.ended && last) last.step = job.steps;
    return whole
      .flatMap(({ file, step }) =>
        step === null ? [] : [{ step, open: async () => createReadStream(file) }],
      )
      .filter(({ step }) => job.ended || step < job.steps)
      .sort((a, b) => a.step - b.step);
  }

  async resumePoint(job: Omit<ProgramJob, 'from' | 'ended'>): Promise<ResumePoint | null> {
    const { resume } = this.#options;
    if (resume === null) return null;
    const found = (await filesMatching(outputOf(job), resume))
      .flatMap((each) => ({ path: each.path, step: stepIn(path.basename(each.path)) ?? 0 }))
      .filter(({ step }) => step < job.steps);
    return found.at(-1) ?? null;
  }
}

const outputOf = ({ folder }: Pick<ProgramJob, 'folder'>): string => path.join(folder, 'output');

/** All placeholders by name, and what an argument cannot hold. */
async function writeConfig(values: PlaceValues, { job, folder, sizes }: ProgramJob): Promise<void> {
  await mkdir(outputOf({ folder }), { recursive: true });
  const captions = job.pictures.map(({ caption }) => caption);
  const config = { ...values, style_name: job.styleName, captions, sizes };
  await writeFile(values.config, JSON.stringify(config, null, 2));
}

const SAYS_STEPS = /\bsteps?\s*[:=]?\s*(\d+)\s*(?:\/|of)\s*(\d+)/i;

/** A bar of tqdm, or `step 10/1000 … loss 0.3`. A resumed program counts all steps, or what is left. */
function stepsOf({ steps, from }: ProgramJob): LineReader {
  const begun = from?.step ?? 0;
  const counted = (done: number, total: number, loss: number | null) => {
    if (done === 0) return [];
    if (total === steps) return [{ step: done, loss }];
    return total === steps - begun ? [{ step: begun + done, loss }] : [];
  };
  return (line) => {
    const bar = readBar(line);
    if (bar) return counted(bar.done, bar.total, bar.loss);
    const [, done, total] = SAYS_STEPS.exec(line) ?? [];
    return done === undefined ? [] : counted(Number(done), Number(total), lossIn(line));
  };
}

const NOT_SET: Missing = {
  what: 'package',
  name: 'TRAIN_COMMAND',
  cure: {
    en: 'To train by a program of your own, set TRAIN_COMMAND to its command line as a JSON array, with placeholders such as {config}, {pictures} and {output}; docs/training.md has examples.',
    zh: '如需使用自己的训练程序，请将 TRAIN_COMMAND 设为 JSON 数组形式的命令行，可用 {config}、{pictures}、{output} 等占位符；示例见 docs/training.zh-CN.md。',
  },
};

const notThere = (command: string): Missing => ({
  what: 'package',
  name: command,
  cure: {
    en: `The program of TRAIN_COMMAND is not there, or cannot be run: ${command}. Install it, or correct the path.`,
    zh: `TRAIN_COMMAND 中的程序不存在或无法执行：${command}。请安装它，或更正路径。`,
  },
});
