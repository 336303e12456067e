/**
 * The real server for tests: a real database, real disk, real sockets, a data folder of its own. Only the engines may be the
 * test's own. It runs in the process of the test, or, with LIMNER_TEST_SERVER=process, in one of its own below a base path.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, isFinal, type Task } from '@limner/contract';
import { pino } from 'pino';
import { type Environ, readConfig } from '../src/config.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import type { StyleTrainer } from '../src/engines/training/trainer.ts';
import { createLog } from '../src/log.ts';
import { type Serving, serve } from '../src/serve.ts';
import type { Studio } from '../src/studio/studio.ts';
import { ONE_PROCESS, skipped } from './process/skipping.ts';
import { type ProcessOptions, startProcess } from './process/start-process.ts';
import { IN_S3, type StoredFiles, storedFiles } from './stored-files.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';
import { testLayout } from './test-layout.ts';

export interface TestStudio extends Serving {
  /** Addresses that Limner gives out begin below it. */
  origin: string;
  /** What those begin with: its base path, empty at the root. */
  base: string;
  client: ReturnType<typeof createClient>;
  dataDir: string;
  /** Its files, past the studio. */
  stored: StoredFiles;
  /** The place of a stored file, for tests that change it behind the studio. A bucket has none: there the test is skipped. */
  onDisk(key: string): string;
  /** The key in `stored` of an address that Limner gave out. */
  keyAt(address: string): string;
  /** The task once it has ended. */
  ended(id: number, timeoutMs?: number): Promise<Task>;
}

export interface TestStudioOptions extends ProcessOptions {
  trainers?: StyleTrainer[];
  environ?: Environ;
  /** Receives what the server logs as an error, or from `logLevel` on, as JSON. */
  errors?: string[];
  logLevel?: 'warn' | 'info';
  /** Kept when it closes; otherwise the studio makes its own and removes it. */
  dataDir?: string;
  /** Default: what LIMNER_TEST_DATABASE says, or SQLite in the data folder. */
  dialect?: Database['dialect'];
  /** For tests that change stored files behind the studio, also where LIMNER_TEST_BLOBS asks for a bucket. */
  files?: 'disk';
  /** Put around the database. */
  around?: (db: Database) => Database;
  /** Done to the rows before the studio sees them. */
  before?: (db: Database) => Promise<void>;
}

const DIALECT = process.env.LIMNER_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';

/** Of the run (see `shared-redis.ts`), beside Postgres. */
const REDIS: Environ = process.env.LIMNER_TEST_REDIS ? { REDIS_URL: process.env.LIMNER_TEST_REDIS } : {};

/** By data folder: a studio that starts again on it finds its rows. */
const databases = new Map<string, TestDatabase>();

export async function startStudio(options: TestStudioOptions = {}): Promise<TestStudio> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'limner-test-')));
  const place = (options.dialect ?? DIALECT) === 'postgres' ? await postgresOf(dataDir) : null;
  const { environ: inPlace, files: stored } = await storedFiles(dataDir, options.files);
  const environ = {
    ...inPlace,
    ...(place?.address?.dialect === 'postgres' ? { DATABASE_URL: place.address.url, ...REDIS } : {}),
    PORT: '0',
    LIMNER_DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    COMFYUI_URL: 'none',
    ...options.environ,
  };
  const serving = ONE_PROCESS
    ? await serveHere(options, environ, place)
    : await serveApart(options, environ, place);
  const client = createClient({ baseUrl: serving.url });
  const { origin, pathname } = new URL(serving.url);
  const base = pathname.replace(/\/$/, '');
  return {
    url: serving.url,
    origin,
    base,
    get studio() {
      return serving.studio;
    },
    client,
    dataDir,
    stored,
    onDisk: (key) =>
      IN_S3 && options.files !== 'disk' ? skipped('reaches for files on the disk') : path.join(dataDir, key),
    keyAt: (address) => (address.startsWith(`${base}/`) ? address.slice(base.length) : address),
    ended: (id, timeoutMs = 30_000) => untilEnded(client, id, timeoutMs),
    async close() {
      await serving.close();
      if (options.dataDir) return;
      // A program of a training may still be writing how it ended.
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
      if (databases.delete(dataDir)) await place?.remove();
    },
  };
}

async function serveHere(
  options: TestStudioOptions,
  environ: Environ,
  place: TestDatabase | null,
): Promise<Serving> {
  const config = readConfig({ ...testLayout, ...options.layout }, environ);
  const { engines, trainers } = options;
  const { errors } = options;
  const log = errors
    ? pino({ level: options.logLevel ?? 'error' }, { write: (line) => void errors.push(line) })
    : null;
  return serve(config, log ?? createLog(config.logLevel), {
    database: async (address, onRead) => {
      // A PGlite has no address.
      const db = await (place && !place.address ? place.open() : openDatabase(address, undefined, onRead));
      await options.before?.(db);
      return options.around?.(db) ?? db;
    },
    worker: { retryPauseMs: options.retryPauseMs ?? 5 },
    ...(options.webhookPausesMs ? { webhookPausesMs: options.webhookPausesMs } : {}),
    ...(engines ? { engines: () => engines } : {}),
    ...(trainers ? { trainers: () => trainers } : {}),
  });
}

async function serveApart(
  options: TestStudioOptions,
  environ: Environ,
  place: TestDatabase | null,
): Promise<Serving> {
  if (options.around) skipped('wraps the database');
  if (options.errors) skipped('reads the log');
  if (options.trainers) skipped('has trainers of its own');
  if (place && !place.address) skipped('needs a Postgres server');
  if (options.before) {
    const { database } = readConfig(testLayout, environ);
    const db = await openDatabase(database);
    await options.before(db).finally(() => db.close());
  }
  return {
    ...(await startProcess(options, environ)),
    get studio(): Studio {
      return skipped('reaches into the process of the server');
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
