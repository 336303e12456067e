/** The composition root, with the files beside it: the only place that knows which adapters exist. */
import { setTimeout as pause } from 'node:timers/promises';
import { postgresProblem } from '../db/postgres-problem.ts';
import { sqliteProblem } from '../db/sqlite-problem.ts';
import { isDatabaseAway } from '../error.ts';
import { StartProblem } from '../start-problem.ts';
import type { WorkerTimes } from '../tasks/run/worker.ts';
import { type ChoreTimes, openChores } from './chores.ts';
import { Closings } from './closings.ts';
import { type Desk, openDesk } from './desk.ts';
import { type EngineAdapters, openEngines } from './engines.ts';
import { openHeartbeat, openInspection } from './inspection.ts';
import { openShared, type SharedOptions } from './shared.ts';
import { openWorker } from './worker.ts';

export interface Studio extends Desk {
  /** Where metrics are offered; null: nowhere. */
  metricsUrl: string | null;
  /** From now on it is not ready for more work, and goes on with what it has. */
  announceDrain(): void;
  /** Announces the stop; `close` does it too. */
  announceStop(): void;
  close(): Promise<void>;
}

export interface StudioOptions extends SharedOptions, EngineAdapters, ChoreTimes {
  /** Replaces the worker's usual times. */
  worker?: Partial<WorkerTimes>;
}

export function openStudio(options: StudioOptions): Promise<Studio> {
  const { database, runWorker } = options.config;
  if (database.dialect === 'sqlite' && !runWorker) return Promise.reject(needsPostgres());
  return opened(options, async (closings) => {
    const shared = await openShared(options, closings);
    const engines = await openEngines(shared, options, closings);
    const draining = new AbortController();
    const stopping = new AbortController();
    const desk = await openDesk(
      shared,
      engines,
      { draining: draining.signal, stopping: stopping.signal },
      closings,
    );
    if (shared.config.runWorker)
      await openWorker(shared, engines, options.worker ?? {}, draining.signal, closings);
    await openChores(shared, engines, options, closings);
    await openHeartbeat(shared, 'serve', closings);
    const metricsUrl = await openInspection(shared, engines, desk, draining.signal, closings);
    const announceDrain = () => draining.abort();
    const announceStop = () => {
      announceDrain();
      stopping.abort();
    };
    closings.add(announceStop);
    return { ...desk, metricsUrl, announceDrain, announceStop, close: () => closings.closeAll() };
  });
}

export interface WorkerStudio {
  name: string;
  close(): Promise<void>;
}

/** A process that paints for a desk in another process. */
export function openWorkerStudio(options: StudioOptions): Promise<WorkerStudio> {
  if (options.config.database.dialect === 'sqlite') return Promise.reject(needsPostgres());
  return opened(options, async (closings) => {
    const shared = await openShared(options, closings);
    const engines = await openEngines(shared, options, closings);
    const draining = new AbortController();
    const worker = await openWorker(shared, engines, options.worker ?? {}, draining.signal, closings);
    await openChores(shared, engines, options, closings);
    await openHeartbeat(shared, 'worker', closings);
    await openInspection(shared, engines, null, draining.signal, closings);
    return {
      name: shared.name,
      async close() {
        draining.abort();
        const { drainMs } = shared.config;
        if (drainMs > 0) await Promise.race([worker.idle(), pause(drainMs, undefined, { ref: false })]);
        await closings.closeAll();
      },
    };
  });
}

async function opened<T>(
  { config: { database } }: StudioOptions,
  open: (closings: Closings) => Promise<T>,
): Promise<T> {
  const closings = new Closings();
  try {
    return await open(closings);
  } catch (error) {
    await closings.closeAll();
    // Damage in the middle of a database file is found only when its pages are read.
    if (database.dialect === 'sqlite') throw sqliteProblem(error, database.file);
    // Postgres may go away at any line of a start.
    throw isDatabaseAway(error) ? postgresProblem(error, database.url) : error;
  }
}

const needsPostgres = (): StartProblem =>
  new StartProblem({
    en: 'Workers beside the server need a Postgres database: set DATABASE_URL=postgres://… for the server and for each worker. With SQLite the server paints by itself.',
    zh: '独立的绘制进程需要 Postgres 数据库：请为服务器和每个绘制进程设置 DATABASE_URL=postgres://…。使用 SQLite 时由服务器自己绘制。',
  });
