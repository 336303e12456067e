/** Operations on lanes: pause, resume, reorder, and cancel all waiting tasks. */
import { type Caller, type MoveTask, type QueueLane, StudioError } from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../db/database.ts';
import type { Engines } from '../engines/engines.ts';
import type { TaskNews } from './news.ts';
import type { QueuePlaces } from './queue-places.ts';
import { reordered } from './reorder.ts';
import { setLanePaused } from './store/paused-lanes.ts';
import { holdTurns, unfinishedTasks, writeTurns } from './store/queue-order.ts';
import { taskRow } from './store/task-rows.ts';
import type { Tasks } from './tasks.ts';

export interface LanesOptions {
  db: Database;
  bus: Bus;
  news: Pick<TaskNews, 'changed'>;
  engines: Pick<Engines, 'lanes'>;
  places: Pick<QueuePlaces, 'lanes'>;
  tasks: Pick<Tasks, 'stop'>;
}

export class Lanes {
  readonly #db: Database;
  readonly #bus: Bus;
  readonly #news: LanesOptions['news'];
  readonly #engines: LanesOptions['engines'];
  readonly #places: LanesOptions['places'];
  readonly #tasks: LanesOptions['tasks'];

  constructor({ db, bus, news, engines, places, tasks }: LanesOptions) {
    this.#db = db;
    this.#bus = bus;
    this.#news = news;
    this.#engines = engines;
    this.#places = places;
    this.#tasks = tasks;
  }

  list(caller: Caller): Promise<QueueLane[]> {
    return this.#places.lanes(caller);
  }

  /** A paused lane starts no new task; running tasks finish. @throws StudioError `lane_not_found` */
  async setPaused(caller: Caller, id: string, paused: boolean): Promise<QueueLane> {
    refuseStranger(caller);
    if (!this.#engines.lanes.some((lane) => lane.id === id)) throw laneNotFound(id);
    await this.#db.write((trx) => setLanePaused(trx, id, paused));
    this.#bus.publish({ type: 'changed', list: 'lanes' });
    if (!paused) this.#bus.publish({ type: 'wake', lane: id });
    return this.#lane(caller, id);
  }

  /** @throws StudioError `task_not_found`, `task_not_waiting` */
  async move(caller: Caller, { task: id, before }: MoveTask): Promise<QueueLane> {
    const { lane, changed } = await this.#db.write(async (trx) => {
      const [task] = (await taskRow(caller, trx, { id })).rows;
      if (!task) throw new StudioError('task_not_found', { data: { id }, field: 'task' });
      const { lane } = task;
      const waiting = await holdTurns(trx, lane);
      const changed = reordered(waiting, id, before);
      if (!changed) throw notWaiting(waiting.some((each) => each.id === id) ? before : id);
      await writeTurns(trx, changed);
      return { lane, changed };
    });
    for (const each of changed) await this.#news.changed(each.id);
    this.#bus.publish({ type: 'changed', list: 'lanes' });
    return this.#lane(caller, lane);
  }

  /** Does not count tasks that end by themselves meanwhile. */
  async cancelAll(caller: Caller): Promise<{ cancelled: number }> {
    let cancelled = 0;
    for (const id of await unfinishedTasks(caller, this.#db.read))
      if (await this.#cancel(caller, id)) cancelled += 1;
    this.#bus.publish({ type: 'changed', list: 'lanes' });
    return { cancelled };
  }

  async #cancel(caller: Caller, id: number): Promise<boolean> {
    try {
      await this.#tasks.stop(caller, id);
      return true;
    } catch (error) {
      const hasEnded =
        error instanceof StudioError && ['task_not_cancellable', 'task_not_found'].includes(error.code);
      if (!hasEnded) throw error;
      return false;
    }
  }

  async #lane(caller: Caller, id: string): Promise<QueueLane> {
    const lane = (await this.#places.lanes(caller)).find((each) => each.id === id);
    if (!lane) throw laneNotFound(id);
    return lane;
  }
}

const laneNotFound = (id: string) => new StudioError('lane_not_found', { data: { id }, field: 'lane' });

const notWaiting = (id: number | null) =>
  new StudioError('task_not_waiting', { data: { id }, field: 'task' });
