/**
 * What lives only in memory: how far a running frame is, its last preview, and the telling of news. A restart forgets
 * all of it; the rows say what is true.
 */
import type { LossPoint, TaskEvent } from '@limner/contract';
import type { Bus } from '../../bus/bus.ts';
import type { Reader } from '../../db/database.ts';
import type { TaskRow } from '../../db/schema.ts';
import { type LiveLookup, shapeEvent } from '../shape.ts';
import { readTask, type TaskWithFrames } from '../store/task-rows.ts';

export interface Preview {
  bytes: Uint8Array;
  mediaType: string;
  version: number;
}

export interface LiveFrame {
  progress: number;
  preview: Preview | null;
  /** Newest point of a training's loss. */
  loss?: LossPoint;
}

interface LiveTask {
  frames: Map<number, LiveFrame>;
  /** Greatest version told. */
  version: number;
  /** As last read, for news that changes no row. */
  known: TaskWithFrames | null;
}

const NOTHING: LiveLookup = () => undefined;

export class Live {
  readonly #db: Reader;
  readonly #bus: Bus;
  readonly #tasks = new Map<number, LiveTask>();

  constructor(db: Reader, bus: Bus) {
    this.#db = db;
    this.#bus = bus;
  }

  lookup(id: number): LiveLookup {
    const task = this.#tasks.get(id);
    return task ? (index) => task.frames.get(index) : NOTHING;
  }

  preview(id: number, index: number): Preview | null {
    return this.#tasks.get(id)?.frames.get(index)?.preview ?? null;
  }

  /** Greatest version told of a task that is being worked on; 0 for others. */
  told(id: number): number {
    return this.#tasks.get(id)?.version ?? 0;
  }

  /** The least version a row written now must get: above everything already told. */
  floor(id: number): number {
    return Math.max(Date.now(), (this.#tasks.get(id)?.version ?? 0) + 1);
  }

  /** Never goes back within a try. */
  progress(id: number, index: number, fraction: number, loss?: LossPoint): void {
    const frame = this.#frame(id, index);
    if (loss) frame.loss = loss;
    const next = Math.min(1, Math.max(frame.progress, fraction));
    if (next === frame.progress) return;
    frame.progress = next;
    this.#tell(id, index);
  }

  setPreview(id: number, index: number, bytes: Uint8Array, mediaType: string): void {
    const frame = this.#frame(id, index);
    frame.preview = { bytes, mediaType, version: (frame.preview?.version ?? 0) + 1 };
    this.#tell(id, index);
  }

  /** A frame begins a try, or has ended: what was known of it is over. */
  forget(id: number, index: number): void {
    this.#tasks.get(id)?.frames.delete(index);
  }

  /** A worker takes the task up. */
  take(id: number): void {
    this.#tasks.set(id, { frames: new Map(), version: 0, known: null });
  }

  /** The worker lets go of the task. */
  drop(id: number): void {
    this.#tasks.delete(id);
  }

  /** Rows changed: read them and tell. `about` null tells all frames. */
  async changed(id: number, about: number | null = null): Promise<void> {
    if (!this.#bus.isHeard('event')) return;
    const found = await readTask(this.#db, id);
    if (!found) return;
    const { task, frames } = found;
    const version = this.#nextVersion(id, task.version, found);
    this.#publish(shapeEvent(task, frames, this.lookup(id), about, version));
  }

  /** Two frames may change at once and be read together: each piece of news still gets a version of its own. */
  #nextVersion(id: number, rowVersion: number, known: LiveTask['known']): number {
    const live = this.#tasks.get(id);
    if (!live) return rowVersion;
    live.known = known;
    live.version = Math.max(live.version + 1, rowVersion);
    return live.version;
  }

  deleted(task: TaskRow): void {
    this.#tasks.delete(task.id);
    const version = this.floor(task.id);
    this.#publish({
      ...shapeEvent(task, [], NOTHING, null, Math.max(version, task.version + 1)),
      deleted: true,
    });
  }

  #tell(id: number, index: number): void {
    if (!this.#bus.isHeard('event')) return;
    const live = this.#tasks.get(id);
    // Nobody listened when the rows changed: they are not known yet, and are told now.
    if (!live?.known) return void this.changed(id, index);
    live.version = this.floor(id);
    this.#publish(shapeEvent(live.known.task, live.known.frames, this.lookup(id), index, live.version));
  }

  #frame(id: number, index: number): LiveFrame {
    const task = this.#tasks.get(id) ?? { frames: new Map<number, LiveFrame>(), version: 0, known: null };
    const frame = task.frames.get(index) ?? { progress: 0, preview: null };
    task.frames.set(index, frame);
    return frame;
  }

  #publish(event: TaskEvent): void {
    this.#bus.publish({ type: 'event', event });
  }
}
