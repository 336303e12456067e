/** The composition root, with the files beside it: the only place that knows which adapters exist. All roles in one process. */
import type { WorkerTimes } from '../tasks/run/worker.ts';
import { openChores } from './chores.ts';
import { Closings } from './closings.ts';
import { type Desk, openDesk } from './desk.ts';
import { type EngineAdapters, openEngines } from './engines.ts';
import { openShared, type SharedOptions } from './shared.ts';
import { openWorker } from './worker.ts';

export interface Studio extends Desk {
  /** Lets everybody know that the end is near; `close` does it too. */
  announceStop(): void;
  close(): Promise<void>;
}

export interface StudioOptions extends SharedOptions, EngineAdapters {
  /** Instead of the worker's usual times. */
  worker?: Partial<WorkerTimes>;
}

export async function openStudio(options: StudioOptions): Promise<Studio> {
  const closings = new Closings();
  try {
    const shared = await openShared(options, closings);
    const engines = await openEngines(shared, options, closings);
    const stopping = new AbortController();
    const desk = await openDesk(shared, engines, stopping.signal, closings);
    await openWorker(shared, engines, options.worker ?? {}, closings);
    openChores(shared, engines, closings);
    closings.add(() => stopping.abort());
    return { ...desk, announceStop: () => stopping.abort(), close: () => closings.closeAll() };
  } catch (error) {
    await closings.closeAll();
    throw error;
  }
}
