/**
 * A worker's state of running tasks that is not in the rows yet: progress since the last write, unwritten previews and
 * loss points, and the last published event. Nothing outside the worker reads it.
 */
import type { LossPoint } from '@limner/contract';
import type { FrameProgress, Preview } from '../store/frame-progress.ts';
import type { StoredFrame, TaskWithFrames } from '../store/task-rows.ts';
import { VERSION_STEP } from '../store/version.ts';

interface RunningFrame {
  progress: number;
  waitsBehind: number | null;
  /** Not written yet. */
  preview: Preview | null;
  loss: LossPoint[];
  isDirty: boolean;
}

export class RunMemory {
  readonly #frames = new Map<number, RunningFrame>();
  /** The rows as they were read last; null before. */
  #rows: TaskWithFrames | null = null;
  /** The version of the last event; never less than the rows' version. */
  #version = 0;
  #newestLoss: LossPoint | undefined;

  /** The rows as they were read last, with newer progress. */
  get current(): TaskWithFrames | null {
    return (
      this.#rows && { ...this.#rows, frames: this.#rows.frames.map((frame) => this.#withProgress(frame)) }
    );
  }

  get newestLoss(): LossPoint | undefined {
    return this.#newestLoss;
  }

  /** False if it is unchanged. */
  progress(index: number, fraction: number, loss?: LossPoint): boolean {
    const frame = this.#frame(index);
    const isMeasured = loss !== undefined && loss[0] !== this.#newestLoss?.[0];
    if (isMeasured) {
      this.#newestLoss = loss;
      frame.loss.push(loss);
    }
    // Progress never decreases within a try.
    const next = Math.min(1, Math.max(frame.progress, fraction));
    const isNew = isMeasured || next !== frame.progress;
    frame.progress = next;
    frame.isDirty ||= isNew;
    return isNew;
  }

  /** False if it is unchanged. */
  waits(index: number, behind: number | null): boolean {
    const frame = this.#frame(index);
    if (frame.waitsBehind === behind) return false;
    frame.waitsBehind = behind;
    frame.isDirty = true;
    return true;
  }

  preview(index: number, preview: Preview): void {
    const frame = this.#frame(index);
    frame.preview = preview;
    frame.isDirty = true;
  }

  /** A frame started a try, or ended. */
  forget(index: number): void {
    this.#frames.delete(index);
  }

  /** Returns what must be written, and marks it as written. */
  takeUnsaved(): FrameProgress[] {
    const dirty = [...this.#frames].filter(([, frame]) => frame.isDirty);
    return dirty.map(([index, frame]) => {
      const { progress, waitsBehind, preview, loss } = frame;
      Object.assign(frame, { preview: null, loss: [], isDirty: false });
      return { index, progress, waitsBehind, preview, loss };
    });
  }

  /**
   * Takes rows that were read. Returns the indices of frames that changed since the previous rows (null: any may have
   * changed), or `'nothing'` if these rows are not newer.
   */
  learn(rows: TaskWithFrames): number[] | null | 'nothing' {
    const before = this.#rows;
    if (before && rows.task.version < before.task.version) return 'nothing';
    this.#rows = rows;
    if (!before || before.frames.length !== rows.frames.length) return null;
    const changed = rows.frames.filter((frame, at) => stateOf(frame) !== stateOf(before.frames[at]));
    if (changed.length > 0) return changed.map(({ frame_index }) => frame_index);
    return stateOfTask(rows) === stateOfTask(before) ? 'nothing' : null;
  }

  /**
   * The version of the next event; null if no number is left before the row's next version, which follows within a
   * second.
   */
  nextVersion(): number | null {
    const row = this.#rows?.task.version ?? 0;
    const next = Math.max(row, this.#version + 1);
    if (next >= row + VERSION_STEP) return null;
    this.#version = next;
    return next;
  }

  #frame(index: number): RunningFrame {
    let frame = this.#frames.get(index);
    if (!frame) {
      frame = { progress: 0, waitsBehind: null, preview: null, loss: [], isDirty: false };
      this.#frames.set(index, frame);
    }
    return frame;
  }

  #withProgress(frame: StoredFrame): StoredFrame {
    const running = this.#frames.get(frame.frame_index);
    return running && frame.status === 'running'
      ? { ...frame, progress: running.progress, waits_behind: running.waitsBehind }
      : frame;
  }
}

const stateOf = (frame: StoredFrame | undefined): string =>
  JSON.stringify(frame && { ...frame, progress: 0, waits_behind: null });

const stateOfTask = ({ task }: TaskWithFrames): string =>
  JSON.stringify({ ...task, version: 0, lease: null, lease_until: null });
