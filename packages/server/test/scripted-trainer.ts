/** A trainer for tests that takes the steps it is let take, keeps a checkpoint every two and makes a real file. */
import type { Missing, TrainerParam, TrainerPreset, TrainingParams, TrainingPhase } from '@limner/contract';
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
  readonly id: string;
  readonly label = { en: 'Scripted trainer', zh: '脚本训练器' };
  readonly description = { en: 'For tests', zh: '测试用' };
  readonly families: string[];
  readonly lane: string;
  readonly device: string;
  readonly presets: TrainerPreset[] = [];
  readonly silenceMs = 60_000;
  readonly tries = 3;
  readonly images = { min: 2, max: 4 };
  readonly experimental = false;
  readonly params: TrainerParam[] = [
    param('lora_rank', 'integer', 8, 8, 8),
    param('learning_rate', 'number', 0.1, 0.01, 1),
    param('steps', 'integer', 6, 2, 100),
  ];
  /** Every run: its job, and the steps it took. */
  readonly runs: { job: TrainingJob; steps: number[] }[] = [];
  obstacles: Missing[] = [];
  /** Its file; null: one of its own form. */
  lora: Buffer | null = null;
  /** Called before each step; may wait for as long as it likes, or throw. */
  before: (step: number, run: number) => Promise<void> | void = () => {};
  /** Called when it is stopped, before it saves where it is. */
  beforeStop: () => Promise<void> | void = () => {};

  /** Each step's LoRA, which it offers; null: it offers none. */
  checkpoint: ((step: number) => Buffer) | null = null;
  paintsSamples = true;
  /** When its losses are known. */
  measures: 'with its step' | 'after its step' | 'never' = 'with its step';
  startsWith: TrainingPhase | null = null;

  constructor(family = 'scripted', id = 'scripted-lora', device = 'cpu') {
    this.id = id;
    this.device = device;
    this.lane = id === 'scripted-lora' ? 'training' : `training-${id}`;
    this.families = [family];
  }

  familyOf(): string {
    return this.families[0] ?? '';
  }

  stepsOf(params: TrainingParams): number {
    return Number(params.steps);
  }

  hasSamples(): boolean {
    return this.paintsSamples;
  }

  missing(): Missing[] {
    return this.obstacles;
  }

  async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    const steps: number[] = [];
    const run = this.runs.push({ job, steps });
    ctx.signal.throwIfAborted();
    if (this.startsWith) ctx.phase(this.startsWith);
    const from = Number((await ctx.checkpoint?.read())?.toString()) || 0;
    for (let step = from + 1; step <= this.stepsOf(job.params); step += 1) {
      await Promise.race([this.before(step, run), stopped(ctx.signal)]).catch((error) => {
        if (!ctx.signal.aborted) throw error;
      });
      if (ctx.signal.aborted) {
        await this.beforeStop();
        await ctx.saveCheckpoint(step - 1, Buffer.from(String(step - 1)));
        throw ctx.signal.reason;
      }
      steps.push(step);
      ctx.step(step, this.measures === 'with its step' ? 1 / step : null);
      if (this.measures === 'after its step') ctx.loss(step, 1 / step);
      const { checkpoint } = this;
      if (checkpoint) await ctx.offer(step, async () => checkpoint(step));
      if (step % CHECKPOINT_EVERY === 0) await ctx.saveCheckpoint(step, Buffer.from(String(step)));
    }
    return {
      lora: this.lora ?? Buffer.from(`lora after ${job.params.steps}`),
      sheet: this.paintsSamples ? await this.#sheet() : null,
    };
  }

  async #sheet(): Promise<SampleSheet> {
    return { bytes: tinyPng, mediaType: 'image/png' };
  }

  async close(): Promise<void> {}
}

function param(
  key: string,
  type: 'number' | 'integer',
  normal: number,
  min: number,
  max: number,
): TrainerParam {
  const hint = { en: 'More takes longer.', zh: '越大越慢。' };
  return { key, type, label: { en: key, zh: key }, hint, default: normal, min, max, step: min };
}

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) =>
    signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
  );

/** Holds the trainer's first run before a step: `arrived` resolves when it has come there, `open` lets it go on. */
export function gate(trainer: ScriptedTrainer, at: number) {
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
  return { arrived, opened, open };
}
