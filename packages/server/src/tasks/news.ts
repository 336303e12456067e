/**
 * News of tasks: reads a task's rows again and publishes them. An event has the whole task and the version of its row, so it
 * may be lost or arrive after a later one without harm.
 */
import type { TaskEvent } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { newestLosses } from './store/frame-progress.ts';
import { readTask, type TaskWithFrames } from './store/task-rows.ts';
import { versionAfter } from './store/version.ts';
import { toEvent } from './to-event.ts';

export class TaskNews {
  readonly #db: Reader;
  readonly #bus: Bus;
  /** Events say when their task is cleaned up. */
  readonly cleanupDays: number;

  constructor(db: Reader, bus: Bus, cleanupDays: number) {
    this.#db = db;
    this.#bus = bus;
    this.cleanupDays = cleanupDays;
  }

  /** Called after rows of the task changed. */
  async changed(id: number): Promise<void> {
    if (!this.mayBeHeard) return;
    const found = await this.read(id);
    if (!found) return;
    const loss = found.task.kind === 'training' ? (await newestLosses(this.#db, [id])).get(id) : undefined;
    this.publish(
      toEvent(found, { about: null, version: found.task.version, cleanupDays: this.cleanupDays, loss }),
    );
  }

  deleted(task: TaskRow): void {
    const version = versionAfter(task.version);
    this.publish({
      ...toEvent({ task, frames: [] }, { about: null, version, cleanupDays: this.cleanupDays }),
      deleted: true,
    });
  }

  /** False: no client would receive an event, so none is made. */
  get mayBeHeard(): boolean {
    return this.#bus.mayBeHeard('event');
  }

  read(id: number): Promise<TaskWithFrames | null> {
    return readTask(SYSTEM, this.#db, id);
  }

  publish(event: TaskEvent): void {
    this.#bus.publish({ type: 'event', event });
  }
}
