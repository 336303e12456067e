/** Servers and workers in processes of their own, over one Postgres whose commits are on the disk and one Redis. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bundled } from '../test/bundle.ts';
import { CrashPostgres } from '../test/crash/crash-postgres.ts';
import { serverDir } from '../test/places.ts';
import { redisVersion, TestRedis } from '../test/redis-server.ts';
import { addressIn, startProgram, stopServer } from './server-process.ts';

/** How long a task with the prompt `steps` is painted. */
export const STEPS_SECONDS = 5;

const ENVIRON = {
  COMFYUI_URL: 'none',
  RATE_LIMIT_PER_MINUTE: '1000000',
  MAX_CONCURRENT_TASKS: '8',
  LC_ALL: 'C',
};
const POSTGRES = {
  fsync: 'on',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
};

/** What a fleet stands on. */
export class Ground {
  readonly postgres: CrashPostgres;
  readonly redis: TestRedis;
  readonly dataDir: string;

  private constructor(postgres: CrashPostgres, redis: TestRedis, dataDir: string) {
    this.postgres = postgres;
    this.redis = redis;
    this.dataDir = dataDir;
  }

  /** null: there is no PostgreSQL here, or no Redis. */
  static async open(): Promise<Ground | null> {
    if (redisVersion === null) return null;
    const postgres = await CrashPostgres.start(POSTGRES);
    if (postgres === null) return null;
    await postgres.query('create extension pg_stat_statements');
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-fleet-'));
    return new Ground(postgres, await TestRedis.start(), dataDir);
  }

  async close(): Promise<void> {
    await this.postgres.close();
    await this.redis.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export class Fleet {
  readonly serves: ChildProcess[] = [];
  readonly workers: ChildProcess[] = [];
  readonly urls: string[] = [];

  /** @param printed receives what workers print */
  static async start(
    ground: Ground,
    count: { serves: number; workers: number },
    printed: (line: string) => void = () => undefined,
  ): Promise<Fleet> {
    const fleet = new Fleet();
    for (let n = 0; n < count.serves; n += 1) {
      const { child, ready } = await started(ground, 'serve', { RUN_WORKER: 'false' });
      fleet.serves.push(child);
      fleet.urls.push(addressIn(ready));
    }
    for (let n = 0; n < count.workers; n += 1)
      fleet.workers.push((await started(ground, 'worker', {}, printed)).child);
    return fleet;
  }

  async close(): Promise<void> {
    for (const child of [...this.workers, ...this.serves]) await stopServer(child);
  }
}

async function started(
  { postgres, redis, dataDir }: Ground,
  role: 'serve' | 'worker',
  environ: Record<string, string>,
  printed?: (line: string) => void,
): ReturnType<typeof startProgram> {
  const entry = await bundled(path.join(serverDir, 'bench', 'fleet-process.ts'));
  const all = {
    ...ENVIRON,
    BENCH_STEPS_SECONDS: `${STEPS_SECONDS}`,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    ...environ,
  };
  return startProgram([entry, role], dataDir, all, printed ? { printed } : {});
}
