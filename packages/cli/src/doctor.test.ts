import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ranWith } from './testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limner-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('doctor names the data folder of the Limner that runs, and leaves that of its own environment alone', async () => {
  const own = join(folder, 'own');
  const storage = {
    parts: [],
    data_dir: '/srv/limner',
    disk: { free_bytes: 50 * 1024 ** 3, total_bytes: 100 * 1024 ** 3 },
    cleanup_days: 0,
    measured_at: '2026-01-02T03:04:05.000Z',
  };
  const answers = { 'GET /api/storage': storage, 'GET /api/engines': [], 'GET /api/families': [] };
  const { out } = await ranWith(answers, ['doctor'], { LIMNER_DATA_DIR: own });
  expect(out.slice(1, 3)).toEqual([
    expect.stringMatching(/^✓ Data folder \/srv\/limner of the Limner at http:\S+$/),
    '✓ 50.0 GiB free on its disk',
  ]);
  expect(out.join('\n')).not.toContain(own);
  await expect(access(own)).rejects.toThrow('ENOENT');
});
