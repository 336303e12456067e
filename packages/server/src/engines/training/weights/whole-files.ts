/** Whether files that trainers write are whole. A program that is killed leaves half of one, often as the newest. */
import { open, stat } from 'node:fs/promises';
import { readHeader } from '../../../loras/safetensors-header.ts';

/** Remembers what it has checked, because a folder of states is looked at every minute. */
export class WholeFiles {
  readonly #known = new Map<string, string>();
  readonly #check: (file: string) => Promise<boolean>;

  constructor(check: (file: string) => Promise<boolean>) {
    this.#check = check;
  }

  /** A file that was not whole is checked again. Never fails. */
  async has(file: string): Promise<boolean> {
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) return false;
    const version = `${found.size} ${found.mtimeMs}`;
    if (this.#known.get(file) === version) return true;
    if (!(await this.#check(file).catch(() => false))) return false;
    this.#known.set(file, version);
    return true;
  }
}

/** Its tensors reach exactly to its end. */
export async function isWholeSafetensors(file: string): Promise<boolean> {
  const { tensors, bodyStart, sizeBytes } = await readHeader(file);
  const end = Math.max(0, ...[...tensors.values()].map(({ data_offsets }) => data_offsets[1]));
  return tensors.size > 0 && bodyStart + end === sizeBytes;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;

/** A file of PyTorch is a zip archive without a comment: its directory is written last. */
export async function isWholeTorchFile(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size < END_BYTES) return false;
    const { buffer } = await handle.read(Buffer.alloc(END_BYTES), 0, END_BYTES, size - END_BYTES);
    return buffer.readUInt32LE(0) === END_OF_DIRECTORY;
  } finally {
    await handle.close();
  }
}
