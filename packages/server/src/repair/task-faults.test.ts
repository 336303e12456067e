import { expect, it } from 'vitest';
import { mendingOf, type TaskRows } from './task-faults.ts';

it('a frame that runs without a lease waits again, and nothing of it is painted', () => {
  const frame = {
    task_id: 7,
    frame_index: 0,
    seed: '1',
    status: 'running',
    progress: 0.5,
    waits_behind: 3,
    preview: 'p',
  };
  const rows = {
    task: { id: 7, status: 'running', lease: null, total_frames: 1, stars: 0 },
    frames: [frame],
    outputs: [],
  } as unknown as TaskRows;
  expect(mendingOf(rows, Date.now()).frames).toEqual([
    { ...frame, status: 'queued', progress: 0, waits_behind: null, preview: null },
  ]);
});
