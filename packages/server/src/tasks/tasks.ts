/**
 * The operations on tasks that exist. Each method is one transaction and one event; it throws `StudioError`s.
 *
 * Cancel and retry write the rows at once, also under a running worker: the worker's own writes name its lease and the
 * frame's status, so they change nothing from then on. The bus message only stops it sooner.
 */
import {
  type Caller,
  type DeletedTasks,
  isFinal,
  type RemoveBgTask,
  StudioError,
  type Task,
  type TaskEvent,
  type TaskFilter,
  type TaskListItem,
  type TaskStatus,
} from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import { chunksOf } from '../chunks-of.ts';
import type { Database, Writer } from '../db/database.ts';
import type { FrameRow, TaskRow } from '../db/schema.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import { cellOfTask } from '../grids/grids-store.ts';
import type { Search } from '../search/search.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Meters } from '../telemetry/meters.ts';
import type { TaskNews } from './news.ts';
import { hasWork, NOTHING_PAINTED } from './state.ts';
import { newestLosses, type Preview, previewOf } from './store/frame-progress.ts';
import { type LeftRunning, leftRunning } from './store/left-running.ts';
import { readersOf, readOf } from './store/readers.ts';
import { type Removal, removeTask } from './store/removal.ts';
import * as list from './store/task-list.ts';
import { lockTask, lockTasksToRemove } from './store/task-locks.ts';
import { listTasks } from './store/task-pages.ts';
import * as store from './store/task-rows.ts';
import { returnToCheckpoint } from './store/training-run.ts';
import { emptyTrash } from './store/trash.ts';
import { VERSION_STEP } from './store/version.ts';
import { toEvent } from './to-event.ts';
import { toListItem, toRemoveBg, toTask } from './to-task.ts';
import { whenEnded } from './when-ended.ts';

const SNAPSHOT_LIMIT = 500;
/** Tasks deleted in one transaction. */
const DELETED_AT_ONCE = 50;
/** Two changes may become visible in another order than their versions, so a catch-up starts this much earlier. */
const SNAPSHOT_SLACK = 10_000 * VERSION_STEP;

export interface TasksOptions {
  db: Database;
  search: Search;
  blobs: Blobs;
  bus: Bus;
  dispatch: Pick<Dispatch, 'offer'>;
  news: TaskNews;
  meters: Pick<Meters, 'taskEnded'>;
  /** Keeps deleted items in the bin. */
  hasBin: boolean;
}

export class Tasks {
  readonly #db: Database;
  readonly #search: Search;
  readonly #blobs: Blobs;
  readonly #bus: Bus;
  readonly #dispatch: Pick<Dispatch, 'offer'>;
  readonly #news: TaskNews;
  readonly #meters: TasksOptions['meters'];
  readonly #removal: Removal;

  constructor(options: TasksOptions) {
    this.#db = options.db;
    this.#search = options.search;
    this.#blobs = options.blobs;
    this.#bus = options.bus;
    this.#dispatch = options.dispatch;
    this.#news = options.news;
    this.#meters = options.meters;
    this.#removal = { cause: 'deleted', keep: options.hasBin };
  }

  async get(caller: Caller, id: number): Promise<Task> {
    const found = await this.#read(caller, id);
    return { ...toTask(found, this.#news.beyondRows), grid: await cellOfTask(caller, this.#db.read, id) };
  }

  /** The task once it has ended. @throws StudioError `task_not_found`, also when it is deleted meanwhile */
  whenEnded(caller: Caller, id: number, signal: AbortSignal): Promise<Task> {
    return whenEnded({ bus: this.#bus, read: () => this.get(caller, id) }, id, signal);
  }

  async getRemoveBg(caller: Caller, id: number): Promise<RemoveBgTask> {
    const found = await this.#read(caller, id);
    if (found.task.kind !== 'remove_bg') throw notFound(id);
    return toRemoveBg(found);
  }

  async list(
    caller: Caller,
    filter: TaskFilter,
  ): Promise<{ items: TaskListItem[]; nextBefore: number | null; nextAfter: number | null }> {
    const { rows, more } = await listTasks(caller, this.#db, this.#search, filter);
    const frames = await list.framesOfAll(
      this.#db.read,
      rows.map((row) => row.id),
    );
    const items = rows.map((task) =>
      toListItem({ task, frames: frames.get(task.id) ?? [] }, this.#news.beyondRows.cleanupDays),
    );
    if (filter.after !== undefined)
      return { items, nextBefore: null, nextAfter: more ? (rows[0]?.id ?? null) : null };
    return { items, nextBefore: more ? (rows.at(-1)?.id ?? null) : null, nextAfter: null };
  }

  /** Counts the tasks of all callers. */
  counts(): Promise<{ queued: number; running: number }> {
    return list.countActive(SYSTEM, this.#db.read);
  }

  /**
   * The newest preview of a running frame that its worker has written; null if it has none, or has ended.
   * @throws StudioError `task_not_found`, `frame_not_found`
   */
  async preview(caller: Caller, id: number, index: number): Promise<Preview | null> {
    const preview = await previewOf(caller, this.#db.read, id, index);
    if (!preview) frameAt((await this.#read(caller, id)).frames, id, index);
    return preview;
  }

  /** Full events for a new subscription: tasks changed after `since`, or all unfinished tasks. */
  async snapshot(caller: Caller, tasks: 'all' | number[], since?: number): Promise<TaskEvent[]> {
    const { read } = this.#db;
    const rows = await this.#snapshotRows(caller, tasks, since);
    const frames = await list.framesOfAll(
      read,
      rows.map((row) => row.id),
    );
    const trainings = rows.filter(({ kind }) => kind === 'training').map(({ id }) => id);
    const losses = await newestLosses(read, trainings);
    return rows.map((task) =>
      toEvent(
        { task, frames: frames.get(task.id) ?? [] },
        { about: null, version: task.version, loss: losses.get(task.id) },
        this.#news.beyondRows,
      ),
    );
  }

  async cancel(caller: Caller, id: number): Promise<Task> {
    await this.stop(caller, id);
    return this.get(caller, id);
  }

  /** Cancels, without reading the result. */
  async stop(caller: Caller, id: number): Promise<void> {
    let left: LeftRunning[] = [];
    const { kind } = await this.#change(caller, id, async (trx, { task }) => {
      if (isFinal(task.status))
        throw new StudioError('task_not_cancellable', { data: { id, status: task.status } });
      left = await leftRunning(trx, [id]);
      await store.moveFrames(trx, id, null, store.UNFINISHED, {
        status: 'cancelled',
        completed_at: Date.now(),
        ticket: null,
      });
      await store.endTask(trx, id, await store.framesOf(trx, id), true);
    });
    this.#meters.taskEnded(kind, 'cancelled');
    this.#bus.publish({ type: 'cancel', task: id, frame: null });
    this.#abandon(left);
  }

  async cancelFrame(caller: Caller, id: number, index: number): Promise<Task> {
    let left: LeftRunning[] = [];
    let end: TaskStatus | null = null;
    const { kind } = await this.#change(caller, id, async (trx, { task, frames }) => {
      const frame = frameAt(frames, id, index);
      left = await leftRunning(trx, [id], index);
      const moved = await store.moveFrames(trx, id, index, store.UNFINISHED, {
        status: 'cancelled',
        completed_at: Date.now(),
      });
      if (moved === 0)
        throw new StudioError('task_not_cancellable', {
          data: { id: `${id}/${index}`, status: frame.status },
        });
      await store.raiseVersion(trx, id);
      const changed = await store.framesOf(trx, id);
      end = task.lease === null && !hasWork(changed) ? await store.endTask(trx, id, changed, false) : null;
    });
    if (end !== null) this.#meters.taskEnded(kind, end);
    this.#bus.publish({ type: 'cancel', task: id, frame: index });
    this.#abandon(left);
    return this.get(caller, id);
  }

  retry(caller: Caller, id: number): Promise<Task> {
    return this.#retry(caller, id, null);
  }

  retryFrame(caller: Caller, id: number, index: number): Promise<Task> {
    return this.#retry(caller, id, index);
  }

  /** @throws StudioError `task_not_found`, `picture_in_use` */
  async delete(caller: Caller, id: number): Promise<void> {
    const { removed, left } = await this.#db.write(
      async (trx) => {
        await lockTasksToRemove(trx, [id]);
        const found = await store.readTask(caller, trx, id);
        if (!found) throw notFound(id);
        const reader = (await readOf(trx, [id])).get(id);
        if (reader !== undefined) throw new StudioError('picture_in_use', { data: { task: reader } });
        const left = await leftRunning(trx, [id]);
        await removeTask(trx, id, this.#removal);
        return { removed: found.task, left };
      },
      { frees: true },
    );
    this.#bus.publish({ type: 'cancel', task: id, frame: null });
    this.#abandon(left);
    this.#news.deleted(removed);
    await emptyTrash(this.#db, this.#blobs);
  }

  /** Deletes the tasks that exist and are not needed, a few at a time so that other requests are served in between. */
  async deleteMany(caller: Caller, ids: number[]): Promise<DeletedTasks> {
    let deleted = 0;
    const known = await list.knownTasks(caller, this.#db.read, ids);
    const stay = await readOf(this.#db.read, known);
    const toDelete = new Set(known.filter((id) => !stay.has(id)));
    for (const some of chunksOf([...toDelete], DELETED_AT_ONCE)) {
      const { found, read, left } = await this.#db.write(
        async (trx) => {
          await lockTasksToRemove(trx, some);
          const read = await readersOf(trx, some, toDelete);
          const tasks = await list.tasksById(caller, trx, some);
          const found = tasks.filter(({ id }) => !read.has(id));
          const left = await leftRunning(
            trx,
            found.map(({ id }) => id),
          );
          for (const { id } of found) await removeTask(trx, id, this.#removal);
          return { found, read, left };
        },
        { frees: true },
      );
      for (const [id, reader] of read) {
        stay.set(id, reader);
        toDelete.delete(id);
      }
      for (const task of found) {
        this.#bus.publish({ type: 'cancel', task: task.id, frame: null });
        this.#news.deleted(task);
      }
      this.#abandon(left);
      deleted += found.length;
    }
    void this.#emptyTrash();
    return { deleted, in_use: [...stay].map(([id, needed_by]) => ({ id, needed_by })) };
  }

  /** The next clean-up removes the rest. */
  async #emptyTrash(): Promise<void> {
    await emptyTrash(this.#db, this.#blobs).catch(() => undefined);
  }

  async #retry(caller: Caller, id: number, index: number | null): Promise<Task> {
    const waiting = await this.#change(caller, id, async (trx, { task, frames }) => {
      if (index !== null) frameAt(frames, id, index);
      const again = {
        status: 'queued',
        tries: 0,
        interruptions: 0,
        error: null,
        ticket: null,
        started_at: null,
        completed_at: null,
        ...NOTHING_PAINTED,
      } as const;
      const moved = await store.moveFrames(trx, id, index, ['failed', 'cancelled'], again);
      if (moved === 0) throw new StudioError('task_nothing_to_retry', { data: { id } });
      if (task.kind === 'training') await returnToCheckpoint(trx, id);
      await store.requeueTask(trx, id, task.lease);
    });
    this.#dispatch.offer([waiting]);
    return this.get(caller, id);
  }

  /** No worker holds these, so every process that hears of them stops them. */
  #abandon(left: readonly LeftRunning[]): void {
    for (const { lane, ticket } of left) this.#bus.publish({ type: 'abandon', lane, ticket });
  }

  /** One change of an existing task: transaction, news. Returns the row before it. */
  async #change(
    caller: Caller,
    id: number,
    work: (trx: Writer, found: store.TaskWithFrames) => Promise<void>,
  ): Promise<TaskRow> {
    const changed = await this.#db.write(async (trx) => {
      await lockTask(trx, id);
      const found = await store.readTask(caller, trx, id);
      if (!found) throw notFound(id);
      await work(trx, found);
      return found.task;
    });
    await this.#news.changed(id);
    return changed;
  }

  async #read(caller: Caller, id: number): Promise<store.TaskWithFrames> {
    const found = await store.readTask(caller, this.#db.read, id);
    if (!found) throw notFound(id);
    return found;
  }

  #snapshotRows(caller: Caller, tasks: 'all' | number[], since?: number): Promise<TaskRow[]> {
    const { read } = this.#db;
    if (tasks !== 'all') return list.tasksById(caller, read, tasks);
    if (since === undefined) return list.activeTasks(caller, read, SNAPSHOT_LIMIT);
    return list.changedTasks(caller, read, since - SNAPSHOT_SLACK, SNAPSHOT_LIMIT);
  }
}

const notFound = (id: number) => new StudioError('task_not_found', { data: { id }, field: 'id' });

function frameAt(frames: FrameRow[], id: number, index: number): FrameRow {
  const frame = frames.find(({ frame_index }) => frame_index === index);
  if (!frame) throw new StudioError('frame_not_found', { data: { id, index }, field: 'index' });
  return frame;
}
