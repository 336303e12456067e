import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { StudioError } from '@limner/contract';

export interface ReceiveOptions {
  /** On a disk of this machine; it is made if it is missing. */
  folder: string;
  limitBytes: number;
}

/** Writes a body to a fresh file, gives its path to `use`, and removes it. @throws StudioError `file_too_large` */
export async function received<T>(
  body: Readable,
  { folder, limitBytes }: ReceiveOptions,
  use: (file: string) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, randomUUID());
  try {
    await writeFile(file, upTo(limitBytes, body));
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

/** @throws StudioError `file_too_large` */
export async function* upTo(limitBytes: number, chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) throw fileTooLarge(limitBytes);
    yield chunk;
  }
}

export function fileTooLarge(limitBytes: number, field = 'file'): StudioError {
  return new StudioError('file_too_large', { data: { limit: readableSize(limitBytes) }, field });
}

function readableSize(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes >= 1 ? `${Number(mebibytes.toFixed(1))} MiB` : `${Math.round(bytes / 1024)} KiB`;
}
