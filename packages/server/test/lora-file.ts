/** LoRA files for tests. */
import { randomBytes } from 'node:crypto';
import { headerBytes, type TensorEntry } from '../src/loras/safetensors-header.ts';

const RANK = 4;

/** With a pair of matrices for each module; its numbers are noise. */
export function loraFile(modules: Record<string, readonly [number, number]>, metadata = {}): Buffer {
  const tensors = new Map<string, TensorEntry>();
  let end = 0;
  const add = (name: string, shape: number[]) => {
    const from = end;
    end += 2 * shape.reduce((product, side) => product * side, 1);
    tensors.set(name, { dtype: 'BF16', shape, data_offsets: [from, end] });
  };
  for (const [module, [out, input]] of Object.entries(modules)) {
    add(`${module}.lora_up.weight`, [out, RANK]);
    add(`${module}.lora_down.weight`, [RANK, input]);
  }
  return Buffer.concat([headerBytes(metadata, tensors), randomBytes(end)]);
}
