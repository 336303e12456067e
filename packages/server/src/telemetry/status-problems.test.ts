import { DEFAULT_COMFYUI_URL, type EngineHealth, type StudioStatus } from '@limner/contract';
import { expect, it } from 'vitest';
import { problemsIn } from './status-problems.ts';

const process = (more: Partial<StudioStatus['processes'][number]> = {}) => ({
  name: 'a',
  role: 'serve' as const,
  paints: true,
  version: '1.0.0',
  started_at: '2026-01-01T00:00:00Z',
  seen_seconds_ago: 1,
  alive: true,
  is_this: true,
  lag_seconds: 0,
  memory_bytes: 1,
  ...more,
});
const lane = (more: Partial<StudioStatus['lanes'][number]> = {}) => ({
  id: 'comfy',
  engine: { en: 'ComfyUI', zh: 'ComfyUI' },
  queued: 0,
  running: 0,
  oldest_seconds: null,
  paused: false,
  ...more,
});
const well: Omit<StudioStatus, 'problems'> = {
  processes: [process()],
  lanes: [lane()],
  errors: [],
  database: { kind: 'postgres', size_bytes: 1 },
  storage: { kind: 'folder', disk: { free_bytes: 50, total_bytes: 100 } },
  redis: 'ready',
};
const said = (more: Partial<typeof well>) => problemsIn({ ...well, ...more }, []).map(({ what }) => what.en);

it('finds nothing wrong where nothing is', () => expect(said({})).toEqual([]));

it.each<[string, Partial<typeof well>, RegExp]>([
  [
    'a process that is gone',
    { processes: [process(), process({ name: 'b', alive: false, seen_seconds_ago: 300 })] },
    /b was last seen 5 min ago/,
  ],
  [
    'a process that has just gone',
    { processes: [process({ alive: false, seen_seconds_ago: 31.4 })] },
    /was last seen 31 s ago/,
  ],
  [
    'tasks that nobody paints',
    { processes: [process({ paints: false })], lanes: [lane({ queued: 1, oldest_seconds: 5 })] },
    /no process paints/,
  ],
  [
    'mixed versions',
    { processes: [process(), process({ name: 'b', version: '1.1.0' })] },
    /1\.0\.0, 1\.1\.0/,
  ],
  ['a process that is too busy', { processes: [process({ lag_seconds: 2 })] }, /2\.0 s late/],
  ['a queue that stands', { lanes: [lane({ queued: 3, oldest_seconds: 900 })] }, /3 waiting, none running/],
  [
    'a paused lane with tasks',
    { lanes: [lane({ queued: 3, oldest_seconds: 900, paused: true })] },
    /lane is paused, 3 waiting/,
  ],
  [
    'a full disk',
    { storage: { kind: 'folder', disk: { free_bytes: 1, total_bytes: 100 } } },
    /1 % of the disk/,
  ],
  ['a Redis that is away', { redis: 'away' }, /Redis/],
])('names %s', (_, more, sentence) => {
  expect(said(more)).toEqual([expect.stringMatching(sentence)]);
});

it('names a server that is away, but not the usual address where none was ever found', () => {
  const server = (more: Partial<EngineHealth>) =>
    ({
      label: { en: 'PC', zh: 'PC' },
      note: null,
      status: 'unreachable',
      version: null,
      ...more,
    }) as EngineHealth;
  const known = (more: Partial<EngineHealth>) => problemsIn(well, [server(more)]).map(({ what }) => what.en);
  expect(known({ url: DEFAULT_COMFYUI_URL })).toEqual([]);
  expect(known({ url: DEFAULT_COMFYUI_URL, version: '0.33.0' })).toEqual(['PC cannot be used.']);
  expect(known({ url: 'http://attic:8188' })).toEqual(['PC cannot be used.']);
});
