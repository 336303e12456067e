/** What Postgres, Redis and processes have done so far, read from themselves and from Linux. */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { Fleet, Ground } from './fleet.ts';
import { ms } from './measure.ts';

/** Of Linux, in nearly every build. */
const TICKS_PER_SECOND = 100;

export interface Costs {
  statements: number;
  /** Transactions that Postgres counted, also those of one statement. */
  transactions: number;
  walBytes: number;
  notifies: number;
  databaseBytes: number;
  redisCommands: number;
  redisBytes: number;
  postgresCpuMs: number;
  redisCpuMs: number;
  servesCpuMs: number;
  workersCpuMs: number;
}

export async function costsSoFar({ postgres, redis }: Ground, fleet: Fleet): Promise<Costs> {
  const [rows] = await postgres.query<Record<string, string>>(`select
    (select sum(calls) from pg_stat_statements) as statements,
    (select sum(calls) from pg_stat_statements where query ilike '%pg_notify(%') as notifies,
    (select sum(xact_commit) from pg_stat_database) as transactions,
    pg_database_size(current_database()) as bytes,
    (select wal_bytes from pg_stat_wal) as wal`);
  const client = new Redis(redis.port);
  const info = (await client.info('all').finally(() => client.disconnect())) as string;
  return {
    statements: Number(rows?.statements),
    transactions: Number(rows?.transactions),
    walBytes: Number(rows?.wal),
    notifies: Number(rows?.notifies),
    databaseBytes: Number(rows?.bytes),
    redisCommands: total(info, /^cmdstat_\S+?:calls=(\d+)/gm),
    redisBytes: total(info, /^total_net_(?:in|out)put_bytes:(\d+)/gm),
    redisCpuMs: total(info, /^used_cpu_(?:sys|user):([\d.]+)/gm) * 1000,
    postgresCpuMs: treeCpuMs(postgres.pid),
    servesCpuMs: sum(fleet.serves.map(({ pid }) => cpuMs(pid))),
    workersCpuMs: sum(fleet.workers.map(({ pid }) => cpuMs(pid))),
  };
}

/** What was done between two moments, divided among `count` tasks or seconds. */
export function costsEach(before: Costs, after: Costs, count: number): Costs {
  const names = Object.keys(before) as (keyof Costs)[];
  return Object.fromEntries(
    names.map((name) => [name, (after[name] - before[name]) / count]),
  ) as unknown as Costs;
}

/** As two lines. */
export const costLines = (each: Costs): string[] => [
  `${each.statements.toFixed(1)} statements in ${each.transactions.toFixed(1)} transactions, ${(each.walBytes / 1000).toFixed(1)} kB of WAL, ${(each.databaseBytes / 1000).toFixed(1)} kB of tables and indexes, ${each.notifies.toFixed(2)} NOTIFY; ${each.redisCommands.toFixed(1)} commands and ${(each.redisBytes / 1000).toFixed(1)} kB of Redis`,
  `CPU of Postgres ${ms(each.postgresCpuMs)}, of Redis ${ms(each.redisCpuMs)}, of servers ${ms(each.servesCpuMs)}, of workers ${ms(each.workersCpuMs)}`,
];

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const total = (text: string, pattern: RegExp): number =>
  sum([...text.matchAll(pattern)].map(([, value]) => Number(value)));

/** User and system time; with `also` that of children which have ended. 0 where there is no /proc. */
function cpuMs(pid: number | undefined, also: 'ended children' | null = null): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return (sum(fields.slice(11, also ? 15 : 13)) * 1000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** CPU of a process with its children, also those that have ended. */
export function treeCpuMs(pid: number | undefined): number {
  return cpuMs(pid, 'ended children') + sum(childrenOf(pid).map((child) => cpuMs(child)));
}

function childrenOf(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}
