/** Pictures, archives and a client for tests of data sets. */
import { buffer } from 'node:stream/consumers';
import type { DatasetWork, StudioError } from '@limner/contract';
import sharp from 'sharp';
import { expect } from 'vitest';
import { ZipFile } from 'yazl';
import type { TestStudio } from './start-studio.ts';

export type Client = TestStudio['client'];

/** Pictures with different `seed` have different content, and look different. */
export async function png(
  seed: number,
  { side = 300, alpha = 1, height = side }: { side?: number; alpha?: number; height?: number } = {},
): Promise<Buffer> {
  const background = { r: (seed * 67) % 256, g: (seed * 131) % 256, b: (seed * 29) % 256, alpha };
  return sharp({ create: { width: side, height, channels: 4, background } })
    .png()
    .toBuffer();
}

export const blob = (bytes: Buffer): Blob => new Blob([new Uint8Array(bytes)]);

export async function zipOf(
  files: Record<string, Buffer | string>,
  { compress = true } = {},
): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  return buffer(zip.outputStream);
}

export const addFile = (client: Client, id: number, bytes: Buffer, fileName: string): Promise<DatasetWork> =>
  client.call('addDatasetFile', { params: { id }, file: blob(bytes), fileName });

export async function endedWork(
  client: Client,
  { dataset: id, id: work }: DatasetWork,
): Promise<DatasetWork> {
  if (work === null) throw new Error('it was done at once');
  let last: DatasetWork | undefined;
  await expect
    .poll(
      async () => {
        last = await client.call('getDatasetWork', { params: { id, work } });
        return last.status;
      },
      { timeout: 60_000 },
    )
    .not.toBe('running');
  return last as DatasetWork;
}

/** `name: outcome`, or the code of a refusal. */
export const outcomes = ({ files }: DatasetWork): Record<string, string> =>
  Object.fromEntries(files.map(({ name, outcome, error }) => [name, error?.code ?? outcome]));

export const codeOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: StudioError) => error.code,
  );
