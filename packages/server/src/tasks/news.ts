/**
 * News of tasks: reads a task's rows again and publishes them. An event has the whole task and the version of its row, so it
 * may be lost or arrive after a later one without harm.
 */
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { newestLosses } from './store/frame-progress.ts';
import { readTask, type TaskWithFrames } from './store/task-rows.ts';
import { versionAfter } from './store/version.ts';
import { type EventDetails, toEvent } from './to-event.ts';
import type { BeyondRows } from './to-task.ts';

export class TaskNews {
  readonly #db: Reader;
  readonly #bus: Bus;
  /** What tasks and events say beyond their rows. */
  readonly beyondRows: BeyondRows;

  constructor(db: Reader, bus: Bus, beyondRows: BeyondRows) {
    this.#db = db;
    this.#bus = bus;
    this.beyondRows = beyondRows;
  }

  /** Called after rows of the task changed. */
  async changed(id: number): Promise<void> {
    if (!this.mayBeHeard) return;
    const found = await this.read(id);
    if (!found) return;
    const loss = found.task.kind === 'training' ? (await newestLosses(this.#db, [id])).get(id) : undefined;
    this.publish(found, { about: null, version: found.task.version, loss });
  }

  deleted(task: TaskRow): void {
    const version = versionAfter(task.version);
    this.publish({ task, frames: [] }, { about: null, version, deleted: true });
  }

  /** False: no client would receive an event, so none is made. */
  get mayBeHeard(): boolean {
    return this.#bus.mayBeHeard('event');
  }

  read(id: number): Promise<TaskWithFrames | null> {
    return readTask(SYSTEM, this.#db, id);
  }

  publish(rows: TaskWithFrames, details: EventDetails): void {
    this.#bus.publish({ type: 'event', event: toEvent(rows, details, this.beyondRows) });
  }
}
