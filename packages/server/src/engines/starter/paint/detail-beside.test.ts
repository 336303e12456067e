import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { bundled } from '../../../../test/bundle.ts';
import { serverDir } from '../../../../test/places.ts';
import { detailHere } from './detail.ts';
import { detailBeside } from './detail-beside.ts';

const entry = await bundled(path.join(serverDir, 'src/engines/starter/paint/detail-thread.ts'));
const SIDE = 64;
const picture = Uint8Array.from({ length: 4 * SIDE * SIDE }, (_, i) => (i * i * 7) % 256);

it('makes in its thread what would be made here, many at once', async () => {
  const make = detailBeside(pathToFileURL(entry));
  const kinds = ['whole', 'inner', 'lines', 'whole'] as const;
  const made = await Promise.all(kinds.map((kind) => make(kind, picture, SIDE)));
  for (const [i, kind] of kinds.entries()) expect(made[i]).toEqual(await detailHere(kind, picture, SIDE));
  expect(picture[3]).toBe(63);
});

it('fails when the thread cannot be started, and tries again each time', async () => {
  const make = detailBeside(pathToFileURL(path.join(serverDir, 'no-such-thread.js')));
  await expect(make('whole', picture, SIDE)).rejects.toThrow('has ended');
  await expect(make('whole', picture, SIDE)).rejects.toThrow('has ended');
});
