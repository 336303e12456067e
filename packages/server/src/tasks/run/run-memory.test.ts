import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredFrame, TaskWithFrames } from '../store/task-rows.ts';
import { VERSION_STEP } from '../store/version.ts';
import { RunMemory } from './run-memory.ts';

const frame = (frame_index: number, over: Partial<StoredFrame> = {}) =>
  ({ frame_index, status: 'running', progress: 0, waits_behind: null, outputs: [], ...over }) as StoredFrame;
const rows = (version: number, ...frames: StoredFrame[]) =>
  ({ task: { id: 1, status: 'running', version }, frames }) as TaskWithFrames;
const FIRST = 7 * VERSION_STEP;

let memory: RunMemory;
beforeEach(() => {
  memory = new RunMemory();
  memory.learn(rows(FIRST, frame(0), frame(1)));
});

describe('the memory of a run', () => {
  it('gives progress versions between two of the row', () => {
    expect([memory.nextVersion(), memory.nextVersion()]).toEqual([FIRST, FIRST + 1]);
    memory.learn(rows(FIRST + VERSION_STEP, frame(0, { status: 'completed' }), frame(1)));
    expect(memory.nextVersion()).toBe(FIRST + VERSION_STEP);
  });

  it('never gives a version that a later write of anybody could have', () => {
    const given = Array.from({ length: 3 * VERSION_STEP }, () => memory.nextVersion());
    expect(given.findLast((version) => version !== null)).toBe(FIRST + VERSION_STEP - 1);
    expect(given.at(-1)).toBe(null);
  });

  it('names every frame that changed since, by any process', () => {
    const now = rows(
      FIRST + VERSION_STEP,
      frame(0, { status: 'completed' }),
      frame(1, { status: 'cancelled' }),
    );
    expect(memory.learn(now)).toEqual([0, 1]);
    expect(
      memory.learn(
        rows(FIRST + VERSION_STEP, frame(0, { status: 'completed' }), frame(1, { status: 'cancelled' })),
      ),
    ).toBe('nothing');
  });

  it('names all frames when one is gone or the task itself changed', () => {
    expect(memory.learn(rows(FIRST + VERSION_STEP, frame(1)))).toBe(null);
    const starred = rows(FIRST + 2 * VERSION_STEP, frame(1));
    starred.task.stars = 1;
    expect(memory.learn(starred)).toBe(null);
  });

  it('takes no older rows for newer', () => {
    memory.learn(rows(FIRST + VERSION_STEP, frame(0, { status: 'completed' }), frame(1)));
    expect(memory.learn(rows(FIRST, frame(0), frame(1)))).toBe('nothing');
    expect(memory.current?.frames[0]?.status).toBe('completed');
  });

  it('shows the progress that the rows do not say yet, which never falls within a try', () => {
    expect([memory.progress(0, 0.5), memory.progress(0, 0.3), memory.progress(0, 2)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(memory.current?.frames.map(({ progress }) => progress)).toEqual([1, 0]);
    memory.forget(0);
    expect(memory.progress(0, 0.1)).toBe(true);
    expect(memory.current?.frames[0]?.progress).toBe(0.1);
  });

  it('keeps what a running frame waits behind, until it is painted or begins again', () => {
    const behind = () => memory.current?.frames.map(({ waits_behind }) => waits_behind);
    expect([memory.waits(0, 3), memory.waits(0, 3)]).toEqual([true, false]);
    expect(behind()).toEqual([3, null]);
    expect(memory.takeUnsaved()).toMatchObject([{ index: 0, waitsBehind: 3 }]);
    expect([memory.waits(0, null), behind()]).toEqual([true, [null, null]]);
    memory.waits(0, 2);
    memory.forget(0);
    expect(behind()).toEqual([null, null]);
  });

  it('hands out once what is to be written, each point of a loss too', () => {
    const preview = { bytes: new Uint8Array(1), mediaType: 'image/png' };
    memory.progress(0, 0.2, [1, 0.9]);
    memory.progress(0, 0.3, [1, 0.9]);
    memory.progress(0, 0.4, [2, 0.8]);
    memory.preview(1, preview);
    expect(memory.takeUnsaved()).toEqual([
      {
        index: 0,
        progress: 0.4,
        waitsBehind: null,
        preview: null,
        loss: [
          [1, 0.9],
          [2, 0.8],
        ],
      },
      { index: 1, progress: 0, waitsBehind: null, preview, loss: [] },
    ]);
    expect(memory.takeUnsaved()).toEqual([]);
  });
});
