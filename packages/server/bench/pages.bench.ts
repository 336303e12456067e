/**
 * Pages of the task list with ten thousand, a hundred thousand and a million tasks behind them; on Postgres with a million.
 * Times depend on what the machine does besides; the CPU time of this process and of the database depends less on it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { OWNER, type TaskFilter } from '@limner/contract';
import { sql } from 'kysely';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import { SqliteDatabase } from '../src/db/sqlite-database.ts';
import { createLog } from '../src/log.ts';
import { PostgresSearch } from '../src/search/postgres-search.ts';
import type { Search } from '../src/search/search.ts';
import { SqliteSearch } from '../src/search/sqlite-search.ts';
import { listTasks } from '../src/tasks/store/task-pages.ts';
import { CrashPostgres } from '../test/crash/crash-postgres.ts';
import { startStudio } from '../test/start-studio.ts';
import { treeCpuMs } from './costs.ts';
import { ms, percentile, timedAll } from './measure.ts';
import { fillPostgres, fillSqlite, MINUTE_MS } from './task-history.ts';

/** `sqlite` or `postgres`; otherwise both. */
const DIALECT = process.env.BENCH_DATABASE;
const SIZES = [10_000, 100_000, 1_000_000];
const WARM_UP = 10;
const READS = 200;
const day = (n: number): string => new Date(n * 1440 * MINUTE_MS).toISOString();

const PAGES: [string, Partial<TaskFilter>][] = [
  ['first page', {}],
  ['deep page', { before: 5000 }],
  ['status failed (1 in 200)', { status: 'failed' }],
  ['kind and status', { kind: 'remove_bg', status: 'completed' }],
  ['text "dragon" (1 in 10)', { text: 'dragon' }],
  ['text "drag", a beginning', { text: 'drag' }],
  ['text 红色 (1 in 8)', { text: '红色' }],
  ['text 红色的宝剑 (1 in 40)', { text: '红色的宝剑' }],
  ['text number777 (1 in 1000)', { text: 'number777 ' }],
  ['text that no task has', { text: 'unicorn' }],
  ['text 红色 and failed', { text: '红色', status: 'failed' }],
  ['starred and 红色, that never meet', { text: '红色', starred: true, status: 'failed' }],
  ['style (1 in 4)', { style_id: 3 }],
  ['style (1 in 1000)', { style_id: 1007 }],
  ['model', { family: 'flux-schnell' }],
  ['starred (1 in 100)', { starred: true }],
  ['a day of long ago', { created_from: day(2), created_to: day(3) }],
  ['style, model and failed', { style_id: 3, family: 'flux-schnell', status: 'failed' }],
  ['style and model that never meet', { style_id: 2, family: 'flux-schnell' }],
  ['starred dragons of a style', { starred: true, style_id: 3, text: 'dragon' }],
  ['kind, style, day', { kind: 'generation', style_id: 1, created_from: day(2), created_to: day(5) }],
  ['upwards from the oldest', { after: 10, style_id: 3 }],
];

export async function run(print: (line: string) => void): Promise<void> {
  if (DIALECT !== 'postgres') await onSqlite(print);
  if (DIALECT !== 'sqlite') await onPostgres(print);
}

async function onSqlite(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-pages-'));
  const file = path.join(dataDir, 'limner.db');
  try {
    await (await SqliteDatabase.open(file)).close();
    let have = 0;
    for (const size of SIZES) {
      fillSqlite(file, have, size);
      have = size;
      const db = await SqliteDatabase.open(file);
      const search = new SqliteSearch(db, createLog('silent'));
      await search.catchUp();
      print(`SQLite, ${size.toLocaleString('en')} tasks`);
      await pages(db, search, size, print);
      await db.close();
      await overHttp(dataDir, {}, print);
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The greatest size alone. */
async function onPostgres(print: (line: string) => void): Promise<void> {
  const postgres = await CrashPostgres.start();
  if (postgres === null) return print('Postgres: not measured, there is none on this machine');
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-pages-'));
  try {
    const db = await openDatabase({ dialect: 'postgres', url: postgres.url });
    const size = SIZES.at(-1) ?? 0;
    const since = performance.now();
    await fillPostgres(postgres.url, size);
    const seconds = Math.round((performance.now() - since) / 1000);
    print(`Postgres, ${size.toLocaleString('en')} tasks, written in ${seconds} s`);
    await pages(db, new PostgresSearch(db), size, print, () => treeCpuMs(postgres.pid));
    await db.close();
    await overHttp(dataDir, { DATABASE_URL: postgres.url }, print);
  } finally {
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @param databaseMs the CPU time of the database's own processes so far */
async function pages(
  db: Database,
  search: Search,
  size: number,
  print: (line: string) => void,
  databaseMs = () => 0,
): Promise<void> {
  const cpuMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 + databaseMs();
  };
  const measured = async (name: string, read: () => Promise<unknown>) => {
    // The first reads fill the connections and the cache.
    await timedAll(WARM_UP, 1, read);
    const before = cpuMs();
    const times = await timedAll(READS, 1, read);
    print(`${line(name, times)}  CPU ${ms((cpuMs() - before) / READS)}`);
  };
  // What the machine does besides is in every time, and in this one alone.
  await measured('a statement that reads nothing', () => sql`select 1`.execute(db.read));
  const middle: [string, Partial<TaskFilter>] = ['page in the middle', { before: size / 2 }];
  const kinds = [...PAGES, middle].map(([name, filter]) => ({
    name,
    read: () => listTasks(OWNER, db, search, { limit: 50, ...filter }),
  }));
  // Otherwise the first kind pays for compiling the code of all.
  for (const { read } of kinds) await timedAll(WARM_UP, 1, read);
  for (const { name, read } of kinds) await measured(name, read);
}

function line(name: string, times: readonly number[]): string {
  const figure = (p: number) => ms(percentile(times, p)).padStart(9);
  return `  ${name.padEnd(34)} p50 ${figure(50)}  p99 ${figure(99)}`;
}

async function overHttp(
  dataDir: string,
  environ: Record<string, string>,
  print: (line: string) => void,
): Promise<void> {
  const studio = await startStudio({
    dataDir,
    engines: [],
    environ: { TASK_CLEANUP_DAYS: '0', RATE_LIMIT_PER_MINUTE: '1000000', ...environ },
  });
  try {
    // The clean-up that every start begins with: it removes the failed tasks, which are old.
    await studio.studio.cleanup.removeOld(Date.now());
    for (const [name, query] of [
      ['first page', {}],
      ['failed dragons', { status: 'failed', text: 'dragon' }],
    ] as const) {
      const read = () => studio.client.tasks(query);
      await timedAll(2 * WARM_UP, 1, read);
      print(line(`${name}, over HTTP`, await timedAll(READS, 1, read)));
    }
  } finally {
    await studio.close();
  }
}
