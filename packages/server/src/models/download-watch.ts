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
/** Nobody works on an interrupted file but its owner. */
const SELDOM_MS = 30_000;
/** A server that was just asked may not have begun. */
const BEGINS_WITHIN_MS = 5_000;

export class DownloadWatch {
  readonly #options: DownloadWatchOptions;
  readonly #unsubscribe: (() => void)[];
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();

  constructor(options: DownloadWatchOptions) {
    this.#options = options;
    this.#unsubscribe = (['downloads', 'gap'] as const).map((type) =>
      options.bus.subscribe(type, () => this.wake()),
    );
  }

  /** Looks now, and again while there are unfinished downloads. */
  wake(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#round = this.#round.then(() => this.#look());
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }

  async #look(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { db, everyMs = EVERY_MS } = this.#options;
    // A database that does not answer is asked again.
    const rows = await store.unfinishedDownloads(db.read).catch((error) => this.#failed(error));
    await Promise.all(rows?.map((row) => this.#follow(row).catch((error) => this.#failed(error))) ?? []);
    if (rows?.length === 0 || this.#stop.signal.aborted || this.#timer) return;
    const isRunning = rows?.some(({ status }) => status === 'running') ?? true;
    this.#timer = setTimeout(() => this.wake(), isRunning ? everyMs : SELDOM_MS);
  }

  #failed(error: unknown): null {
    if (!this.#stop.signal.aborted)
      this.#options.log.error({ err: error }, 'a model download could not be followed');
    return null;
  }

  async #follow(row: ModelDownloadRow): Promise<void> {
    const { servers } = this.#options;
    const state = await servers
      .progress(row.key, row.server, row.file, this.#stop.signal)
      .catch((error) => (isGone(error) ? error : null));
    if (state === null) return;
    if (state instanceof StudioError) return this.#end(row, { status: 'failed', ...failure(state) });
    const { doneBytes: done_bytes, problem } = state;
    const isStarting = Date.now() - row.created_at < BEGINS_WITHIN_MS;
    if (row.status === 'running' && (state.busy || isStarting)) {
      if (done_bytes !== row.done_bytes) await this.#write(row, { done_bytes });
      return;
    }
    if (problem === null && state.isComplete) {
      await this.#end(row, { status: 'completed', done_bytes });
      return servers.refresh(row.server);
    }
    if (row.status === 'interrupted') return;
    if (problem === null && state.isThere) return this.#end(row, { status: 'interrupted', done_bytes });
    const reason: Bilingual = problem === null ? NOTHING_THERE : { en: problem, zh: problem };
    const data = { engine: servers.name(row.server), file: row.file, reason };
    const error = new StudioError('download_failed', { data });
    return this.#end(row, { status: 'failed', done_bytes, ...failure(error) });
  }

  async #end(row: ModelDownloadRow, change: Parameters<typeof store.updateUnfinished>[2]): Promise<void> {
    const { server, file } = row;
    if (!(await this.#write(row, { ...change, ended_at: Date.now() }))) return;
    await this.#options.ended();
    this.#options.bus.publish({ type: 'engines' });
    this.#options.log.info({ server, file, status: change.status }, 'a download ended');
  }

  /** False: it was ended or forgotten meanwhile. */
  async #write(
    { id }: ModelDownloadRow,
    change: Parameters<typeof store.updateUnfinished>[2],
  ): Promise<boolean> {
    const { db, bus } = this.#options;
    if (!(await db.write((trx) => store.updateUnfinished(trx, id, change)))) return false;
    bus.publish({ type: 'changed', list: 'models' });
    return true;
  }
}

/** The server was removed, or Limner does not know the file any more. */
const isGone = (error: unknown): error is StudioError =>
  error instanceof StudioError && (error.code === 'engine_unknown' || error.code === 'model_unknown');

const failure = (error: StudioError) => ({ error: JSON.stringify(error.body('en')) });

const NOTHING_THERE: Bilingual = {
  en: "ComfyUI-Manager stopped and the file is not there. The server's log says why.",
  zh: 'ComfyUI-Manager 已停止，但文件不存在。原因请见服务器日志。',
};
