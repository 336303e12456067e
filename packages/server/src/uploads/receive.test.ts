import { pbkdf2 } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { received } from './receive.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'limner-received-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('leaves no file of a body that is too large, however late its file was opened', async () => {
  for (let round = 0; round < 120; round++) {
    // Work of uneven length in the four threads that open and remove files.
    for (let busy = 0; busy < 4; busy++)
      pbkdf2('password', 'salt', 1 + (((round * 4 + busy) * 7919) % 20_000), 32, 'sha256', () => {});
    const refused = received(
      Readable.from([Buffer.alloc(11)]),
      { folder, limitBytes: 10 },
      async () => 'used',
    );
    await expect(refused).rejects.toMatchObject({ code: 'file_too_large' });
  }
  // A file that is opened late appears late.
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await readdir(folder)).toEqual([]);
});
