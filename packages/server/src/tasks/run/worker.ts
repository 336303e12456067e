/**
 * Takes tasks from the rows and runs their frames.
 *
 * A worker claims tasks up to the limit of each lane, under a lease that it renews. Whatever it writes names the
 * lease: if another process took the task over, or the user cancelled it, the write changes nothing and the worker
 * drops what it has. Finished frames are never run again; an unfinished one runs from its start, and its engine gets
 * the ticket of the earlier run to resume it.
 *
 * A task whose rows cannot be written is put back after a pause that grows each time (setbacks.ts).
 *
 * Dispatch and bus make it fast, but it does not rely on them: it checks for waiting tasks and expired leases every few
 * seconds.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bus } from '../../bus/bus.ts';
import type { Writer } from '../../db/database.ts';
import type { FrameRow, TaskRow } from '../../db/schema.ts';
import type { Dispatch } from '../../dispatch/dispatch.ts';
import { isDatabaseAway, toStudioError } from '../../error.ts';
import type { Logger } from '../../log.ts';
import type { Span, Traces } from '../../telemetry/spans.ts';
import type { TaskNews } from '../news.ts';
import { readPlan } from '../plan.ts';
import { slotsOf } from '../slots-of.ts';
import { claimTask, holdTask, releaseTasks, settleTask } from '../store/leased.ts';
import * as store from '../store/task-rows.ts';
import { FrameRun, type FrameRunOptions, type StopReason } from './frame-run.ts';
import { RunReport } from './run-report.ts';
import { type Refusal, Setbacks } from './setbacks.ts';
import { Slots } from './slots.ts';

export interface WorkerOptions extends FrameRunOptions {
  bus: Bus;
  dispatch: Dispatch;
  news: TaskNews;
  /** Tasks of one lane at once. */
  maxConcurrentTasks: number | null;
  leaseMs: number;
  pollMs: number;
  traces: Traces;
  /** Aborted: it takes no more tasks, and goes on with those it has. */
  draining: AbortSignal;
}

export const WORKER_TIMES = { retryPauseMs: 1_000, leaseMs: 15_000, pollMs: 2_000 };
export type WorkerTimes = Pick<WorkerOptions, 'retryPauseMs' | 'leaseMs' | 'pollMs'>;

/** Tasks of a lane that take no place in it while they are paused. If the rows of more cannot be written, the lane slows down. */
const MAX_PAUSED = 8;

interface Held {
  lane: string;
  lease: string;
  report: RunReport;
  /** Names the task and the request that made it. */
  log: Logger;
  span: Span;
  /** Frames that are being run. */
  frames: Map<number, FrameRun>;
  /** Why this worker stops running it. */
  stopped: StopReason | null;
  /** The first frame whose rows could not be written. */
  refusal: Refusal | null;
  /** Aborted when it is stopped for another reason than that. */
  away: AbortController;
  /** It waits to be put back, because rows of it could not be written. */
  isPaused: boolean;
  /** For its frames; null before it runs. */
  slots: Slots | null;
  /** The task has its final status, or the lease is lost: nothing to give back. */
  settled: boolean;
  done: Promise<void>;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #id = randomUUID();
  readonly #held = new Map<number, Held>();
  readonly #claiming = new Set<string>();
  readonly #setbacks: Setbacks;
  readonly #lanesToCheck = new Set<string>();
  #unsubscribe: (() => void)[] = [];
  #stopHearing: () => Promise<void> = async () => undefined;
  #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#setbacks = new Setbacks(options.retryPauseMs);
  }

  /** `alone`: no other process can hold a lease on these rows, so existing leases are of a dead process. */
  async start({ alone }: { alone: boolean }): Promise<void> {
    await this.#putBack(alone ? 'all' : 'expired');
    const { bus, dispatch, engines } = this.#options;
    const lanes = engines.lanes.map(({ id }) => id);
    this.#stopHearing = dispatch.follow(lanes, {
      hasPlace: (lane) => this.#tasksToClaim(lane) > 0,
      claim: (lane) => this.#fill(lane),
    });
    this.#unsubscribe = [
      // A repair puts tasks back whose lane is of an engine that is gone; their family may still be painted.
      bus.subscribe('wake', ({ lane }) => {
        if (!lanes.includes(lane)) void this.#fill(lane);
      }),
      bus.subscribe('cancel', ({ task, frame }) => this.#cancel(task, frame)),
    ];
    const every = (ms: number, work: () => Promise<void>) => {
      const timer = setInterval(
        () => void work().catch((error) => this.#options.log.error({ err: error }, 'worker round failed')),
        ms,
      );
      this.#timers.push(timer);
    };
    every(this.#options.leaseMs / 3, () => this.#renew());
    every(this.#options.pollMs, () => this.#putBack('expired'));
    every(this.#options.pollMs, () => this.#fillAll());
    every(this.#options.pollMs, async () => this.#widen());
    void this.#fillAll();
  }

  /** Stops claiming, gives unfinished frames back and waits until all tasks are released. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#timers.forEach(clearInterval);
    const closed = this.#stopHearing();
    for (const held of this.#held.values()) stop(held, 'stopping');
    await Promise.allSettled([...this.#held.values()].map((held) => held.done));
    await closed;
  }

  /** Resolves when it holds no task. */
  async idle(): Promise<void> {
    while (this.#held.size > 0) await Promise.allSettled([...this.#held.values()].map((held) => held.done));
  }

  #cancel(task: number, frame: number | null): void {
    const held = this.#held.get(task);
    if (held && frame === null) stop(held, 'cancelled');
    else if (frame !== null) held?.frames.get(frame)?.stop('cancelled');
  }

  async #fillAll(): Promise<void> {
    await Promise.all(this.#options.engines.lanes.map(({ id }) => this.#fill(id)));
  }

  /**
   * Claims until the lane is full or nothing waits. One round per lane at a time; a message during a round starts
   * another.
   */
  async #fill(lane: string): Promise<void> {
    this.#lanesToCheck.add(lane);
    if (this.#claiming.has(lane)) return;
    this.#claiming.add(lane);
    try {
      while (this.#lanesToCheck.delete(lane)) {
        const atMost = this.#tasksToClaim(lane);
        // The lane was filled: more tasks may be waiting, and a running one may have ended.
        if (atMost > 0 && (await this.#claim(lane, atMost)) === atMost) this.#lanesToCheck.add(lane);
      }
    } catch (error) {
      this.#options.log.error({ err: error, lane }, 'could not claim a task');
    } finally {
      this.#claiming.delete(lane);
    }
  }

  #tasksToClaim(lane: string): number {
    if (this.#stopping || this.#options.draining.aborted) return 0;
    const held = [...this.#held.values()].filter((each) => each.lane === lane);
    const paused = held.filter(({ isPaused }) => isPaused).length;
    const running = held.length - Math.min(paused, MAX_PAUSED);
    return this.#options.engines.maxTasks(lane, this.#options.maxConcurrentTasks) - running;
  }

  /** Claims at most this many waiting tasks in one commit; returns the number. */
  async #claim(lane: string, atMost: number): Promise<number> {
    const slots = (task: TaskRow) => slotsOf(this.#options.engines, task);
    const claimed = await this.#claimRows(lane, atMost, slots).catch((error) => {
      // If only the rows of its frames cannot be written, that is found when they begin, and the tasks after it can run.
      this.#options.log.warn({ err: error, lane }, 'frames could not be begun with the claim of their task');
      return this.#claimRows(lane, 1, () => 0);
    });
    for (const { lease, ...task } of claimed) {
      this.#noteBegin(task.task);
      this.#hold(task, lane, lease);
    }
    return claimed.length;
  }

  /** Not of a task that was put back. */
  #noteBegin(task: TaskRow): void {
    const { family, started_at, created_at } = task;
    if (started_at === null || started_at < Date.now() - this.#options.leaseMs) return;
    const engine = readPlan(task)?.choice.engine ?? '';
    this.#options.meters.taskBegan({ family, engine }, Math.max(0, started_at - created_at) / 1000);
  }

  #claimRows(lane: string, atMost: number, slots: (task: TaskRow) => number): Promise<Claimed[]> {
    const now = Date.now();
    const claim = async (trx: Writer) => {
      const found: Claimed[] = [];
      while (found.length < atMost) {
        const lease = `${this.#id}/${randomUUID()}`;
        const next = await claimTask(trx, {
          lane,
          lease,
          leaseMs: this.#options.leaseMs,
          now,
          slots,
        });
        if (!next) break;
        found.push({ ...next, lease });
      }
      return found;
    };
    // Not durable: after a power cut the task waits again, and nothing of it was stored.
    return this.#options.db.write(claim, { durable: false });
  }

  #hold(found: store.TaskWithFrames, lane: string, lease: string): void {
    const held: Held = {
      lane,
      lease,
      report: new RunReport(this.#options, { id: found.task.id, lease }),
      ...this.#named(found.task),
      frames: new Map(),
      stopped: this.#stopping ? 'stopping' : null,
      refusal: null,
      away: new AbortController(),
      isPaused: false,
      slots: null,
      settled: false,
      done: Promise.resolve(),
    };
    this.#held.set(found.task.id, held);
    if (this.#stopping) held.away.abort('stopping');
    held.done = this.#run(found, held)
      .then(() => this.#setbacks.forget(found.task.id))
      .catch((error) => this.#setBack(found.task.id, held, error))
      .finally(() => this.#letGo(found.task, held));
  }

  #named(task: TaskRow): Pick<Held, 'log' | 'span'> {
    const { id, kind, family, lane } = task;
    const { origin } = readPlan(task) ?? {};
    const { log, traces } = this.#options;
    return {
      log: log.child({ task: id, ...(origin ? { request_id: origin.id } : {}) }),
      span: traces.begin(`task ${kind}`, 'consumer', origin?.trace ?? null, {
        'limner.task': id,
        'limner.family': family,
        'messaging.system': 'limner',
        'messaging.destination.name': lane,
        'messaging.operation.type': 'process',
        ...(origin ? { 'limner.request_id': origin.id } : {}),
      }),
    };
  }

  /** It stays held during the pause, so that no worker takes it up meanwhile. */
  async #setBack(task: number, held: Held, error: unknown): Promise<void> {
    const { refusal, away, lane } = held;
    const pauseMs = this.#setbacks.add(task, refusal);
    held.log.error({ err: refusal?.error ?? error, pauseMs }, 'task stopped; it will be taken up again');
    held.isPaused = true;
    if (!this.#stopping) void this.#fill(lane);
    await pause(pauseMs, undefined, { signal: away.signal }).catch(() => undefined);
    if (away.signal.reason === 'cancelled') this.#setbacks.forget(task);
  }

  /** Never throws: a task that cannot be put back waits until its lease has run out. */
  async #letGo({ id }: TaskRow, held: Held): Promise<void> {
    try {
      await this.#putBackUnfinished(held);
    } catch (error) {
      held.log.error({ err: error }, 'a task could not be put back');
    }
    held.span.end(held.refusal?.error);
    // It may have been claimed again since.
    if (this.#held.get(id) === held) this.#held.delete(id);
    if (!this.#stopping) void this.#fill(held.lane);
  }

  /** Unfinished frames are put back, to be claimed again. */
  async #putBackUnfinished(held: Held): Promise<void> {
    if (!held.settled) {
      const give = (trx: Writer) => releaseTasks(trx, { lease: held.lease });
      const given = await this.#options.db.write(give);
      if (given.length > 0) await held.report.changed();
      this.#options.dispatch.offer(given);
    }
    await held.report.close();
  }

  /** Runs frames until the task ends, the lease is lost or the worker stops. */
  async #run({ task, frames }: store.TaskWithFrames, held: Held): Promise<void> {
    await held.report.changed();
    let waiting = frames;
    while (held.stopped === null) {
      await this.#runFrames(
        task,
        waiting.filter((frame) => store.UNFINISHED.includes(frame.status)),
        held,
      );
      if (held.settled || held.stopped !== null) return;
      // Frames were cancelled or put back meanwhile, so check again.
      const end = await this.#options.db.write((trx) => settleTask(trx, task.id, held.lease));
      held.settled = end !== 'more';
      if (end !== null && end !== 'more') this.#options.meters.taskEnded(task.kind, end);
      if (held.settled) return held.report.changed();
      waiting = await store.framesOf(this.#options.db.read, task.id);
    }
  }

  /** Engines can become available while a task runs: right after a start a ComfyUI may not be connected yet. */
  #widen(): void {
    for (const { slots } of this.#held.values()) slots?.admit();
  }

  /**
   * Resolves when no frame of it runs any more. If the rows of one cannot be written, the others stop, because the task is
   * put back and another run of them begins.
   */
  async #runFrames(task: TaskRow, frames: FrameRow[], held: Held): Promise<void> {
    const slots = new Slots(() => slotsOf(this.#options.engines, task));
    held.slots = slots;
    const ends = await Promise.allSettled(
      frames.map((frame) => {
        const run = () => this.#runFrame(task, frame, held);
        // One that only fails takes no slot of the engine.
        return this.#setbacks.reasonToFail(task.id, frame.frame_index) ? run() : slots.run(run);
      }),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #runFrame(task: TaskRow, frame: FrameRow, held: Held): Promise<void> {
    if (held.stopped !== null) return;
    const { frame_index } = frame;
    const run = new FrameRun({ ...this.#options, log: held.log }, task, frame, {
      lease: held.lease,
      report: held.report,
      span: held.span,
      reasonToFail: this.#setbacks.reasonToFail(task.id, frame_index),
    });
    held.frames.set(frame_index, run);
    try {
      if ((await run.run()) === 'task') held.settled = true;
    } catch (error) {
      if (!isDatabaseAway(error)) held.refusal ??= { frame: frame_index, error: toStudioError(error) };
      stopFrames(held, 'lease_lost');
      throw error;
    } finally {
      held.frames.delete(frame_index);
    }
  }

  /** Also finds what was cancelled without a message: it was lost, or came before this worker knew of its claim. */
  async #renew(): Promise<void> {
    for (const [id, held] of this.#held) {
      const ours = await this.#options.db.write((trx) =>
        holdTask(trx, id, held.lease, this.#options.leaseMs),
      );
      const frames = await store.framesOf(this.#options.db.read, id);
      const isWanted = frames.some(({ status }) => store.UNFINISHED.includes(status));
      if (!ours && isWanted && held.stopped === null) this.#options.meters.leaseLost();
      if (!ours) stop(held, isWanted ? 'lease_lost' : 'cancelled');
      for (const { frame_index, status } of frames) if (status === 'cancelled') this.#cancel(id, frame_index);
    }
  }

  async #putBack(which: 'expired' | 'all'): Promise<void> {
    const released = await this.#options.db.write((trx) => releaseTasks(trx, which));
    for (const { id } of released) {
      this.#options.log.info({ task: id }, 'taking up a task again');
      await this.#options.news.changed(id);
    }
    this.#options.dispatch.offer(released);
  }
}

type Claimed = store.TaskWithFrames & { lease: string };

function stop(held: Held, reason: StopReason): void {
  held.away.abort(reason);
  stopFrames(held, reason);
}

function stopFrames(held: Held, reason: StopReason): void {
  held.stopped ??= reason;
  for (const run of held.frames.values()) run.stop(reason);
}
