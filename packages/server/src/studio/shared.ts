/** Opens what every process of an installation needs in any role: the database, files, the bus and news of tasks. */
import { createHash, randomUUID } from 'node:crypto';
import { Bin } from '../bin/bin.ts';
import type { Bus } from '../bus/bus.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { PostgresBus } from '../bus/postgres-bus.ts';
import { RedisBus } from '../bus/redis-bus.ts';
import type { Config } from '../config.ts';
import { awaitPostgres } from '../db/await-postgres.ts';
import type { Database } from '../db/database.ts';
import { keptFact } from '../db/facts.ts';
import type { OnRead } from '../db/on-read.ts';
import { type DatabaseAddress, openDatabase } from '../db/open.ts';
import { postgresProblem } from '../db/postgres-problem.ts';
import { ProcessName } from '../db/process-name.ts';
import { refuseUnfinishedCopy } from '../db/unfinished-copy.ts';
import { BullmqDispatch } from '../dispatch/bullmq-dispatch.ts';
import { BusDispatch } from '../dispatch/bus-dispatch.ts';
import type { Dispatch } from '../dispatch/dispatch.ts';
import type { Logger } from '../log.ts';
import { FileNames } from '../outputs/file-names.ts';
import { StarNotes } from '../outputs/star-notes.ts';
import { Redis } from '../redis/redis.ts';
import { openSearch } from '../search/open.ts';
import type { Search } from '../search/search.ts';
import type { StartProblem } from '../start-problem.ts';
import { usePlace } from '../storage/blob-place.ts';
import type { Blobs } from '../storage/blobs.ts';
import { createFolder } from '../storage/create-folder.ts';
import { lockDatabaseFile, lockDataDir } from '../storage/data-lock.ts';
import { pairFolderWithDatabase } from '../storage/installation.ts';
import { openBlobs } from '../storage/open.ts';
import type { PublicLinks } from '../storage/public-links.ts';
import { Cleanup } from '../tasks/cleanup.ts';
import { TaskNews } from '../tasks/news.ts';
import { meteredDatabase } from '../telemetry/metered-database.ts';
import { type Meters, NO_METERS } from '../telemetry/meters.ts';
import { OtelTraces } from '../telemetry/otel-traces.ts';
import { PrometheusMeters } from '../telemetry/prometheus-meters.ts';
import { NO_TRACES, type Traces } from '../telemetry/spans.ts';
import type { Closings } from './closings.ts';
import { watchVersion } from './version-watch.ts';

export interface Shared {
  config: Config;
  log: Logger;
  /** The name of this process in the installation; kept over restarts. */
  name: string;
  /** True with SQLite: no other process can use the same database and folder. */
  isAlone: boolean;
  /** Files written after this time are of live processes. */
  openedMs: number;
  /** The client id on ComfyUI sockets: prompts that outlive this process send their progress to its next start. */
  comfyClientId: string;
  db: Database;
  blobs: Blobs;
  /** null: Limner sends every file itself. */
  links: PublicLinks | null;
  /** null: none is configured. */
  redis: Redis | null;
  bus: Bus;
  dispatch: Dispatch;
  news: TaskNews;
  search: Search;
  bin: Bin;
  starNotes: StarNotes;
  fileNames: FileNames;
  meters: Meters;
  traces: Traces;
  /** What Prometheus reads; null: metrics are not wanted. */
  prometheus: PrometheusMeters | null;
}

/** Longer than any live process has a file without its row. */
export const ROW_WITHIN_MS = 3_600_000;

/** Files older than this are not being written by a live process. */
export const before = ({ isAlone, openedMs }: Pick<Shared, 'isAlone' | 'openedMs'>, ms: number): number =>
  isAlone ? openedMs : Date.now() - ms;

/** The desk and the leader of the chores each have one, because they end at different times. */
export function openCleanup({ config, db, blobs, log, news }: Shared, closings: Closings): Cleanup {
  const { cleanupDays: days, binDays } = config;
  const cleanup = new Cleanup({ db, blobs, log, news, days, hasBin: binDays > 0 });
  closings.add(() => cleanup.close());
  return cleanup;
}

export interface SharedOptions {
  config: Config;
  log: Logger;
  /** Called when a newer version has changed the database that this process uses. */
  outdated?: (problem: StartProblem) => void;
  /** Replaces the adapter that the address names. */
  database?: (address: DatabaseAddress, onRead?: OnRead) => Promise<Database>;
}

export async function openShared(options: SharedOptions, closings: Closings): Promise<Shared> {
  const {
    config,
    log,
    outdated,
    database = (address, onRead) => openDatabase(address, undefined, onRead),
  } = options;
  const prometheus = config.metrics && (await PrometheusMeters.open(config.version));
  const meters = prometheus ?? NO_METERS;
  const traces = config.traces
    ? await OtelTraces.open({ ...config.traces, version: config.version, log })
    : NO_TRACES;
  closings.add(() => traces.close());
  const { dataDir } = config;
  await createFolder(dataDir);
  const process = await identify(config, log, closings);
  const openedMs = Date.now();
  const opened = await database(config.database, readTimer(prometheus));
  const db = prometheus ? meteredDatabase(opened, meters) : opened;
  closings.add(() => db.close());
  if (outdated && !process.isAlone) watchVersion({ db, log, outdated }, closings);
  await refuseUnfinishedCopy(db);
  const installation = await pairFolderWithDatabase(dataDir, db, process.isOnly);
  const files = await openBlobs(config);
  closings.add(() => files.close());
  await usePlace(db, installation, files, process.isOnly);
  const { blobs, links } = files;
  const redis =
    config.redisUrl === null ? null : await Redis.open({ url: config.redisUrl, installation, log });
  closings.add(() => redis?.close());
  const bus = await openBus(config.database, redis, log);
  closings.add(() => bus.close());
  const dispatch = redis ? await BullmqDispatch.open(redis, bus) : new BusDispatch(bus);
  closings.add(() => dispatch.close());
  const fileNames = await FileNames.open({ db, bus, log, fallback: config.fileNameTemplate });
  closings.add(() => fileNames.close());
  const news = new TaskNews(db.read, bus, { cleanupDays: config.cleanupDays, nameOf: fileNames.of });
  const { name, isAlone } = process;
  const comfyClientId = isAlone
    ? await keptFact(db, 'comfy_client_id', randomUUID)
    : createHash('sha256').update(`${installation} ${name}`).digest('hex').slice(0, 32);
  return {
    config,
    log,
    name,
    isAlone,
    openedMs,
    comfyClientId,
    db,
    blobs,
    links,
    redis,
    bus,
    dispatch,
    news,
    search: openSearch(db, log),
    bin: new Bin({ db, blobs, bus, news, days: config.binDays, maxBytes: config.binMaxBytes }),
    starNotes: new StarNotes({ db, blobs, log }),
    fileNames,
    meters,
    prometheus,
    traces,
  };
}

const readTimer = (meters: Meters | null) =>
  meters ? (ms: number) => meters.databaseWorked('read', ms / 1000) : undefined;

interface Identity {
  name: string;
  isAlone: boolean;
  isOnly: boolean;
}

/** With SQLite locks folder and database for this process; with Postgres takes a unique name. */
async function identify(
  { dataDir, database, processName }: Config,
  log: Logger,
  closings: Closings,
): Promise<Identity> {
  if (database.dialect === 'postgres') {
    await awaitPostgres({ url: database.url, log });
    const held = await ProcessName.hold({ url: database.url, wanted: processName, log });
    closings.add(() => held.release());
    return { name: held.name, isAlone: false, isOnly: held.isOnly };
  }
  for (const lock of [() => lockDataDir(dataDir), () => lockDatabaseFile(database.file)]) {
    const held = lock();
    closings.add(() => held.release());
  }
  return { name: processName ?? 'limner', isAlone: true, isOnly: true };
}

async function openBus(database: DatabaseAddress, redis: Redis | null, log: Logger): Promise<Bus> {
  if (database.dialect === 'sqlite') return new MemoryBus();
  const bus = await PostgresBus.open(database.url, log).catch((error) => {
    throw postgresProblem(error, database.url);
  });
  return redis === null ? bus : RedisBus.open(redis, bus);
}
