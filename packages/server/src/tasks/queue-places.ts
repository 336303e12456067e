/**
 * Lanes with their running and waiting tasks, and estimates of when these start and end. A lane has a limit of tasks at
 * once; when one ends, the first waiting task starts. Durations come from measured pictures of the family, which include
 * the slowdown by other tasks; a training is estimated from its own progress.
 */
import {
  type Caller,
  MAX_LISTED_WAITING,
  pictureWork,
  type QueueLane,
  type QueuePlace,
  type RunningTask,
  type SecondsRange,
  timesWork,
} from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import type { Engine, Lane } from '../engines/engine.ts';
import type { Engines, MeasuredFamily } from '../engines/engines.ts';
import type { Durations } from './durations.ts';
import { type Measured, measuredFamily } from './measured.ts';
import { readPlan } from './plan.ts';
import { slotsOf } from './slots-of.ts';
import { pausedLanes } from './store/paused-lanes.ts';
import { type QueueRow, tasksInOrder } from './store/queue-order.ts';
import { framesOfAll } from './store/task-list.ts';
import { type StoredFrame, UNFINISHED } from './store/task-rows.ts';

export interface QueuePlacesOptions {
  db: Reader;
  engines: Pick<Engines, 'get' | 'maxTasks' | 'byLane' | 'family'>;
  durations: Pick<Durations, 'of'>;
  maxConcurrentTasks: number | null;
}

/** Below this progress the duration of a training is not estimated. */
const LEAST_PROGRESS = 0.05;

const ENOUGH_OF_ITS_OWN = 3;

interface QueuedTask {
  task: QueueRow;
  frames: StoredFrame[];
  /** Its time left; null if unknown. */
  left: Measured | null;
}

export class QueuePlaces {
  readonly #db: Reader;
  readonly #engines: QueuePlacesOptions['engines'];
  readonly #durations: QueuePlacesOptions['durations'];
  readonly #maxConcurrentTasks: number | null;

  constructor({ db, engines, durations, maxConcurrentTasks }: QueuePlacesOptions) {
    this.#db = db;
    this.#engines = engines;
    this.#durations = durations;
    this.#maxConcurrentTasks = maxConcurrentTasks;
  }

  /** The caller's waiting tasks. Their places count the tasks of all callers. */
  async list(caller: Caller): Promise<QueuePlace[]> {
    return (await this.lanes(caller)).flatMap(({ waiting }) => waiting);
  }

  /** Lists the caller's tasks; places and times count the tasks of all callers. */
  async lanes(caller: Caller): Promise<QueueLane[]> {
    const waiting = await tasksInOrder(caller, this.#db, 'queued', MAX_LISTED_WAITING);
    const running = await tasksInOrder(caller, this.#db, 'running', MAX_LISTED_WAITING);
    const paused = await pausedLanes(this.#db);
    const queued = await this.#withTimes([...running, ...waiting]);
    const isWhole = waiting.length < MAX_LISTED_WAITING;
    return this.#engines.byLane().map(({ engine, lane }) => {
      const inLane = queued.filter(({ task }) => task.lane === lane.id);
      return this.#laneOf(engine, lane, inLane, { pausedMs: paused.get(lane.id) ?? null, isWhole });
    });
  }

  #laneOf(
    engine: Engine,
    lane: Lane,
    queued: QueuedTask[],
    { pausedMs, isWhole }: { pausedMs: number | null; isWhole: boolean },
  ): QueueLane {
    const running = queued.filter(({ task }) => task.status === 'running');
    const waiting = queued.filter(({ task }) => task.status === 'queued');
    const at_once = this.#engines.maxTasks(lane.id, this.#maxConcurrentTasks);
    const leftOf = ({ left }: QueuedTask) => left;
    // One more, for the start of a task created now.
    const starts = startRanges(running.map(leftOf), [...waiting.map(leftOf), NO_TIME], at_once);
    const startOf = (index: number) => (pausedMs === null ? (starts[index] ?? null) : null);
    const families = engine.families().filter(({ kind }) => lane.kinds.includes(kind));
    return {
      id: lane.id,
      engine: engine.label,
      kinds: lane.kinds.filter((kind) => families.some((family) => family.kind === kind)),
      available: families.some(({ id }) => engine.missing(id).length === 0),
      paused_at: pausedMs === null ? null : new Date(pausedMs).toISOString(),
      at_once,
      running: running.filter(isVisible).map((each) => toRunning(each, engine)),
      waiting: waiting.flatMap(({ task }, index) => {
        if (!task.isVisible) return [];
        return {
          task: task.id,
          place: index + 1,
          starts_in_seconds: startOf(index)?.median ?? null,
          starts_within: toRange(startOf(index)),
          paused: pausedMs !== null,
        };
      }),
      free_within: isWhole ? toRange(startOf(waiting.length)) : null,
    };
  }

  async #withTimes(tasks: QueueRow[]): Promise<QueuedTask[]> {
    const ids = tasks.map(({ id }) => id);
    const frames = ids.length === 0 ? new Map<number, StoredFrame[]>() : await framesOfAll(this.#db, ids);
    const measured = new Map<string, MeasuredFamily | null>();
    for (const family of new Set(tasks.map((task) => task.family)))
      measured.set(family, await this.#durations.of(family, this.#engines.family(family)));
    return tasks.map((task) => {
      const own = frames.get(task.id) ?? [];
      const left =
        task.kind === 'training'
          ? byProgress(task, own)
          : scaled(
              ownTimes(own) ?? this.#timesOf(task, measured.get(task.family) ?? null),
              workLeft(own, slotsOf(this.#engines, task)),
            );
      return { task, frames: own, left };
    });
  }

  /** Scaled to the task's size and steps. */
  #timesOf(task: TaskRow, measured: MeasuredFamily | null): Measured | null {
    const plan = readPlan(task);
    if (!measured || !plan) return null;
    const work = pictureWork(plan.recipe, this.#engines.family(task.family));
    return scaled(measured, timesWork(work, measured.work) ?? 1);
  }
}

const isVisible = ({ task }: QueuedTask): boolean => task.isVisible;

const NO_TIME: Measured = { low: 0, median: 0, high: 0 };

const toRange = (range: Measured | null): SecondsRange | null =>
  range && { low: range.low, high: range.high };

function toRunning({ task, frames, left }: QueuedTask, engine: Engine): RunningTask {
  const running = frames.filter(({ status }) => status === 'running');
  return {
    task: task.id,
    started_at: moment(task.started_at),
    frames: running.map(({ frame_index, progress, started_at, ticket, waits_behind }) => ({
      index: frame_index,
      progress: Math.min(1, Math.max(0, progress)),
      started_at: moment(started_at),
      server: ticket === null ? null : (engine.serverOf?.(ticket) ?? null),
      waits_behind,
    })),
    ends_within: toRange(left),
  };
}

const moment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** The time its unfinished frames take with `slots` at once, in multiples of one picture's time. */
function workLeft(frames: StoredFrame[], slots: number): number {
  const left = frames
    .filter(({ status }) => UNFINISHED.includes(status))
    .map((frame) => 1 - (frame.status === 'running' ? frame.progress : 0));
  const free = Array.from({ length: slots }, () => 0);
  for (const each of left) {
    const first = Math.min(...free);
    free[free.indexOf(first)] = first + each;
  }
  return Math.max(...free);
}

const scaled = (one: Measured | null, times: number): Measured | null =>
  one && { low: one.low * times, median: one.median * times, high: one.high * times };

/** Measured from the task's own pictures, because they have its size and settings. */
function ownTimes(frames: StoredFrame[]): Measured | null {
  const timed = frames.flatMap(({ status, started_at, completed_at }) =>
    status === 'completed' && started_at !== null && completed_at !== null
      ? { startedMs: started_at, completedMs: completed_at, server: null, work: null }
      : [],
  );
  return timed.length < ENOUGH_OF_ITS_OWN ? null : measuredFamily(timed, true);
}

function byProgress(task: TaskRow, frames: StoredFrame[]): Measured | null {
  const frame = frames.find(({ status }) => status === 'running');
  if (task.status !== 'running' || !frame?.started_at || frame.progress < LEAST_PROGRESS) return null;
  const passed = (Date.now() - frame.started_at) / 1000;
  const left = (passed * (1 - frame.progress)) / frame.progress;
  return { low: left, median: left, high: left };
}

/** Pure: when each waiting task starts, with bounds. */
export function startRanges(
  running: (Measured | null)[],
  waiting: (Measured | null)[],
  atOnce: number,
): (Measured | null)[] {
  const by = (key: keyof Measured) => {
    const of = (tasks: (Measured | null)[]) => tasks.map((task) => task?.[key] ?? null);
    return startsOf(of(running), of(waiting), atOnce);
  };
  const [low, median, high] = [by('low'), by('median'), by('high')];
  return waiting.map((_, index) => {
    const [least, usual, most] = [low[index], median[index], high[index]];
    return least == null || usual == null || most == null ? null : { low: least, median: usual, high: most };
  });
}

/** Pure: when each waiting task starts, from the durations of the tasks before it. null: unknown. */
export function startsOf(
  running: (number | null)[],
  waiting: (number | null)[],
  atOnce: number,
): (number | null)[] {
  const known = (seconds: number | null) => seconds ?? Number.POSITIVE_INFINITY;
  const free = running.map(known);
  while (free.length < atOnce) free.push(0);
  return waiting.map((seconds) => {
    const first = Math.min(...free);
    free[free.indexOf(first)] = first + known(seconds);
    return Number.isFinite(first) ? first : null;
  });
}
