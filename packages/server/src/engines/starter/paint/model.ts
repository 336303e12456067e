/**
 * The small painting model: four networks around an 8 × 8 × 16 latent picture. `text` reads the prompt, `denoiser` says
 * in which direction noise becomes a picture, `decoder` turns the latent into 128 × 128 RGBA and `encoder` back.
 */
import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { floats, integers, runForOne, shippedSession } from '../../embedded/sessions.ts';
import { readWeights, weightsHash } from '../../embedded/weights.ts';
import { type Caption, Feeds, type Hint, TOKENS } from './feeds.ts';
import { LATENT_SHAPE, LATENT_VALUES } from './latent.ts';
import { gaussianNoise } from './noise.ts';
import { Tokenizer } from './tokenizer.ts';

/** These weights serve two graphs: the one that paints, and the one that trains adapters. */
export const DENOISER_WEIGHTS = 'denoiser.weights.onnx';
const NETWORKS = {
  text: ['text.onnx'],
  denoiser: [DENOISER_WEIGHTS, 'denoiser.onnx'],
  decoder: ['decoder.onnx'],
  encoder: ['encoder.onnx'],
};
type Network = keyof typeof NETWORKS;
const VOCABULARY_FILE = 'vocabulary.json';
export const PAINT_FILES: readonly string[] = [...Object.values(NETWORKS).flat(), VOCABULARY_FILE];
export const CANVAS_PX = 128;

const CANVAS_PIXELS = CANVAS_PX * CANVAS_PX;
/** Kinds of drawing that the model distinguishes, in the order of its training. */
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
  /** 1: no guidance; more moves further away from a painting without the prompt. */
  guidance: number;
  /** Latent to start from, and the share of noise added to it, 0…1. */
  start: Float32Array;
  denoise: number;
  hints: readonly Hint[];
  /** A trained style's adapter; null for none. */
  lora: Float32Array | null;
  signal: AbortSignal;
  /** Called after each step with the latent so far. */
  onStep(done: number, latent: Float32Array): Promise<void> | void;
}

const MAX_CAPTIONS = 64;
const opened = new Map<string, Promise<PaintModel>>();

export class PaintModel {
  /** Identifies the denoiser's weights; an adapter fits only these. */
  readonly base: string;
  readonly #sessions: Record<Network, InferenceSession>;
  readonly #tokenizer: Tokenizer;
  /** Caches the texts of a batch and the empty text. */
  readonly #captions = new Map<string, Promise<Caption>>();

  private constructor(base: string, sessions: Record<Network, InferenceSession>, tokenizer: Tokenizer) {
    this.base = base;
    this.#sessions = sessions;
    this.#tokenizer = tokenizer;
  }

  /** Cached after the first call; after a failed load the next call tries again. */
  static open(modelsDir: string): Promise<PaintModel> {
    const known = opened.get(modelsDir);
    if (known) return known;
    const model = PaintModel.#load(join(modelsDir, 'starter'));
    opened.set(modelsDir, model);
    model.catch(() => opened.delete(modelsDir));
    return model;
  }

  static async #load(dir: string): Promise<PaintModel> {
    const session = (network: Network) => shippedSession(dir, ...NETWORKS[network]);
    const [base, vocabulary, text, denoiser, decoder, encoder] = await Promise.all([
      weightsHash(dir, DENOISER_WEIGHTS),
      readVocabulary(dir),
      session('text'),
      session('denoiser'),
      session('decoder'),
      session('encoder'),
    ]);
    return new PaintModel(base, { text, denoiser, decoder, encoder }, new Tokenizer(vocabulary));
  }

  /** Straight RGBA of `CANVAS_PX` squared to a latent. */
  async encode(rgba: Uint8Array): Promise<Float32Array> {
    const input = await floats(planesOf(rgba), [1, 4, CANVAS_PX, CANVAS_PX]);
    return (await runForOne(this.#sessions.encoder, { rgba: input })).data;
  }

  /** A latent to premultiplied RGBA planes in 0…1; values may reach a little beyond. */
  async decode(latent: Float32Array): Promise<Float32Array> {
    return (await runForOne(this.#sessions.decoder, { z: await floats(latent, [1, ...LATENT_SHAPE]) })).data;
  }

  caption(text: string): Promise<Caption> {
    const known = this.#captions.get(text);
    if (known) return known;
    if (this.#captions.size >= MAX_CAPTIONS) this.#captions.clear();
    const caption = this.#read(text);
    this.#captions.set(text, caption);
    caption.catch(() => this.#captions.delete(text));
    return caption;
  }

  async #read(text: string): Promise<Caption> {
    const ids = this.#tokenizer.encode(text);
    const { data } = await runForOne(this.#sessions.text, { ids: await integers(ids, [1, TOKENS]) });
    return { values: data, present: Float32Array.from(ids, (id) => (id === 0 ? 0 : 1)) };
  }

  /**
   * Rectified flow by Euler steps from time `denoise` to 0. With guidance, each step computes two directions, with the
   * prompt and without, and extrapolates their difference.
   */
  async sample(request: SampleRequest): Promise<Float32Array> {
    const { steps, guidance, denoise, signal } = request;
    const latent = startOf(request);
    const feeds = await this.#feeds(request);
    for (let step = 0; step < steps; step++) {
      signal.throwIfAborted();
      const time = denoise * (1 - step / steps);
      const { data } = await runForOne(this.#sessions.denoiser, feeds.at(latent, time, step / steps));
      follow(latent, data, guidance, denoise / steps);
      await request.onStep(step + 1, latent);
    }
    return latent;
  }

  async #feeds({ prompt, style, guidance, hints, lora }: SampleRequest): Promise<Feeds> {
    const captions = [await this.caption(prompt)];
    if (guidance !== 1) captions.push(await this.caption(''));
    const used = hints.filter(({ strength }) => strength > 0);
    return Feeds.of({ captions, styleId: PAINT_STYLES.indexOf(style), hints: used, lora });
  }
}

function startOf({ start, denoise, seed }: SampleRequest): Float32Array {
  return gaussianNoise(LATENT_VALUES, seed).map(
    (noise, i) => (1 - denoise) * (start[i] as number) + denoise * noise,
  );
}

/** `direction` has one row, or a second one for the direction without the prompt. */
function follow(latent: Float32Array, direction: Float32Array, guidance: number, by: number): void {
  const paired = direction.length > LATENT_VALUES;
  for (let i = 0; i < LATENT_VALUES; i++) {
    const asked = direction[i] as number;
    const without = paired ? (direction[LATENT_VALUES + i] as number) : asked;
    latent[i] = (latent[i] as number) - by * (without + guidance * (asked - without));
  }
}

function planesOf(rgba: Uint8Array): Float32Array {
  const planes = new Float32Array(4 * CANVAS_PIXELS);
  for (let i = 0; i < CANVAS_PIXELS; i++) {
    for (let c = 0; c < 4; c++) planes[c * CANVAS_PIXELS + i] = (rgba[4 * i + c] as number) / 255;
  }
  return planes;
}

async function readVocabulary(dir: string): Promise<string[]> {
  return JSON.parse((await readWeights(dir, VOCABULARY_FILE)).toString('utf8'));
}
