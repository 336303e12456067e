import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startProblem } from '../start-problem.ts';
import { createFolder } from './create-folder.ts';

it('creates the folder with those around it, also twice at once', async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'limner-folder-'));
  const folder = path.join(parent, 'a', 'b', 'c');
  await Promise.all([createFolder(folder), createFolder(folder)]);
  await createFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
  await writeFile(path.join(parent, 'file'), '');
  await expect(createFolder(path.join(parent, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(createFolder(path.join(parent, 'file', 'in'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await rm(parent, { recursive: true });
});

it.runIf(process.platform === 'linux')('is refused where there is no room for names', async () => {
  const error = await createFolder('/proc/limner/data').catch((cause: unknown) => cause);
  expect(startProblem(error as Error)?.texts).toMatchObject({
    en: expect.stringMatching(/^\/proc\/limner cannot be written .*LIMNER_DATA_DIR/),
    zh: expect.stringContaining('无法写入 /proc/limner'),
  });
});
