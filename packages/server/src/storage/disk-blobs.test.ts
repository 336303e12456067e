import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundled } from '../../test/bundle.ts';
import { serverDir } from '../../test/places.ts';
import { blobsContract } from './blobs.contract.ts';
import { DiskBlobs } from './disk-blobs.ts';

const writer = await bundled(path.join(serverDir, 'src', 'storage', 'file-thread.ts'));
const folder = () => mkdtemp(path.join(os.tmpdir(), 'limner-blobs-'));

blobsContract('DiskBlobs', async () => {
  const root = await folder();
  const blobs = await DiskBlobs.open(root, writer);
  return {
    blobs,
    remove: async () => {
      await blobs.close();
      await rm(root, { recursive: true, force: true });
    },
  };
});

it('removes what was left half written by then, and nothing that another process may still write', async () => {
  const root = await folder();
  const blobs = await DiskBlobs.open(root, writer);
  const half = (name: string) => path.join(root, '.tmp', name);
  await mkdir(half('incoming'));
  for (const name of ['old', 'young', 'incoming/old']) await writeFile(half(name), 'x');
  const past = new Date(Date.now() - 60_000);
  for (const name of ['old', 'incoming/old']) await utimes(half(name), past, past);
  await (await DiskBlobs.open(root, writer)).close();
  expect((await readdir(half('.'))).sort()).toEqual(['incoming', 'old', 'young']);
  await blobs.removeTemporary(Date.now() - 30_000);
  expect((await readdir(half('.'))).sort()).toEqual(['incoming', 'young']);
  expect(await readdir(half('incoming'))).toEqual([]);
  await blobs.close();
  await rm(root, { recursive: true, force: true });
});
