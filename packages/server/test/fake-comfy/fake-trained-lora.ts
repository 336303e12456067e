/** A LoRA of FLUX.2 klein 4B as TrainLoraNode makes it: also biases and norms, and a scale of one by the rank. */
import { randomBytes } from 'node:crypto';
import { headerBytes, type TensorEntry } from '../../src/loras/safetensors-header.ts';

const MODULE = 'diffusion_model.double_blocks.0.img_attn';
const SHAPES: readonly (readonly [string, number[]])[] = [
  [`${MODULE}.qkv.lora_up.weight`, [9216, 4]],
  [`${MODULE}.qkv.lora_down.weight`, [4, 3072]],
  [`${MODULE}.qkv.alpha`, []],
  [`${MODULE}.norm.query_norm.diff`, [128]],
];

export function trainedLora(): Buffer {
  const tensors = new Map<string, TensorEntry>();
  let end = 0;
  for (const [name, shape] of SHAPES) {
    const from = end;
    end += 2 * shape.reduce((product, side) => product * side, 1);
    tensors.set(name, { dtype: 'BF16', shape, data_offsets: [from, end] });
  }
  return Buffer.concat([headerBytes({}, tensors), randomBytes(end)]);
}
