/**
 * The safetensors format, as far as our own files need it: eight bytes with the length of a JSON header (little endian),
 * the header with the place of each tensor and a map of texts, then the numbers. Written and read for 32-bit floats.
 */
export interface Tensor {
  shape: number[];
  data: Float32Array;
}

export interface Safetensors {
  metadata: Record<string, string>;
  tensors: Record<string, Tensor>;
}

const MAX_HEADER_BYTES = 1024 ** 2;
const FLOAT_BYTES = 4;

export function writeSafetensors({ metadata, tensors }: Safetensors): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  // The numbers begin at a multiple of eight, as required by readers that map the file into memory.
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bodies = Object.values(tensors).map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat([length, padded, ...bodies]);
}

/** @throws Error that says what is wrong with the file. */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 8) throw new Error('too short for a safetensors file');
  const headerBytes = Number(view.readBigUInt64LE());
  if (headerBytes > MAX_HEADER_BYTES || 8 + headerBytes > view.length)
    throw new Error('the header does not fit into the file');
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    view.subarray(8, 8 + headerBytes).toString('utf8'),
  ) as Record<string, Entry> & { __metadata__?: Record<string, string> };
  const body = view.subarray(8 + headerBytes);
  const tensors = Object.entries(entries).map(([name, entry]) => [name, tensorOf(name, entry, body)]);
  return { metadata, tensors: Object.fromEntries(tensors) };
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function tensorOf(name: string, { dtype, shape, data_offsets: [start, end] }: Entry, body: Buffer): Tensor {
  const values = shape.reduce((product, side) => product * side, 1);
  if (dtype !== 'F32' || end - start !== values * FLOAT_BYTES || start < 0 || end > body.length)
    throw new Error(`the tensor ${name} does not fit its description`);
  // Copied, because a view must begin at a multiple of four.
  const data = new Float32Array(values);
  Buffer.from(data.buffer).set(body.subarray(start, end));
  return { shape, data };
}
