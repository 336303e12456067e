/**
 * The real server for tests: a real database, real disk, real sockets, a data folder of its own. Only the engines may be the
 * test's own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, isFinal, type Task } from '@limner/contract';
import { type Environ, type Layout, readConfig } from '../src/config.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import type { Engine } from '../src/engines/engine.ts';
import type { StyleTrainer } from '../src/engines/training/trainer.ts';
import { createLog } from '../src/log.ts';
import { type Serving, serve } from '../src/serve.ts';
import { repository, serverDir } from './places.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';

export const testLayout: Layout = {
  version: '0.0.0-test',
  webDir: null,
  modelsDir: path.join(repository, 'models'),
  embeddedEntry: path.join(serverDir, 'dist', 'embedded-child.js'),
  fileThreadEntry: path.join(serverDir, 'dist', 'file-thread.js'),
  pictureEntry: path.join(serverDir, 'dist', 'picture-child.js'),
};

export interface TestStudio extends Serving {
  client: ReturnType<typeof createClient>;
  dataDir: string;
  /** The task once it has ended. */
  ended(id: number, timeoutMs?: number): Promise<Task>;
}

export interface TestStudioOptions {
  engines?: Engine[];
  trainers?: StyleTrainer[];
  environ?: Environ;
  layout?: Partial<Layout>;
  /** Kept when it closes; otherwise the studio makes its own and removes it. */
  dataDir?: string;
  retryPauseMs?: number;
  webhookPausesMs?: readonly number[];
  /** Default: what LIMNER_TEST_DATABASE says, or SQLite in the data folder. */
  dialect?: Database['dialect'];
  /** Put around the database. */
  around?: (db: Database) => Database;
  /** Done to the rows before the studio sees them. */
  before?: (db: Database) => Promise<void>;
}

const DIALECT = process.env.LIMNER_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';

/** By data folder: a studio that starts again on it finds its rows. */
const databases = new Map<string, TestDatabase>();

export async function startStudio(options: TestStudioOptions = {}): Promise<TestStudio> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'limner-test-')));
  const place = (options.dialect ?? DIALECT) === 'postgres' ? await postgresOf(dataDir) : null;
  const environ = {
    ...(place?.address?.dialect === 'postgres' ? { DATABASE_URL: place.address.url } : {}),
    PORT: '0',
    LIMNER_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    COMFYUI_URL: 'none',
    ...options.environ,
  };
  const config = readConfig({ ...testLayout, ...options.layout }, environ);
  const { engines, trainers } = options;
  const serving = await serve(config, createLog(config.logLevel), {
    database: async (address) => {
      // A PGlite has no address.
      const db = await (place && !place.address ? place.open() : openDatabase(address));
      await options.before?.(db);
      return options.around?.(db) ?? db;
    },
    worker: { retryPauseMs: options.retryPauseMs ?? 5 },
    ...(options.webhookPausesMs ? { webhookPausesMs: options.webhookPausesMs } : {}),
    ...(engines ? { engines: () => engines } : {}),
    ...(trainers ? { trainers: () => trainers } : {}),
  });
  const client = createClient({ baseUrl: serving.url });
  return {
    ...serving,
    client,
    dataDir,
    ended: (id, timeoutMs = 30_000) => untilEnded(client, id, timeoutMs),
    async close() {
      await serving.close();
      if (options.dataDir) return;
      await rm(dataDir, { recursive: true, force: true });
      databases.delete(dataDir);
      await place?.remove();
    },
  };
}

async function postgresOf(dataDir: string): Promise<TestDatabase> {
  const place = databases.get(dataDir) ?? (await testDatabase('postgres'));
  databases.set(dataDir, place);
  return place;
}

async function untilEnded(client: TestStudio['client'], id: number, timeoutMs: number): Promise<Task> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const task = await client.call('getTask', { params: { id } });
    if (isFinal(task.status)) return task;
    if (Date.now() > deadline) throw new Error(`task ${id} is still ${task.status}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
