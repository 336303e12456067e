/** `limner datasets`. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetListItem, DatasetWork } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.ts';
import { ranWith } from './testing.ts';

const set: DatasetListItem = {
  id: 3,
  name: 'ink',
  trigger_words: 'inky',
  ground: null,
  pictures: 12,
  captioned: 9,
  covers: [],
  used_by: null,
  created_at: '2026-01-02T03:04:05.000Z',
  updated_at: '2026-01-02T03:04:05.000Z',
};
const done = (outcome: 'added' | 'captioned'): DatasetWork => ({
  id: null,
  dataset: 3,
  kind: 'import',
  status: 'done',
  done: 1,
  total: 1,
  files: [{ name: 'a', outcome, picture: 1, error: null }],
  error: null,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-datasets-'));
  await mkdir(join(folder, 'cats'));
  await writeFile(join(folder, 'cats', 'a.png'), 'x');
  await writeFile(join(folder, 'cats', 'a.txt'), 'a cat');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('limner datasets', () => {
  const answers = {
    'GET /api/datasets': [set],
    'POST /api/datasets/3/files': done('added'),
    'POST /api/datasets/3/captions': { hits: 4, changed: [{ id: 1, caption: 'a dog', before: 'a cat' }] },
    'DELETE /api/datasets/3': null,
  };

  it('lists them, one a line', async () => {
    const { exitCode, out } = await ranWith(answers, ['datasets']);
    expect([exitCode, out]).toEqual([EXIT.ok, ['3\tink\t12\t9\tinky']]);
  });

  it('adds a folder by its files, and counts what became of them', async () => {
    const { exitCode, out } = await ranWith(answers, ['datasets', 'add', 'ink', join(folder, 'cats')]);
    expect([exitCode, out]).toEqual([EXIT.ok, ['2 added, 0 there already, 0 captions read, 0 not usable']]);
  });

  it('says how many captions a model would write, and writes none', async () => {
    const argv = ['datasets', 'captions', '3', '--write', '--preview'];
    const { out, asked } = await ranWith(answers, argv);
    expect(out).toEqual(['3 captions would change']);
    expect(asked.filter(({ route }) => route.startsWith('POST'))).toEqual([]);
  });

  it('changes captions, by one change at a time', async () => {
    const change = ['datasets', 'captions', '3', '--find', 'cat', '--replace', 'dog'];
    expect((await ranWith(answers, change)).out).toEqual(['1 caption changed']);
    expect((await ranWith(answers, ['datasets', 'captions', '3'])).exitCode).toBe(EXIT.usage);
  });

  it('deletes only when it is told so, and names the sets for an unknown one', async () => {
    expect((await ranWith(answers, ['datasets', 'delete', 'ink'])).exitCode).toBe(EXIT.usage);
    expect((await ranWith(answers, ['datasets', 'delete', 'ink', '--yes'])).exitCode).toBe(EXIT.ok);
    const { exitCode, err } = await ranWith(answers, ['datasets', 'check', 'oil']);
    expect([exitCode, err]).toEqual([EXIT.usage, expect.stringContaining('ink')]);
  });
});
