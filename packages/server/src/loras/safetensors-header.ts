/**
 * The header of a safetensors file: eight bytes with its length (little endian), then JSON that gives each tensor's
 * type, shape and place in the bytes behind it. Only the header is read; a model file may be larger than the memory.
 */
import { open } from 'node:fs/promises';
import { z } from 'zod';

/** The limit of the format itself. */
const MAX_HEADER_BYTES = 100_000_000;
/** LoRA files have a few thousand tensors and some hundred kilobytes; reading far more would occupy the process. */
const MAX_LORA_HEADER_BYTES = 16_000_000;
const MAX_LORA_TENSORS = 20_000;
const LENGTH_BYTES = 8;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
const Metadata = z.record(z.string(), z.string());

export type TensorEntry = z.infer<typeof Entry>;

export interface SafetensorsHeader {
  metadata: Record<string, string>;
  tensors: ReadonlyMap<string, TensorEntry>;
  /** Where the tensors' bytes begin in the file. */
  bodyStart: number;
  sizeBytes: number;
}

/** Why a file is no whole safetensors file. */
export type HeaderProblem = 'short' | 'no_header' | 'long_header' | 'cut_off';

export class BrokenHeader extends Error {
  readonly problem: HeaderProblem;

  constructor(problem: HeaderProblem, cause?: unknown) {
    super(`not a whole safetensors file: ${problem}`, { cause });
    this.problem = problem;
  }
}

/** @throws BrokenHeader */
export async function readHeader(file: string): Promise<SafetensorsHeader> {
  const handle = await open(file, 'r');
  try {
    const { size: sizeBytes } = await handle.stat();
    if (sizeBytes < LENGTH_BYTES) throw new BrokenHeader('short');
    const start = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
    const length = start.buffer.readBigUInt64LE();
    if (length > MAX_HEADER_BYTES || length < 2) throw new BrokenHeader('no_header');
    const bodyStart = LENGTH_BYTES + Number(length);
    if (bodyStart > sizeBytes) throw new BrokenHeader('cut_off');
    if (length > MAX_LORA_HEADER_BYTES) throw new BrokenHeader('long_header');
    const { buffer } = await handle.read(Buffer.alloc(Number(length)), 0, Number(length), LENGTH_BYTES);
    return headerOf(buffer.toString('utf8'), bodyStart, sizeBytes);
  } finally {
    await handle.close();
  }
}

function headerOf(text: string, bodyStart: number, sizeBytes: number): SafetensorsHeader {
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  try {
    for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      if (name === '__metadata__') metadata = Metadata.parse(value);
      else tensors.set(name, Entry.parse(value));
    }
  } catch (cause) {
    throw new BrokenHeader('no_header', cause);
  }
  if (tensors.size > MAX_LORA_TENSORS) throw new BrokenHeader('long_header');
  for (const { data_offsets } of tensors.values()) {
    const [from, to] = data_offsets;
    if (from > to) throw new BrokenHeader('no_header');
    if (bodyStart + to > sizeBytes) throw new BrokenHeader('cut_off');
  }
  return { metadata, tensors, bodyStart, sizeBytes };
}

/** The bytes of a header with other names or facts; the tensors' bytes stay as they are. */
export function headerBytes(
  metadata: Readonly<Record<string, string>>,
  tensors: ReadonlyMap<string, TensorEntry>,
): Buffer {
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(tensors) }));
  // The tensors begin at a multiple of eight, for readers that map the file into memory.
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}
