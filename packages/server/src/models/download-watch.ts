/**
 * Follows downloads that run on ComfyUI servers, until the file is complete or the server has stopped working on it. A
 * server that is away is asked again later; the row keeps what was known.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../db/database.ts';
import type { ModelDownloadRow } from '../db/schema.ts';
import type { Logger } from '../log.ts';
import * as store from './model-downloads-store.ts';
import type { ModelServers } from './model-servers.ts';

export interface DownloadWatchOptions {
  db: Database;
  bus: Bus;
  log: Pick<Logger, 'error' | 'info'>;
  servers: Pick<ModelServers, 'progress' | 'refresh' | 'name'>;
  /** A row has ended: its file is no longer incomplete. */
  ended(): Promise<void>;
  everyMs?: number;
}

const EVERY_MS = 2_000;
/** A server that was just asked may not have begun. */
const BEGINS_WITHIN_MS = 5_000;

export class DownloadWatch {
  readonly #options: DownloadWatchOptions;
  readonly #everyMs: number;
  readonly #unsubscribe: () => void;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: DownloadWatchOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? EVERY_MS;
    this.#unsubscribe = options.bus.subscribe('downloads', () => this.wake());
  }

  /** Looks now, and again while downloads run. */
  wake(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#round = this.#round
      .then(() => this.#look())
      .catch((error) => this.#options.log.error({ err: error }, 'model downloads could not be followed'));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return;
    const rows = await store.runningDownloads(this.#options.db.read);
    for (const row of rows) {
      if (this.#isClosed) return;
      await this.#follow(row);
    }
    if (rows.length === 0 || this.#isClosed || this.#timer) return;
    this.#timer = setTimeout(() => this.wake(), this.#everyMs);
  }

  async #follow(row: ModelDownloadRow): Promise<void> {
    const { servers } = this.#options;
    const state = await servers.progress(row.key, row.server, row.file).catch((error) => {
      if (error instanceof StudioError && error.code === 'engine_unknown') return 'removed' as const;
      return null;
    });
    if (state === null) return;
    if (state === 'removed') return this.#end(row, { status: 'interrupted' });
    const { doneBytes: done_bytes, busy, problem } = state;
    if (busy || Date.now() - row.created_at < BEGINS_WITHIN_MS) {
      if (done_bytes !== row.done_bytes) await this.#write(row, { done_bytes });
      return;
    }
    if (problem === null && state.isComplete) {
      await this.#end(row, { status: 'completed', done_bytes });
      return servers.refresh(row.server);
    }
    if (problem === null && state.isThere) return this.#end(row, { status: 'interrupted', done_bytes });
    const reason: Bilingual = problem === null ? NOTHING_THERE : { en: problem, zh: problem };
    const data = { engine: servers.name(row.server), file: row.file, reason };
    const error = new StudioError('download_failed', { data });
    return this.#end(row, { status: 'failed', done_bytes, error: JSON.stringify(error.body('en')) });
  }

  async #end(row: ModelDownloadRow, change: Parameters<typeof store.updateRunning>[2]): Promise<void> {
    await this.#write(row, { ...change, ended_at: Date.now() });
    await this.#options.ended();
    this.#options.log.info({ server: row.server, file: row.file, status: change.status }, 'a download ended');
  }

  async #write({ id }: ModelDownloadRow, change: Parameters<typeof store.updateRunning>[2]): Promise<void> {
    const { db, bus } = this.#options;
    if (!(await db.write((trx) => store.updateRunning(trx, id, change)))) return;
    bus.publish({ type: 'changed', list: 'models' });
    bus.publish({ type: 'engines' });
  }
}

const NOTHING_THERE: Bilingual = {
  en: "ComfyUI-Manager stopped and the file is not there. The server's log says why.",
  zh: 'ComfyUI-Manager 已停止，但文件不存在。原因请见服务器日志。',
};
