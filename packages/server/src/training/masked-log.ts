/**
 * The log of a program without secrets, as it is shown and downloaded: tokens, passwords in addresses and what is sent as
 * authorization. Each is overwritten by as many asterisks, so that ranges of bytes stay what they are.
 */
import { Readable } from 'node:stream';
import type { Mask } from '../engines/training/program/secrets.ts';
import type { Blobs } from '../storage/blobs.ts';

/** Bytes before and after a range that are read to see secrets that cross its ends. Longer ones are cut there. */
const AROUND_BYTES = 4096;

export class MaskedLogs implements Pick<Blobs, 'stat' | 'stream'> {
  readonly #blobs: Pick<Blobs, 'stat' | 'stream'>;
  readonly #mask: Mask;

  constructor(blobs: Pick<Blobs, 'stat' | 'stream'>, mask: Mask) {
    this.#blobs = blobs;
    this.#mask = mask;
  }

  stat(key: string) {
    return this.#blobs.stat(key);
  }

  async stream(key: string, range?: { start: number; end: number }): Promise<Readable> {
    if (!range)
      return Readable.from(masked(await this.#blobs.stream(key), this.#mask), { objectMode: false });
    const sizeBytes = (await this.#blobs.stat(key))?.sizeBytes ?? 0;
    const start = Math.max(0, range.start - AROUND_BYTES);
    const end = Math.max(range.end, Math.min(sizeBytes - 1, range.end + AROUND_BYTES));
    const around = masked(await this.#blobs.stream(key, { start, end }), this.#mask);
    const part = { skip: range.start - start, take: range.end - range.start + 1 };
    return Readable.from(cut(around, part), { objectMode: false });
  }
}

/** One character is one byte, so that characters of several bytes are neither cut nor changed. */
async function* masked(body: AsyncIterable<Buffer>, mask: Mask): AsyncIterable<Buffer> {
  let left = '';
  for await (const chunk of body) {
    left += chunk.toString('latin1');
    // Up to the end of the last line, or leaving enough for a secret of a long line.
    const line = Math.max(left.lastIndexOf('\n'), left.lastIndexOf('\r')) + 1;
    const end = line > 0 ? line : left.length > 2 * AROUND_BYTES ? left.length - AROUND_BYTES : 0;
    if (end === 0) continue;
    const whole = mask(left);
    yield Buffer.from(whole.slice(0, end), 'latin1');
    left = left.slice(end);
  }
  if (left !== '') yield Buffer.from(mask(left), 'latin1');
}

async function* cut(
  body: AsyncIterable<Buffer>,
  { skip, take }: { skip: number; take: number },
): AsyncIterable<Buffer> {
  let at = 0;
  for await (const chunk of body) {
    const part = chunk.subarray(Math.max(0, skip - at), Math.max(0, skip + take - at));
    at += chunk.length;
    if (part.length > 0) yield part;
  }
}
