/** Opens the worker, which claims waiting tasks and runs them on engines. */
import { openInputPicture } from '../pictures/input-picture.ts';
import { Pictures } from '../pictures/pictures.ts';
import { openLora } from '../styles/lora-file.ts';
import { WORKER_TIMES, Worker, type WorkerTimes } from '../tasks/run/worker.ts';
import type { Closings } from './closings.ts';
import type { OpenEngines } from './engines.ts';
import type { Shared } from './shared.ts';

export async function openWorker(
  { config, log, isAlone, db, blobs, bus, dispatch, news, meters, traces }: Shared,
  { engines, runs }: OpenEngines,
  times: Partial<WorkerTimes>,
  draining: AbortSignal,
  closings: Closings,
): Promise<Worker> {
  const pictures = new Pictures(db.read);
  const worker = new Worker({
    db,
    blobs,
    bus,
    dispatch,
    news,
    engines,
    runs,
    log,
    meters,
    traces,
    draining,
    openInput: (id) => openInputPicture(pictures, blobs, id),
    openLora: (style) => openLora(blobs, style),
    maxConcurrentTasks: config.maxConcurrentTasks,
    ...WORKER_TIMES,
    ...times,
  });
  await worker.start({ alone: isAlone });
  closings.add(() => worker.stop());
  return worker;
}
