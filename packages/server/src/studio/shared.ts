/** What every process of an installation opens, whatever its role: the database, files, the bus and news of tasks. */
import { mkdir } from 'node:fs/promises';
import type { Bus } from '../bus/bus.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { type DatabaseAddress, openDatabase } from '../db/open.ts';
import { lockPostgres } from '../db/postgres-lock.ts';
import type { Logger } from '../log.ts';
import type { Blobs } from '../storage/blobs.ts';
import { lockDatabaseFile, lockDataDir } from '../storage/data-lock.ts';
import { DiskBlobs } from '../storage/disk-blobs.ts';
import { pairFolderWithDatabase } from '../storage/installation.ts';
import { TaskNews } from '../tasks/news.ts';
import type { Closings } from './closings.ts';

export interface Shared {
  config: Config;
  log: Logger;
  db: Database;
  blobs: Blobs;
  bus: Bus;
  news: TaskNews;
}

export interface SharedOptions {
  config: Config;
  log: Logger;
  /** Instead of the adapter that its address names. */
  database?: (address: DatabaseAddress) => Promise<Database>;
}

export async function openShared(options: SharedOptions, closings: Closings): Promise<Shared> {
  const { config, log, database = openDatabase } = options;
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true });
  const lock = lockDataDir(dataDir);
  closings.add(() => lock.release());
  const databaseLock = await lockDatabase(config.database);
  closings.add(() => databaseLock.release());
  const db = await database(config.database);
  closings.add(() => db.close());
  await pairFolderWithDatabase(dataDir, db);
  const blobs = await DiskBlobs.open(dataDir, config.fileThreadEntry);
  closings.add(() => blobs.close());
  const bus = new MemoryBus();
  closings.add(() => bus.close());
  return { config, log, db, blobs, bus, news: new TaskNews(db.read, bus) };
}

const lockDatabase = async (address: DatabaseAddress): Promise<{ release: () => Promise<void> | void }> =>
  address.dialect === 'sqlite' ? lockDatabaseFile(address.file) : lockPostgres(address.url);
