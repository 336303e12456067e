import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { blobsContract } from './blobs.contract.ts';
import { DiskBlobs } from './disk-blobs.ts';

const folder = () => mkdtemp(path.join(os.tmpdir(), 'limner-blobs-'));

blobsContract('DiskBlobs', async () => {
  const root = await folder();
  const blobs = await DiskBlobs.open(root);
  return {
    blobs,
    remove: async () => {
      await blobs.close();
      await rm(root, { recursive: true, force: true });
    },
  };
});

it('removes at start what an earlier process left half written', async () => {
  const root = await folder();
  await (await DiskBlobs.open(root)).close();
  await writeFile(path.join(root, '.tmp', 'half'), 'x');
  await (await DiskBlobs.open(root)).close();
  expect(await readdir(path.join(root, '.tmp'))).toEqual([]);
  await rm(root, { recursive: true, force: true });
});
