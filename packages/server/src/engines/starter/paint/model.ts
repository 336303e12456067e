/**
 * The small painting model: four networks around an 8 × 8 × 16 latent picture. `text` reads the prompt, `denoiser` says
 * in which direction noise becomes a picture, `decoder` turns the latent into 128 × 128 RGBA and `encoder` back.
 */
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { floats, integers, runForOne, shippedSession } from '../../embedded/sessions.ts';
import { readWeights } from '../../embedded/weights.ts';
import { gaussianNoise } from './noise.ts';
import { TOKENS, Tokenizer } from './tokenizer.ts';

const NETWORK_FILES = ['text.onnx', 'denoiser.onnx', 'decoder.onnx', 'encoder.onnx'] as const;
const VOCABULARY_FILE = 'vocabulary.json';
export const PAINT_FILES: readonly string[] = [...NETWORK_FILES, VOCABULARY_FILE];
export const CANVAS_PX = 128;

const LATENT_SHAPE = [16, 8, 8];
const LATENT_VALUES = 16 * 8 * 8;
const CANVAS_PIXELS = CANVAS_PX * CANVAS_PX;
/** Kinds of drawing the model can tell apart, in the order it learnt them. */
export const PAINT_STYLES = [
  'any',
  '3d',
  'glossy',
  'flat',
  'noto',
  'twemoji',
  'classic',
  'fx',
  'line',
  'game',
  'ui',
] as const;
export type PaintStyle = (typeof PAINT_STYLES)[number];

export interface SampleRequest {
  prompt: string;
  style: PaintStyle;
  seed: number;
  steps: number;
  guidance: number;
  /** Latent to start from and how much of it is replaced by noise, 0…1. */
  start: Float32Array;
  denoise: number;
  /** Latent of a drawing whose shape is followed; null for none. */
  reference: Float32Array | null;
  signal: AbortSignal;
  /** Called after each step with the latent so far. */
  onStep(done: number, latent: Float32Array): Promise<void> | void;
}

const opened = new Map<string, Promise<PaintModel>>();

export class PaintModel {
  readonly #sessions: Record<'text' | 'denoiser' | 'decoder' | 'encoder', InferenceSession>;
  readonly #tokenizer: Tokenizer;

  private constructor(sessions: InferenceSession[], tokenizer: Tokenizer) {
    const [text, denoiser, decoder, encoder] = sessions as [
      InferenceSession,
      InferenceSession,
      InferenceSession,
      InferenceSession,
    ];
    this.#sessions = { text, denoiser, decoder, encoder };
    this.#tokenizer = tokenizer;
  }

  /** Kept after the first call; a load that failed is tried again by the next. */
  static open(modelsDir: string): Promise<PaintModel> {
    const known = opened.get(modelsDir);
    if (known) return known;
    const model = PaintModel.#load(join(modelsDir, 'starter'));
    opened.set(modelsDir, model);
    model.catch(() => opened.delete(modelsDir));
    return model;
  }

  static async #load(dir: string): Promise<PaintModel> {
    const sessions = await Promise.all(NETWORK_FILES.map((file) => shippedSession(dir, file)));
    return new PaintModel(sessions, new Tokenizer(await readVocabulary(dir)));
  }

  /** Straight RGBA of `CANVAS_PX` squared to a latent. */
  async encode(rgba: Uint8Array): Promise<Float32Array> {
    const planes = new Float32Array(4 * CANVAS_PIXELS);
    for (let i = 0; i < CANVAS_PIXELS; i++) {
      for (let c = 0; c < 4; c++) planes[c * CANVAS_PIXELS + i] = (rgba[4 * i + c] as number) / 255;
    }
    const input = await floats(planes, [1, 4, CANVAS_PX, CANVAS_PX]);
    return (await runForOne(this.#sessions.encoder, { rgba: input })).data;
  }

  async decode(latent: Float32Array): Promise<Buffer> {
    const { data } = await runForOne(this.#sessions.decoder, {
      z: await floats(latent, [1, ...LATENT_SHAPE]),
    });
    const rgba = Buffer.alloc(4 * CANVAS_PIXELS);
    for (let i = 0; i < CANVAS_PIXELS; i++) {
      for (let c = 0; c < 4; c++) rgba[4 * i + c] = Math.round((data[c * CANVAS_PIXELS + i] as number) * 255);
    }
    return rgba;
  }

  /**
   * Rectified flow by Euler steps from time `denoise` to 0. Each step asks for two directions at once, with the prompt
   * and without, and goes further along their difference the greater the guidance.
   */
  async sample(request: SampleRequest): Promise<Float32Array> {
    const { steps, guidance, denoise, signal } = request;
    const latent = startOf(request);
    const fixed = await this.#conditions(request);
    for (let step = 0; step < steps; step++) {
      signal.throwIfAborted();
      const time = denoise * (1 - step / steps);
      const direction = await this.#direction(latent, time, fixed);
      for (let i = 0; i < LATENT_VALUES; i++) {
        const without = direction[LATENT_VALUES + i] as number;
        const guided = without + guidance * ((direction[i] as number) - without);
        latent[i] = (latent[i] as number) - (denoise / steps) * guided;
      }
      await request.onStep(step + 1, latent);
    }
    return latent;
  }

  async #conditions({ prompt, style, reference }: SampleRequest): Promise<InferenceSession.FeedsType> {
    const ids = await integers(
      [...this.#tokenizer.encode(prompt), ...this.#tokenizer.encode('')],
      [2, TOKENS],
    );
    const nothing = await floats(new Float32Array(2 * LATENT_VALUES), [2, ...LATENT_SHAPE]);
    const styleId = PAINT_STYLES.indexOf(style);
    return {
      ids,
      txt: await runForOne(this.#sessions.text, { ids }),
      style: await integers([styleId, styleId], [2]),
      // The silhouette input is not used by this hand; its flag says so.
      hint: nothing,
      hf: await floats(new Float32Array(2), [2]),
      ref: reference ? await floats(twice(reference), [2, ...LATENT_SHAPE]) : nothing,
      rf: await floats(new Float32Array(2).fill(reference ? 1 : 0), [2]),
    };
  }

  async #direction(
    latent: Float32Array,
    time: number,
    fixed: InferenceSession.FeedsType,
  ): Promise<Float32Array> {
    const moving = {
      x: await floats(twice(latent), [2, ...LATENT_SHAPE]),
      t: await floats(new Float32Array(2).fill(time), [2]),
    };
    return (await runForOne(this.#sessions.denoiser, { ...fixed, ...moving })).data;
  }
}

function startOf({ start, denoise, seed }: SampleRequest): Float32Array {
  return gaussianNoise(LATENT_VALUES, seed).map(
    (noise, i) => (1 - denoise) * (start[i] as number) + denoise * noise,
  );
}

function twice(latent: Float32Array): Float32Array {
  const both = new Float32Array(2 * LATENT_VALUES);
  both.set(latent);
  both.set(latent, LATENT_VALUES);
  return both;
}

async function readVocabulary(dir: string): Promise<string[]> {
  return JSON.parse((await readWeights(dir, VOCABULARY_FILE)).toString('utf8'));
}
