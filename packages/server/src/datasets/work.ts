/**
 * Work on data sets that goes on after its request: archives, folders, captions of a model. Its row is its state for every
 * process. A row that gets no sign of life belongs to a process that ended; doing the work again adds what is missing, because
 * a set has equal pictures once.
 */
import {
  type Caller,
  type DatasetWork,
  type ErrorBody,
  type ImportedFile,
  StudioError,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { DatasetWorkRow } from '../db/schema.ts';
import { toStudioError } from '../error.ts';
import type { Logger } from '../log.ts';
import {
  deleteOldWork,
  findWork,
  insertWork,
  unfinishedWork,
  type WorkNow,
  writeCancelled,
  writeWork,
} from './store/work-rows.ts';

/** Between writes of the progress, and between signs of life. */
const WRITE_MS = 500;
const ALIVE_MS = 10_000;
/** Without a sign of life for this time its process has ended. */
const DEAD_MS = 60_000;
const KEPT_MS = 86_400_000;

export interface Progress {
  /** One more is done. @throws if the work was stopped */
  told(file: ImportedFile): Promise<void>;
  signal: AbortSignal;
}

export interface DatasetWorksOptions {
  db: Database;
  bus: Pick<Bus, 'publish'>;
  log: Pick<Logger, 'error'>;
  /** Aborted when the process begins to close. */
  stopping: AbortSignal;
}

export class DatasetWorks {
  readonly #options: DatasetWorksOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: DatasetWorksOptions) {
    this.#options = options;
  }

  /** Resolves when the work has begun. `end` is called when it has ended in any way. */
  async begin(
    caller: Caller,
    set: number,
    kind: DatasetWork['kind'],
    total: number,
    work: (progress: Progress) => Promise<void>,
    end: () => Promise<void> = async () => {},
  ): Promise<DatasetWork> {
    const now = Date.now();
    const row = await this.#options.db.write(async (trx) => {
      await deleteOldWork(trx, now - KEPT_MS);
      return insertWork(caller, trx, {
        dataset_id: set,
        kind,
        status: 'running',
        done: 0,
        total,
        files: '[]',
        error: null,
        created_at: now,
      });
    });
    const running = this.#run(row, work)
      .finally(end)
      .catch((error) => this.#options.log.error({ err: error, set }, 'work on a data set failed'));
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    return toWork({ ...row, now: row.updated_at });
  }

  async get(caller: Caller, set: number, id: number): Promise<DatasetWork> {
    const row = await findWork(caller, this.#options.db.read, set, id);
    if (!row) throw new StudioError('dataset_work_not_found', { data: { id }, field: 'work' });
    return toWork(row);
  }

  /** Those that have not ended. */
  async unfinished(caller: Caller, set: number): Promise<DatasetWork[]> {
    const rows = await unfinishedWork(caller, this.#options.db.read, set);
    return rows.map(toWork).filter(({ status }) => status === 'running');
  }

  /** Its process notices at its next write. Has no effect on ended work. */
  async cancel(caller: Caller, set: number, id: number): Promise<DatasetWork> {
    await this.get(caller, set, id);
    await this.#options.db.write((trx) => writeWork(trx, id, { status: 'cancelled' }));
    return this.get(caller, set, id);
  }

  /** Resolves when nothing runs in this process any more. */
  async close(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(row: DatasetWorkRow, work: (progress: Progress) => Promise<void>): Promise<void> {
    const { db, bus, stopping } = this.#options;
    const files: ImportedFile[] = [];
    const stopped = new AbortController();
    const signal = AbortSignal.any([stopping, stopped.signal]);
    const write = async (change: Parameters<typeof writeWork>[2] = {}) => {
      const values = { done: files.length, files: JSON.stringify(files), ...change };
      const isRunning = await db.write((trx) => writeWork(trx, row.id, values), { durable: false });
      if (!isRunning) stopped.abort(new StudioError('task_cancelled', { data: { id: row.id } }));
      bus.publish({ type: 'changed', list: 'datasets' });
    };
    // One file may take long, for example a large one or one that a model describes.
    const alive = setInterval(() => void write().catch(() => undefined), ALIVE_MS);
    let writtenMs = Date.now();
    try {
      await work({
        signal,
        told: async (file) => {
          files.push(file);
          if (Date.now() - writtenMs >= WRITE_MS) {
            writtenMs = Date.now();
            await write();
          }
          signal.throwIfAborted();
        },
      });
      await write({ status: 'done' });
    } catch (error) {
      if (stopping.aborted) return void (await write({ status: 'interrupted' }));
      // A cancelled row keeps what was done until then.
      if (stopped.signal.aborted)
        return await db.write((trx) => writeCancelled(trx, row.id, files.length, JSON.stringify(files)));
      const refusal = toStudioError(error);
      if (refusal.code === 'internal') this.#options.log.error({ err: error }, 'work on a data set failed');
      await write({ status: 'failed', error: JSON.stringify(refusal.body()) });
    } finally {
      clearInterval(alive);
      bus.publish({ type: 'changed', list: 'datasets' });
    }
  }
}

function toWork(row: WorkNow): DatasetWork {
  const { id, dataset_id, kind, status, done, total, files, error, updated_at, now } = row;
  return {
    id,
    dataset: dataset_id,
    kind,
    status: status === 'running' && updated_at < now - DEAD_MS ? 'interrupted' : status,
    done,
    total,
    files: parsed<ImportedFile[]>(files) ?? [],
    error: error === null ? null : parsed<ErrorBody>(error),
  };
}
