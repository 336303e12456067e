import type { StudioStatus } from '@limner/contract';
import { expect, it } from 'vitest';
import { ranWith } from './testing.ts';

const status: StudioStatus = {
  problems: [{ what: { en: 'Redis does not answer.', zh: '' }, cure: { en: 'Start it.', zh: '' } }],
  processes: [
    {
      name: 'attic',
      role: 'worker',
      paints: true,
      version: '1.0.0',
      started_at: '2026-01-02T03:04:05.000Z',
      seen_seconds_ago: 2,
      alive: true,
      is_this: false,
      lag_seconds: 0.012,
      memory_bytes: 1,
    },
  ],
  lanes: [
    {
      id: 'comfy',
      engine: { en: 'ComfyUI', zh: '' },
      queued: 3,
      running: 1,
      oldest_seconds: 61.4,
      paused: false,
    },
    {
      id: 'quiet',
      engine: { en: 'Quiet', zh: '' },
      queued: 0,
      running: 0,
      oldest_seconds: null,
      paused: false,
    },
  ],
  errors: [
    {
      ...{ code: 'engine_failed', count: 2, last_at: '2026-01-02T03:04:05.000Z' },
      error: { code: 'engine_failed', message: '', data: { engine: 'Attic PC', reason: 'out of memory' } },
    },
  ],
  database: { kind: 'postgres', size_bytes: 5 * 1024 ** 2 },
  storage: { kind: 'bucket', disk: null },
  redis: 'away',
};

it('status lists processes, lanes with work, errors and places, then what is wrong with its cure', async () => {
  const { out } = await ranWith({ 'GET /api/status': status }, ['status']);
  expect(out[0]).toMatch(/^attic\tworker\t1\.0\.0\tsince .*\t12 ms late$/);
  expect(out[1]).toBe('comfy\tComfyUI\t3 waiting, 1 running\toldest 61 s\t');
  expect(out[2]).toBe('engine_failed\t2 in the last day\tAttic PC failed: out of memory');
  expect(out.slice(3)).toEqual([
    'Database\tpostgres\t5 MB',
    'Files\tbucket',
    'Redis\taway',
    '! Redis does not answer. Start it.',
  ]);
});
