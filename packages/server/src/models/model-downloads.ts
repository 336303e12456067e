/**
 * Downloads of model files by ComfyUI servers. The row is written before the server is asked, so that a file that is only
 * half there is never offered, whichever process asked; the server is asked by the row's key. `DownloadWatch` follows it.
 */
import { randomUUID } from 'node:crypto';
import {
  type ModelDownload,
  type ModelDownloadCreate,
  type ServerModels,
  StudioError,
} from '@limner/contract';
import type { Bus } from '../bus/bus.ts';
import type { Database } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { ModelDownloadRow } from '../db/schema.ts';
import { toStudioError } from '../error.ts';
import * as store from './model-downloads-store.ts';
import type { ModelServers } from './model-servers.ts';

export class ModelDownloads {
  readonly #db: Database;
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #servers: Omit<ModelServers, 'progress' | 'refresh'>;

  constructor(db: Database, bus: Pick<Bus, 'publish'>, servers: Omit<ModelServers, 'progress' | 'refresh'>) {
    this.#db = db;
    this.#bus = bus;
    this.#servers = servers;
  }

  /** Tells the servers' lists which files are incomplete; other processes start and end downloads too. */
  async load(): Promise<void> {
    this.#servers.setIncomplete(byServer(await store.unfinishedDownloads(this.#db.read)));
  }

  async models(): Promise<ServerModels[]> {
    const rows = await store.unfinishedDownloads(this.#db.read);
    return this.#servers.list(byServer(rows.filter(({ status }) => status === 'running')));
  }

  async list(): Promise<ModelDownload[]> {
    return (await store.listDownloads(this.#db.read)).map(toDownload);
  }

  /** Answers the download that runs already, if there is one. */
  async create({ server, file }: ModelDownloadCreate): Promise<ModelDownload> {
    const { folder, sizeBytes } = this.#servers.published(server, file);
    const row = {
      key: randomUUID(),
      server,
      file,
      folder,
      status: 'running' as const,
      size_bytes: sizeBytes,
      created_at: Date.now(),
    };
    const created = await this.#db.write((trx) => store.insertDownload(trx, row));
    if (!created) {
      const running = await store.runningDownload(this.#db.read, server, file);
      return running ? toDownload(running) : this.create({ server, file });
    }
    await this.#changed();
    await this.#servers.start(row.key, server, file).catch((error) => this.#refused(created, error));
    await this.#db.write((trx) => store.deleteEarlier(trx, created));
    return toDownload(created);
  }

  /** The server was not asked, so nothing stays in the list. */
  async #refused({ id }: ModelDownloadRow, error: unknown): Promise<never> {
    await this.#db.write(async (trx) => {
      await store.updateUnfinished(trx, id, { status: 'failed' });
      await store.deleteDownload(trx, id);
    });
    await this.#changed();
    throw error;
  }

  /** @throws StudioError `download_not_found`, `download_running` */
  async forget(id: number): Promise<void> {
    const row = await store.findDownload(this.#db.read, id);
    if (!row) throw new StudioError('download_not_found', { data: { id }, field: 'id' });
    if (row.status === 'running') throw running(row, this.#nameOf(row.server));
    await this.#db.write((trx) => store.deleteDownload(trx, id));
    await this.#changed();
  }

  #nameOf(server: string): string {
    try {
      return this.#servers.name(server);
    } catch (error) {
      // The server was removed since.
      if (toStudioError(error).code !== 'engine_unknown') throw error;
      return server;
    }
  }

  async #changed(): Promise<void> {
    await this.load();
    this.#bus.publish({ type: 'changed', list: 'models' });
    this.#bus.publish({ type: 'downloads' });
  }
}

const running = ({ file }: ModelDownloadRow, engine: string) =>
  new StudioError('download_running', { data: { engine, file }, field: 'id' });

function byServer(rows: readonly ModelDownloadRow[]): Map<string, Set<string>> {
  const files = new Map<string, Set<string>>();
  for (const { server, file } of rows) files.set(server, (files.get(server) ?? new Set()).add(file));
  return files;
}

const iso = (ms: number): string => new Date(ms).toISOString();

export const toDownload = (row: ModelDownloadRow): ModelDownload => ({
  id: row.id,
  server: row.server,
  file: row.file,
  folder: row.folder,
  status: row.status,
  done_bytes: row.done_bytes,
  size_bytes: row.size_bytes,
  error: row.error === null ? null : parsed<NonNullable<ModelDownload['error']>>(row.error),
  created_at: iso(row.created_at),
  ended_at: row.ended_at === null ? null : iso(row.ended_at),
});
