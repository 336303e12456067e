/**
 * The tensors of a LoRA: a module, and what the tensor is of it. The suffixes are those that the weight adapters of
 * ComfyUI 0.33 read (`comfy/weight_adapter`).
 */

/** `up` and `down` are the two matrices of a plain LoRA; `other` belongs to it or to another kind of adapter. */
export type TensorPart = 'up' | 'down' | 'alpha' | 'other';

export interface TensorName {
  module: string;
  part: TensorPart;
  /** Behind the module's name. */
  suffix: string;
}

const UP = [
  '.lora_up.weight',
  '.lora_B.weight',
  '.lora_B.default.weight',
  '.lora_linear_layer.up.weight',
  '.lora.up.weight',
  '_lora.up.weight',
  '.lora_B',
];
const DOWN = [
  '.lora_down.weight',
  '.lora_A.weight',
  '.lora_A.default.weight',
  '.lora_linear_layer.down.weight',
  '.lora.down.weight',
  '_lora.down.weight',
  '.lora_A',
];
const OTHER =
  /\.(?:lora_mid\.weight|reshape_weight|dora_scale|hada_(?:w[12]_[ab]|t[12])|lokr_(?:w[12](?:_[ab])?|t2)|oft_blocks|rescale|a[12]\.weight|b[12]\.weight|diff|diff_b|set_weight|w_norm|b_norm)$/;

/** null: no tensor of a LoRA. */
export function tensorName(name: string): TensorName | null {
  const named = (part: TensorPart, suffix: string) => ({
    module: name.slice(0, -suffix.length),
    part,
    suffix,
  });
  const up = UP.find((suffix) => name.endsWith(suffix));
  if (up) return named('up', up);
  const down = DOWN.find((suffix) => name.endsWith(suffix));
  if (down) return named('down', down);
  if (name.endsWith('.alpha')) return named('alpha', '.alpha');
  const other = OTHER.exec(name)?.[0];
  return other ? named('other', other) : null;
}

/** A LoRA's part for a text encoder. Models whose text encoder is not changed here ignore it. */
export const isOfTextEncoder = (name: string): boolean =>
  /^(?:lora_te\d?_|text_encoders?(?:_\d)?[._]|te\d?[._]|lora_prior_te_)/.test(name);
