import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
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

it('removes at start what an earlier process left half written', async () => {
  const root = await folder();
  await (await DiskBlobs.open(root, writer)).close();
  await writeFile(path.join(root, '.tmp', 'half'), 'x');
  await (await DiskBlobs.open(root, writer)).close();
  expect(await readdir(path.join(root, '.tmp'))).toEqual([]);
  await rm(root, { recursive: true, force: true });
});
