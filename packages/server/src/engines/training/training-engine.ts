/**
 * Runs a trainer as an engine. The trainer is a family of the kind `training`. A run has one frame, whose outputs are the
 * LoRA and, if the trainer paints samples, their sheet; the worker makes a style of the LoRA.
 *
 * One run at a time on each device, whichever trainer it has. A run waits until the one before has let go: a cancelled run
 * may still be writing its checkpoint when its retry begins.
 */
import {
  type Bilingual,
  type EngineHealth,
  type Family,
  type FrameRecipe,
  type LossPoint,
  type Missing,
  type RecipeTraining,
  says,
  type TrainingPhase,
} from '@limner/contract';
import { unlessAborted } from '../../unless-aborted.ts';
import { carriesOnLater } from '../carries-on-later.ts';
import type { Engine, EngineOutput, FrameContext, Lane } from '../engine.ts';
import type { RunState } from '../run-files.ts';
import { familyNotFound, unknownFamily } from '../unknown-family.ts';
import { LossCurve } from './loss-curve.ts';
import { seenPicture } from './seen-picture.ts';
import { progressAt, type StyleTrainer, type Trained, type TrainingJob } from './trainer.ts';

/** A run that waits for its device is alive. */
const WAITS_EVERY_MS = 20_000;

interface Turn {
  task: number;
  /** Never fails. */
  ended: Promise<unknown>;
}

/** The runs of each device that have not ended, in order. Shared by the trainers of a process. */
export type DeviceTurns = Map<string, Turn[]>;

export class TrainingEngine implements Engine {
  readonly id: string;
  readonly label: Bilingual;
  readonly preference = 10;
  readonly lanes: Lane[];
  readonly silenceMs: number;
  readonly tries: number;
  readonly #trainer: StyleTrainer;
  readonly #turns: DeviceTurns;
  #last: Promise<unknown> = Promise.resolve();

  constructor(trainer: StyleTrainer, turns: DeviceTurns = new Map()) {
    this.id = trainer.id;
    this.label = trainer.label;
    this.lanes = [{ id: trainer.lane, kinds: ['training'], maxTasks: 1 }];
    this.silenceMs = trainer.silenceMs;
    this.tries = trainer.tries;
    this.#trainer = trainer;
    this.#turns = turns;
  }

  families(): Family[] {
    return [familyOf(this.#trainer)];
  }

  supports({ family }: FrameRecipe): Missing[] {
    return this.missing(family);
  }

  missing(family: string): Missing[] {
    return family === this.#trainer.id ? this.#trainer.missing() : [unknownFamily(family)];
  }

  slots(): number {
    return 1;
  }

  run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const { device } = this.#trainer;
    const turns = this.#turns.get(device) ?? [];
    this.#turns.set(device, turns);
    const before = [...turns];
    const run = this.#turn({ turns, before }, frame, ctx);
    const turn: Turn = {
      task: ctx.task,
      ended: Promise.allSettled([...before.map(({ ended }) => ended), run]).then(() =>
        turns.splice(turns.indexOf(turn), 1),
      ),
    };
    turns.push(turn);
    this.#last = turn.ended;
    return run;
  }

  async refresh(): Promise<void> {
    await this.#trainer.refresh?.();
  }

  async #turn(
    { turns, before }: { turns: readonly Turn[]; before: readonly Turn[] },
    frame: FrameRecipe,
    ctx: FrameContext,
  ): Promise<EngineOutput[]> {
    if (before.length > 0) await this.#wait({ turns, before }, frame, ctx);
    this.#checkAborted(ctx);
    return this.#train(frame, ctx);
  }

  /** Until the runs before it have ended, or it is stopped. Shows the step of its checkpoint meanwhile. */
  async #wait(
    { turns, before }: { turns: readonly Turn[]; before: readonly Turn[] },
    { training, references }: FrameRecipe,
    ctx: FrameContext,
  ): Promise<void> {
    const steps = training ? this.#trainer.stepsOf(training.params, references.length) : 0;
    const show = async () => {
      // Its own earlier try, which still writes its checkpoint, is no other training.
      const others = before.filter((turn) => turn.task !== ctx.task && turns.includes(turn));
      ctx.waits(others.length > 0 ? others.length : null);
      ctx.progress(progressAt(await ctx.run.resumeStep(), steps));
    };
    const showing = () => void show().catch(() => undefined);
    showing();
    const timer = setInterval(showing, WAITS_EVERY_MS);
    try {
      await unlessAborted(Promise.all(before.map(({ ended }) => ended)), ctx.signal).catch(() => {});
    } finally {
      clearInterval(timer);
    }
    ctx.waits(null);
  }

  abandon(ticket: string): void {
    this.#trainer.abandon?.(ticket);
  }

  /** Before the trainer runs: it cannot stop what it left running. @throws the signal's reason */
  #checkAborted({ signal, ticket }: FrameContext): void {
    if (signal.aborted && ticket !== null && !carriesOnLater(signal.reason)) this.abandon(ticket);
    signal.throwIfAborted();
  }

  /** Trainers have their own list and are not among the painting engines. */
  async health(): Promise<EngineHealth[]> {
    return [];
  }

  /** A stopped run still writes its last checkpoint. */
  async close(): Promise<void> {
    await this.#last;
    await this.#trainer.close();
  }

  async #train(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const { training } = frame;
    if (frame.family !== this.#trainer.id) throw familyNotFound(frame.family);
    if (!training) throw new Error('a training without its plan');
    const steps = this.#trainer.stepsOf(training.params, frame.references.length);
    const state = await ctx.run.load(steps);
    this.#checkAborted(ctx);
    try {
      return await this.#outputs(frame, training, state, ctx);
    } finally {
      await ctx.run.end();
    }
  }

  async #outputs(
    frame: FrameRecipe,
    training: RecipeTraining,
    state: RunState,
    ctx: FrameContext,
  ): Promise<EngineOutput[]> {
    const job = jobOf(frame, training);
    const { lora, sheet } = await this.#steps(job, frame, state, ctx);
    const file = {
      body: lora,
      mediaType: 'application/octet-stream',
      provenance: this.#provenance(job, this.#trainer.familyOf(job.params)),
      role: 'lora',
    } as const;
    if (!sheet) return [file];
    return [
      { body: sheet.bytes, mediaType: sheet.mediaType, provenance: this.#provenance(job, this.id) },
      file,
    ];
  }

  #steps(job: TrainingJob, frame: FrameRecipe, state: RunState, ctx: FrameContext): Promise<Trained> {
    const steps = this.#trainer.stepsOf(job.params, job.pictures.length);
    const curve = new LossCurve(steps);
    let newest: LossPoint | undefined = state.loss.at(-1);
    let fraction = 0;
    const report = (step: number) => {
      fraction = progressAt(step, steps);
      ctx.progress(fraction, newest);
    };
    const heard = (phase?: TrainingPhase) => {
      if (ctx.signal.aborted) return;
      ctx.run.heard(phase);
      ctx.progress(fraction);
    };
    // The next step may be seconds away.
    if (state.step > 0) report(state.step);
    return this.#trainer.run(job, {
      signal: ctx.signal,
      ticket: ctx.ticket,
      checkpoint: state.checkpoint,
      openPicture: async (index) =>
        seenPicture(await ctx.openInput(frame.references[index] ?? ''), frame, index),
      workDir: () => ctx.run.workDir(),
      saveTicket: (ticket) => ctx.saveTicket(ticket),
      saveCheckpoint: (step, body) => ctx.run.saveCheckpoint(step, body),
      offer: (step, open) =>
        ctx.run.keepLora({ step, steps, family: this.#trainer.familyOf(job.params), open }),
      step: (step, loss) => {
        // The page did not show this step.
        if (ctx.signal.aborted) return;
        const point = loss === null ? null : curve.add(step, loss);
        newest = point ?? newest;
        ctx.run.reached(step, point);
        ctx.run.heard('training');
        report(step);
      },
      loss: (step, loss) => {
        const point = ctx.signal.aborted ? null : curve.add(step, loss);
        if (!point) return;
        newest = point;
        ctx.run.measured(point);
        ctx.progress(fraction, newest);
      },
      alive: () => heard(),
      phase: (phase) => heard(phase),
      sample: (bytes, mediaType) => ctx.preview(bytes, mediaType),
    });
  }

  #provenance({ styleName, params, pictures }: TrainingJob, family: string): EngineOutput['provenance'] {
    const count = pictures.length;
    const steps = this.#trainer.stepsOf(params, count);
    const summary = {
      en: `Samples without and with the style "${styleName}", trained on ${count} pictures in ${steps} steps.`,
      zh: `使用风格「${styleName}」前后的样图；以 ${count} 张图片训练 ${steps} 步。`,
    };
    return { engine: this.id, family, summary, details: { ...params, pictures: count } };
  }
}

const familyOf = (trainer: StyleTrainer): Family => ({
  id: trainer.id,
  kind: 'training',
  label: trainer.label,
  description: trainer.description,
  experimental: trainer.experimental,
  types: [],
  controls: [],
  size: null,
  references: trainer.images.max,
  loras: false,
  params: [],
});

function jobOf(frame: FrameRecipe, training: RecipeTraining): TrainingJob {
  const { style_name, trigger_words, params } = training;
  const pictures = frame.references.map((_, index) => {
    const subject = training.captions[index] ?? '';
    return { caption: captionOf(training, subject), subject };
  });
  const seed = Number(frame.seed);
  return { seed, styleName: style_name, triggerWords: trigger_words, pictures, params };
}

/**
 * What a prompt with this style will begin with, then what is on the picture. Captions made for other trainers have the trigger
 * words already. A picture without words is called by the style.
 */
function captionOf({ trigger_words, style_name }: RecipeTraining, subject: string): string {
  if (says(subject, trigger_words)) return subject || style_name;
  return [trigger_words, subject].filter(Boolean).join(', ') || style_name;
}
