/**
 * Places of waiting tasks in their lanes, and when they start. A lane has so many places; the task that waits first gets
 * the place that is free first. How long a task takes is told by what pictures of its family took here lately, which
 * holds already how much the tasks beside it slow it down.
 */
import { MAX_TOLD_WAITING, type QueuePlace } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { Engines } from '../engines/engines.ts';
import type { Durations } from './durations.ts';
import { planOf } from './plan.ts';
import { framesOfAll } from './store/task-list.ts';
import { UNFINISHED } from './store/task-rows.ts';

export interface QueuePlacesOptions {
  db: Reader;
  engines: Pick<Engines, 'get' | 'maxTasks'>;
  durations: Pick<Durations, 'secondsPerFrame'>;
  maxConcurrentTasks: number;
}

export class QueuePlaces {
  readonly #o: QueuePlacesOptions;

  constructor(options: QueuePlacesOptions) {
    this.#o = options;
  }

  /** The first of every lane, as many as are told of. */
  async list(): Promise<QueuePlace[]> {
    const waiting = await this.#rows('queued');
    if (waiting.length === 0) return [];
    const running = await this.#rows('running');
    const secondsOf = await this.#seconds([...waiting, ...running]);
    const lanes = [...new Set(waiting.map(({ lane }) => lane))];
    return lanes.flatMap((lane) => {
      const inLane = (task: TaskRow) => task.lane === lane;
      const queue = waiting.filter(inLane);
      const starts = startsOf(
        running.filter(inLane).map(secondsOf),
        queue.map(secondsOf),
        this.#o.engines.maxTasks(lane, this.#o.maxConcurrentTasks),
      );
      return queue.map(({ id }, index) => ({
        task: id,
        place: index + 1,
        starts_in_seconds: starts[index] ?? null,
      }));
    });
  }

  /** In the order in which they are taken up. */
  #rows(status: 'queued' | 'running'): Promise<TaskRow[]> {
    return this.#o.db
      .selectFrom('tasks')
      .selectAll()
      .where('status', '=', status)
      .orderBy('priority', 'desc')
      .orderBy('id')
      .limit(MAX_TOLD_WAITING)
      .execute();
  }

  /** How long each task still takes; null where no picture of its family was timed yet. */
  async #seconds(tasks: TaskRow[]): Promise<(task: TaskRow) => number | null> {
    const { db, durations, engines } = this.#o;
    const frames = await framesOfAll(
      db,
      tasks.map(({ id }) => id),
    );
    const perFrame = new Map<string, number | null>();
    for (const family of new Set(tasks.map((task) => task.family)))
      perFrame.set(family, await durations.secondsPerFrame(family));
    return (task) => {
      const seconds = perFrame.get(task.family) ?? null;
      if (seconds === null) return null;
      const left = (frames.get(task.id) ?? [])
        .filter(({ status }) => UNFINISHED.includes(status))
        .reduce((sum, frame) => sum + 1 - (frame.status === 'running' ? frame.progress : 0), 0);
      return (seconds * left) / Math.max(1, engines.get(planOf(task).choice.engine)?.slots() ?? 1);
    };
  }
}

/** Pure: when each that waits begins, given how long those before it take. null: nobody knows. */
export function startsOf(
  running: (number | null)[],
  waiting: (number | null)[],
  places: number,
): (number | null)[] {
  const known = (seconds: number | null) => seconds ?? Number.POSITIVE_INFINITY;
  const free = running.map(known);
  while (free.length < places) free.push(0);
  return waiting.map((seconds) => {
    const first = Math.min(...free);
    free[free.indexOf(first)] = first + known(seconds);
    return Number.isFinite(first) ? first : null;
  });
}
