/**
 * Trains an adapter of the painting model, one step at a time. Forward pass, gradient and Adam are one ONNX graph, so a
 * style can be trained wherever the model can paint. All random numbers come from one seeded stream: the same seed and
 * examples give the same adapter, also after a stop and resume.
 */
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { floats, integers, ownSession } from '../../embedded/sessions.ts';
import { weightsHash } from '../../embedded/weights.ts';
import { type Caption, HINT_KINDS, joined, TEXT_WIDTH, TOKENS } from './feeds.ts';
import { LATENT_SHAPE, LATENT_VALUES } from './latent.ts';
import { firstAdapter, LORA_RANK, LORA_VALUES } from './lora.ts';
import { DENOISER_WEIGHTS, PAINT_STYLES, PaintModel, type PaintStyle } from './model.ts';
import { SeededNoise } from './noise.ts';

const STEP_FILE = 'denoiser-step.onnx';
export const TRAIN_FILES: readonly string[] = [DENOISER_WEIGHTS, STEP_FILE];
const REFERENCE = HINT_KINDS.indexOf('reference');

export interface TrainingExample {
  latent: Float32Array;
  caption: Caption;
  /** Latent of a drawing of the same thing in another style; null: none. */
  reference: Float32Array | null;
  style?: PaintStyle;
}

export interface StepOptions {
  learningRate: number;
  /** Share of examples without their caption, as guidance needs. */
  emptyCaptionShare?: number;
  /** How often an existing reference is used. */
  referenceShare?: number;
  /** Mean and deviation of the normal distribution whose sigmoid is the time. */
  times?: readonly [mean: number, deviation: number];
}

export interface TrainerState {
  adapter: Float32Array;
  /** Adam's two moments. */
  m1: Float32Array;
  m2: Float32Array;
  step: number;
  /** State of the random stream. */
  random: number;
}

export class LoraTrainer {
  /** Both are fixed by the graph. */
  static readonly rank = LORA_RANK;
  static readonly batch = 8;
  /** Names the weights that the adapter belongs to. */
  readonly base: string;
  readonly #session: InferenceSession;
  readonly #nothingSaid: Caption;
  readonly #random: SeededNoise;
  #adapter: Float32Array;
  #m1: Float32Array = new Float32Array(LORA_VALUES);
  #m2: Float32Array = new Float32Array(LORA_VALUES);
  #step = 0;

  private constructor(base: string, session: InferenceSession, nothingSaid: Caption, seed: number) {
    this.base = base;
    this.#session = session;
    this.#nothingSaid = nothingSaid;
    this.#random = new SeededNoise(seed);
    this.#adapter = firstAdapter(this.#random);
  }

  static async open(modelsDir: string, seed: number): Promise<LoraTrainer> {
    const dir = join(modelsDir, 'starter');
    const [base, session, model] = await Promise.all([
      weightsHash(dir, DENOISER_WEIGHTS),
      ownSession(dir, DENOISER_WEIGHTS, STEP_FILE),
      PaintModel.open(modelsDir),
    ]);
    return new LoraTrainer(base, session, await model.caption(''), seed);
  }

  /** Draws a batch from the pool and takes one step; returns the batch's loss before the step. */
  async step(pool: readonly TrainingExample[], options: StepOptions): Promise<number> {
    const results = await this.#session.run(await this.#feeds(pool, options));
    const values = (name: string) => results[name]?.data as Float32Array;
    this.#adapter = values('lora_');
    this.#m1 = values('m1_');
    this.#m2 = values('m2_');
    this.#step++;
    return values('loss')[0] as number;
  }

  adapter(): Float32Array {
    return this.#adapter.slice();
  }

  state(): TrainerState {
    const [adapter, m1, m2] = [this.#adapter.slice(), this.#m1.slice(), this.#m2.slice()];
    return { adapter, m1, m2, step: this.#step, random: this.#random.state };
  }

  restore({ adapter, m1, m2, step, random }: TrainerState): void {
    this.#adapter = adapter.slice();
    this.#m1 = m1.slice();
    this.#m2 = m2.slice();
    this.#step = step;
    this.#random.state = random;
  }

  close(): Promise<void> {
    return this.#session.release();
  }

  async #feeds(pool: readonly TrainingExample[], options: StepOptions): Promise<InferenceSession.FeedsType> {
    const random = this.#random;
    const { emptyCaptionShare = 0.1, referenceShare = 1, times = [0.3, 1] } = options;
    const batch = LoraTrainer.batch;
    const rows = Array.from(
      { length: batch },
      () => pool[Math.floor(random.uniform() * pool.length)] as TrainingExample,
    );
    const captions = rows.map(({ caption }) =>
      random.uniform() < emptyCaptionShare ? this.#nothingSaid : caption,
    );
    const shown = rows.map(({ reference }) => (random.uniform() < referenceShare ? reference : null));
    const time = Float32Array.from(
      { length: batch },
      () => 1 / (1 + Math.exp(-times[0] - times[1] * (random.gaussian(1)[0] as number))),
    );
    const noise = random.gaussian(batch * LATENT_VALUES);
    const latents = [batch, ...LATENT_SHAPE];
    const { hints, flags } = referenceHints(shown);
    const vector = (values: Float32Array) => floats(values, [LORA_VALUES]);
    const scalar = (value: number) => floats(Float32Array.of(value), []);
    return {
      lora: await vector(this.#adapter),
      m1: await vector(this.#m1),
      m2: await vector(this.#m2),
      rate: await scalar(options.learningRate),
      step: await scalar(this.#step + 1),
      x0: await floats(joined(rows.map(({ latent }) => latent)), latents),
      noise: await floats(noise, latents),
      t: await floats(time, [batch]),
      txt: await floats(joined(captions.map(({ values }) => values)), [batch, TOKENS, TEXT_WIDTH]),
      present: await floats(joined(captions.map(({ present }) => present)), [batch, TOKENS]),
      style: await integers(
        rows.map(({ style }) => PAINT_STYLES.indexOf(style ?? 'any')),
        [batch],
      ),
      hints: await floats(hints, [batch, HINT_KINDS.length, ...LATENT_SHAPE]),
      flags: await floats(flags, [batch, HINT_KINDS.length]),
    };
  }
}

function referenceHints(references: readonly (Float32Array | null)[]) {
  const kinds = HINT_KINDS.length;
  const hints = new Float32Array(references.length * kinds * LATENT_VALUES);
  const flags = new Float32Array(references.length * kinds);
  for (const [row, reference] of references.entries()) {
    if (reference === null) continue;
    hints.set(reference, (row * kinds + REFERENCE) * LATENT_VALUES);
    flags[row * kinds + REFERENCE] = 1;
  }
  return { hints, flags };
}
