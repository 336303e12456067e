/**
 * The denoiser's inputs while one picture is painted. The tensors are made once and updated at each step: a row for the
 * prompt and, with guidance, a row without it.
 */
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';
import { floats, integers } from '../../embedded/sessions.ts';
import { LATENT_SHAPE, LATENT_VALUES } from './latent.ts';
import { LORA_VALUES } from './lora.ts';

export const TOKENS = 16;
export const TEXT_WIDTH = 256;

/** In the order of the denoiser's inputs. */
export const HINT_KINDS = ['silhouette', 'reference', 'edges', 'blur'] as const;
export type HintKind = (typeof HINT_KINDS)[number];

/** A hint for the model, with the layout of a latent. */
export interface Hint {
  kind: HintKind;
  values: Float32Array;
  /** 0: no effect. 1: normal. Up to 2: its effect is amplified. */
  strength: number;
  /** Shares of the steps at which its effect begins and ends. */
  from: number;
  to: number;
}

/** A text as the denoiser reads it. */
export interface Caption {
  /** `TEXT_WIDTH` values a token. */
  values: Float32Array;
  /** 1 for each token of the text, otherwise 0. */
  present: Float32Array;
}

export interface Fixed {
  captions: Caption[];
  styleId: number;
  hints: readonly Hint[];
  lora: Float32Array | null;
}

const NO_LORA = new Float32Array(LORA_VALUES);

export class Feeds {
  readonly all: InferenceSession.FeedsType;
  readonly #fixed: Fixed;
  readonly #latent: Float32Array;
  readonly #time: Float32Array;
  readonly #flags: Float32Array;

  private constructor(
    fixed: Fixed,
    moving: { x: TypedTensor<'float32'>; t: TypedTensor<'float32'>; flags: TypedTensor<'float32'> },
    rest: InferenceSession.FeedsType,
  ) {
    this.#fixed = fixed;
    this.#latent = moving.x.data;
    this.#time = moving.t.data;
    this.#flags = moving.flags.data;
    this.all = { ...rest, ...moving };
  }

  static async of(fixed: Fixed): Promise<Feeds> {
    const rows = fixed.captions.length;
    const kinds = HINT_KINDS.length;
    const zeros = (...dims: number[]) =>
      floats(new Float32Array(dims.reduce((product, dim) => product * dim, rows)), [rows, ...dims]);
    const [x, t, flags] = await Promise.all([zeros(...LATENT_SHAPE), zeros(), zeros(kinds)]);
    return new Feeds(
      fixed,
      { x, t, flags },
      {
        lora: await floats(fixed.lora ?? NO_LORA, [LORA_VALUES]),
        txt: await floats(joined(fixed.captions.map(({ values }) => values)), [rows, TOKENS, TEXT_WIDTH]),
        present: await floats(joined(fixed.captions.map(({ present }) => present)), [rows, TOKENS]),
        style: await integers(
          fixed.captions.map(() => fixed.styleId),
          [rows],
        ),
        hints: await floats(repeated(hintValues(fixed.hints), rows), [rows, kinds, ...LATENT_SHAPE]),
      },
    );
  }

  /** `progress`: share of the steps already done. */
  at(latent: Float32Array, time: number, progress: number): InferenceSession.FeedsType {
    const rows = this.#fixed.captions.length;
    for (let row = 0; row < rows; row++) this.#latent.set(latent, row * LATENT_VALUES);
    this.#time.fill(time);
    this.#flags.fill(0);
    for (const { kind, strength, from, to } of this.#fixed.hints) {
      if (progress < from || progress >= to) continue;
      const at = HINT_KINDS.indexOf(kind);
      this.#flags[at] = Math.min(1, strength);
      // The row without the prompt gets the hint reduced by the part beyond 1, so that guidance strengthens the hint
      // too.
      if (rows > 1) this.#flags[HINT_KINDS.length + at] = Math.min(strength, 2 - strength, 1);
    }
    return this.all;
  }
}

function hintValues(hints: readonly Hint[]): Float32Array {
  const values = new Float32Array(HINT_KINDS.length * LATENT_VALUES);
  for (const hint of hints) values.set(hint.values, HINT_KINDS.indexOf(hint.kind) * LATENT_VALUES);
  return values;
}

const repeated = (values: Float32Array, times: number): Float32Array => joined(new Array(times).fill(values));

export function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
