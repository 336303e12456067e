/**
 * Runs trainings as an engine: each trainer is a family of the kind `training`, and a run's one frame ends with the sheet
 * of samples as its picture. By then the style is there.
 *
 * One run at a time: the lane sees to that for tasks, and here a run waits until the one before has let go, for a
 * cancelled run may still be writing its checkpoint when its retry begins.
 */
import {
  type Bilingual,
  type EngineHealth,
  type Family,
  type FrameRecipe,
  type LossPoint,
  type Missing,
  type RecipeTraining,
  StudioError,
} from '@limner/contract';
import type { Engine, EngineOutput, FrameContext, Lane } from '../engine.ts';
import { LossCurve } from './loss-curve.ts';
import type { RunState, RunStore } from './run-store.ts';
import type { SampleSheet, StyleTrainer, Trained, TrainingJob } from './trainer.ts';

/** What is left of a run after its last step: the sheet of samples and the files. */
const SHARE_OF_STEPS = 0.97;

export class TrainingEngine implements Engine {
  readonly id = 'training';
  readonly label: Bilingual = { en: 'Style training', zh: '风格训练' };
  readonly preference = 10;
  /** One after another: each would only slow the other down. */
  readonly lanes: Lane[] = [{ id: 'training', kinds: ['training'], maxTasks: 1 }];
  /** A checkpoint may be long in coming on a machine that is busy. */
  readonly silenceMs = 15 * 60_000;
  /** Each goes on from the last checkpoint. */
  readonly tries = 3;
  readonly #trainers: StyleTrainer[];
  readonly #store: RunStore;
  #last: Promise<unknown> = Promise.resolve();

  constructor(trainers: StyleTrainer[], store: RunStore) {
    this.#trainers = trainers;
    this.#store = store;
  }

  /** The best first. */
  get trainers(): readonly StyleTrainer[] {
    return this.#trainers;
  }

  families(): Family[] {
    return this.#trainers.map(familyOf);
  }

  supports(request: FrameRecipe): Missing[] {
    return this.missing(request.family);
  }

  missing(family: string): Missing[] {
    return this.#trainer(family).missing();
  }

  slots(): number {
    return 1;
  }

  run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const run = this.#last.then(() => this.#train(frame, ctx)).finally(() => this.#store.release(ctx.task));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #train(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const { training } = frame;
    if (!training) throw new Error('a training without its plan');
    const trainer = this.#trainer(frame.family);
    const state = await this.#store.load(ctx.task);
    ctx.signal.throwIfAborted();
    const job = await jobOf(frame, training, state, ctx);
    const { lora, sheet } = state.lora
      ? { lora: state.lora, sheet: await trainer.samples(state.lora, job, ctx.signal) }
      : await this.#steps(trainer, job, state, ctx);
    ctx.signal.throwIfAborted();
    const { style_name: name, style_type: type, trigger_words: triggerWords } = training;
    await this.#store.finish(ctx.task, { name, type, triggerWords, family: trainer.family, lora });
    return [outputOf(trainer, training, frame.references.length, sheet)];
  }

  #steps(trainer: StyleTrainer, job: TrainingJob, state: RunState, ctx: FrameContext): Promise<Trained> {
    const { steps } = job.params;
    const curve = new LossCurve(steps);
    let newest: LossPoint | undefined = state.loss.at(-1);
    const tell = (step: number) => ctx.progress((SHARE_OF_STEPS * step) / steps, newest);
    // The next step may be seconds away.
    if (state.step > 0) tell(state.step);
    return trainer.run(job, {
      signal: ctx.signal,
      step: (step, loss) => {
        const point = curve.add(step, loss);
        newest = point ?? newest;
        this.#store.tell(ctx.task, step, point);
        tell(step);
      },
      sample: (bytes, mediaType) => ctx.preview(bytes, mediaType),
      saveCheckpoint: (step, bytes) => this.#store.save(ctx.task, step, bytes),
    });
  }

  /** A training is listed with what can train, not among the engines that paint. */
  async health(): Promise<EngineHealth[]> {
    return [];
  }

  /** A run that was told to stop still writes where it is. */
  async close(): Promise<void> {
    await this.#last;
    await Promise.all(this.#trainers.map((trainer) => trainer.close()));
  }

  #trainer(id: string): StyleTrainer {
    const trainer = this.#trainers.find((known) => known.id === id);
    if (!trainer) throw new StudioError('trainer_not_found', { data: { trainer: id }, field: 'trainer' });
    return trainer;
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

async function jobOf(
  frame: FrameRecipe,
  training: RecipeTraining,
  state: RunState,
  ctx: FrameContext,
): Promise<TrainingJob> {
  const { trigger_words: triggerWords, params } = training;
  const pictures: TrainingJob['pictures'] = [];
  for (const [index, id] of frame.references.entries()) {
    const input = await ctx.openInput(id);
    const subject = training.captions[index] ?? '';
    pictures.push({ caption: captionOf(training, subject), subject, bytes: await input.read() });
  }
  return { seed: Number(frame.seed), triggerWords, pictures, params, checkpoint: state.checkpoint };
}

/** What a prompt with this style will begin with, then what is on the picture; a picture without words is called by the style. */
function captionOf({ trigger_words, style_name }: RecipeTraining, subject: string): string {
  return [trigger_words, subject].filter(Boolean).join(', ') || style_name;
}

function outputOf(
  trainer: StyleTrainer,
  { style_name, params }: RecipeTraining,
  pictures: number,
  sheet: SampleSheet,
): EngineOutput {
  const summary = {
    en: `Samples without and with the style "${style_name}", trained on ${pictures} pictures in ${params.steps} steps.`,
    zh: `使用风格「${style_name}」前后的样图；以 ${pictures} 张图片训练 ${params.steps} 步。`,
  };
  return {
    body: sheet.bytes,
    mediaType: sheet.mediaType,
    provenance: { engine: 'training', family: trainer.id, summary, details: { ...params, pictures } },
  };
}
