/** Small safetensors files for tests: a header as a real file's, and zeros for its tensors. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { headerBytes, type TensorEntry } from '../../../loras/safetensors-header.ts';

/** Shapes by name; `F8_E4M3` and the like as types. */
export type TestTensors = Record<string, { dtype?: string; shape: number[] }>;

export async function writeWeights(
  file: string,
  tensors: TestTensors = { x: { shape: [1, 1] } },
): Promise<void> {
  const entries = new Map<string, TensorEntry>();
  let end = 0;
  for (const [name, { dtype = 'BF16', shape }] of Object.entries(tensors)) {
    const bytes = 2 * shape.reduce((product, side) => product * side, 1);
    entries.set(name, { dtype, shape, data_offsets: [end, end + bytes] });
    end += bytes;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.concat([headerBytes({}, entries), Buffer.alloc(end)]));
}

/** The end of a zip archive, as PyTorch's files have it. */
export const TORCH_FILE = Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)]);
