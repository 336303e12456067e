import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundled } from './bundle.ts';
import { serverDir } from './places.ts';

it('an entry that is bundled several times at once is bundled whole, under one name', async () => {
  const entry = path.join(serverDir, 'bench', 'measure.ts');
  await rm(await bundled(entry));
  const files = await Promise.all(Array.from({ length: 8 }, () => bundled(entry)));
  expect(new Set(files).size).toBe(1);
  expect(await readFile(files[0] ?? '', 'utf8')).toContain('percentile');
});
