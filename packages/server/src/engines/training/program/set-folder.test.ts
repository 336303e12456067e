import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { writeSet } from './set-folder.ts';

test('captions of several lines are written in one, because some programs read only the first', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-set-'));
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const picture = { sha256: '', mediaType: 'image/png', width: 8, height: 8, read: async () => bytes };
  try {
    await writeSet({
      pictures: [{ caption: 'inkwash,\r\n a red disc\n\non white\n', subject: '' }],
      open: async () => picture,
      folder,
      signal: new AbortController().signal,
      wrote: () => {},
    });
    expect(await readFile(path.join(folder, '0001.txt'), 'utf8')).toBe('inkwash, a red disc on white');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
