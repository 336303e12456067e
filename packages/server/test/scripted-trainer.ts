/** A trainer for tests that takes the steps it is let take, keeps a checkpoint every two and makes a real file. */
import type { Missing, TrainerParam } from '@limner/contract';
import type {
  SampleSheet,
  StyleTrainer,
  Trained,
  TrainingContext,
  TrainingJob,
} from '../src/engines/training/trainer.ts';
import { tinyPng } from './scripted-engine.ts';

const CHECKPOINT_EVERY = 2;

export class ScriptedTrainer implements StyleTrainer {
  readonly id = 'scripted-lora';
  readonly label = { en: 'Scripted trainer', zh: '脚本训练器' };
  readonly description = { en: 'For tests', zh: '测试用' };
  readonly family: string;
  readonly images = { min: 2, max: 4 };
  readonly experimental = false;
  readonly params: TrainerParam[] = [
    param('lora_rank', 8, 8, 8),
    param('learning_rate', 0.1, 0.01, 1),
    param('steps', 6, 2, 100),
  ];
  /** Every run: its job, and the steps it took. */
  readonly runs: { job: TrainingJob; steps: number[] }[] = [];
  /** Sheets painted of a LoRA that was finished before. */
  sheets = 0;
  obstacles: Missing[] = [];
  /** Called before each step; may wait for as long as it likes, or throw. */
  before: (step: number, run: number) => Promise<void> | void = () => {};

  constructor(family = 'scripted') {
    this.family = family;
  }

  missing(): Missing[] {
    return this.obstacles;
  }

  async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    const steps: number[] = [];
    const run = this.runs.push({ job, steps });
    const from = Number(job.checkpoint?.toString() ?? 0);
    for (let step = from + 1; step <= job.params.steps; step += 1) {
      await Promise.race([this.before(step, run), stopped(ctx.signal)]).catch((error) => {
        if (!ctx.signal.aborted) throw error;
      });
      if (ctx.signal.aborted) {
        await ctx.saveCheckpoint(step - 1, Buffer.from(String(step - 1)));
        throw ctx.signal.reason;
      }
      steps.push(step);
      ctx.step(step, 1 / step);
      if (step % CHECKPOINT_EVERY === 0) await ctx.saveCheckpoint(step, Buffer.from(String(step)));
    }
    return { lora: Buffer.from(`lora after ${job.params.steps}`), sheet: await this.#sheet() };
  }

  async samples(): Promise<SampleSheet> {
    this.sheets += 1;
    return this.#sheet();
  }

  async #sheet(): Promise<SampleSheet> {
    return { bytes: tinyPng, mediaType: 'image/png' };
  }

  async close(): Promise<void> {}
}

function param(key: TrainerParam['key'], normal: number, min: number, max: number): TrainerParam {
  const hint = { en: 'More takes longer.', zh: '越大越慢。' };
  return { key, label: { en: key, zh: key }, hint, default: normal, min, max, step: min };
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );

/** Holds the trainer's first run before a step: `arrived` resolves when it has come there, `open` lets it go on. */
export function gate(trainer: ScriptedTrainer, at: number): { arrived: Promise<void>; open: () => void } {
  let open = (): void => {};
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  trainer.before = (step, run) => {
    if (step !== at || run !== 1) return;
    arrive();
    return opened;
  };
  return { arrived, open };
}
