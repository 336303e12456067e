/**
 * How fast workers take waiting tasks, each with its own connections: over Postgres alone (NOTIFY, then `skip locked`) and with
 * BullMQ on Redis as dispatch. The claim and the end of a task are the same rows in both. Beside them BullMQ alone, whose jobs
 * are nothing but queue entries. `claims` counts transactions that looked for a task, of which one per task finds one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { OWNER } from '@limner/contract';
import type { Bus } from '../src/bus/bus.ts';
import { PostgresBus } from '../src/bus/postgres-bus.ts';
import { RedisBus } from '../src/bus/redis-bus.ts';
import type { Database } from '../src/db/database.ts';
import { openDatabase } from '../src/db/open.ts';
import { postgresPool } from '../src/db/postgres-connection.ts';
import { PostgresDatabase } from '../src/db/postgres-database.ts';
import { BullmqDispatch } from '../src/dispatch/bullmq-dispatch.ts';
import { BusDispatch } from '../src/dispatch/bus-dispatch.ts';
import type { Claimer, Dispatch } from '../src/dispatch/dispatch.ts';
import { createLog } from '../src/log.ts';
import { Redis } from '../src/redis/redis.ts';
import { claimTask, completeFrame } from '../src/tasks/store/leased.ts';
import { insertTask } from '../src/tasks/store/task-rows.ts';
import { testPostgres } from '../test/postgres-server.ts';
import { redisVersion, TestRedis } from '../test/redis-server.ts';
import { testDatabase } from '../test/test-database.ts';
import { bullmqAlone } from './bullmq-alone.ts';
import { ms, percentile, timedAll } from './measure.ts';

const TASKS = Number(process.env.BENCH_TASKS ?? 400);
/** Offered one at a time to workers that have nothing to do. */
const SINGLE = 40;
const WORKERS = [1, 2, 4, 16];
/** Tasks that are asked for at once. */
const SENDERS = 10;
const LANE = 'bench';
const log = createLog('silent');

/** Opens one end of a dispatch, as a process has it. */
type Connect = () => Promise<{ dispatch: Dispatch; close(): Promise<void> }>;

interface Figures {
  perSecond: number;
  /** While tasks come faster than they are done, and one at a time. */
  claimsLoaded: number;
  claimsIdle: number;
  p50Ms: number;
  p95Ms: number;
}

export async function run(print: (line: string) => void): Promise<void> {
  const { version } = await testPostgres();
  if (version === null || redisVersion === null)
    return print('not measured: it needs PostgreSQL and redis-server');
  const redis = await TestRedis.start();
  print(`${version}, ${redisVersion}; ${TASKS} tasks that take no time`);
  try {
    for (const workers of WORKERS) {
      const overPostgres = await measured(workers, (url) => postgresAlone(url));
      const overRedis = await measured(workers, (url) => bullmqOnRedis(url, redis.url));
      const alone = await bullmqAlone({
        port: redis.port,
        tasks: TASKS,
        senders: SENDERS,
        workers,
        concurrency: 1,
      });
      for (const [name, figures] of [
        ['Postgres alone', overPostgres],
        ['BullMQ on Redis', overRedis],
      ] as const)
        print(
          `${workers} workers, ${name}: ${Math.round(figures.perSecond)} tasks/s (${(figures.perSecond / alone).toFixed(2)} of BullMQ alone), ${Math.round(figures.perSecond * figures.claimsLoaded)} claims/s; claims that found nothing per task ${(figures.claimsLoaded - 1).toFixed(2)}, of idle workers ${(figures.claimsIdle - 1).toFixed(2)}; offer to claim ${ms(figures.p50Ms)}, p95 ${ms(figures.p95Ms)}`,
        );
      print(`${workers} workers, BullMQ alone: ${Math.round(alone)} jobs/s`);
    }
  } finally {
    await redis.close();
  }
}

async function measured(count: number, connectTo: (url: string) => Connect): Promise<Figures> {
  const place = await testDatabase('postgres');
  const url = place.address?.dialect === 'postgres' ? place.address.url : '';
  const connect = connectTo(url);
  const desk = await connect();
  const db = await openDatabase({ dialect: 'postgres', url });
  const workers: BenchWorker[] = [];
  for (let n = 0; n < count; n += 1) workers.push(await BenchWorker.open(url, await connect()));
  try {
    const claimed = () => workers.reduce((sum, worker) => sum + worker.claimedAt.size, 0);
    const untilClaimed = async (total: number) => {
      while (claimed() < total) await pause(1);
    };
    const waitsMs: number[] = [];
    for (let n = 0; n < SINGLE; n += 1) {
      const id = await offerOne(db, desk.dispatch);
      const offeredMs = performance.now();
      await untilClaimed(n + 1);
      const at = workers.map(({ claimedAt }) => claimedAt.get(id)).find((each) => each !== undefined);
      waitsMs.push((at ?? performance.now()) - offeredMs);
      await pause(10);
    }
    const claims = () => workers.reduce((sum, worker) => sum + worker.claims, 0);
    const claimsIdle = claims();
    const since = performance.now();
    await timedAll(TASKS, SENDERS, () => offerOne(db, desk.dispatch));
    await untilClaimed(SINGLE + TASKS);
    await Promise.all(workers.map((worker) => worker.idle()));
    const seconds = (performance.now() - since) / 1000;
    return {
      perSecond: TASKS / seconds,
      claimsLoaded: (claims() - claimsIdle) / TASKS,
      claimsIdle: claimsIdle / SINGLE,
      p50Ms: percentile(waitsMs, 50),
      p95Ms: percentile(waitsMs, 95),
    };
  } finally {
    for (const each of [...workers, desk, db]) await each.close();
    await place.remove();
  }
}

/** Runs one task at a time, which ends at once, and looks at the rows every two seconds as the real one. */
class BenchWorker implements Claimer {
  readonly claimedAt = new Map<number, number>();
  claims = 0;
  readonly #db: Database;
  readonly #end: Awaited<ReturnType<Connect>>;
  readonly #timer: NodeJS.Timeout;
  readonly #stop: () => Promise<void>;
  #running: Promise<void> | null = null;
  #isAgain = false;

  private constructor(db: Database, end: Awaited<ReturnType<Connect>>) {
    this.#db = db;
    this.#end = end;
    this.#stop = end.dispatch.follow([LANE], this);
    this.#timer = setInterval(() => void this.claim(), 2_000);
  }

  static async open(url: string, end: Awaited<ReturnType<Connect>>): Promise<BenchWorker> {
    const pool = () => postgresPool(url, { max: 2 });
    return new BenchWorker(await PostgresDatabase.over({ reader: pool(), writer: pool() }, pool()), end);
  }

  hasPlace(): boolean {
    return this.#running === null;
  }

  async claim(): Promise<void> {
    this.#isAgain = true;
    if (this.#running) return;
    this.#running = this.#all().finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async idle(): Promise<void> {
    await this.#running;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#stop();
    await this.#running;
    await this.#end.close();
    await this.#db.close();
  }

  /** The next is claimed until nothing waits, as when a place becomes free. */
  async #all(): Promise<void> {
    while (this.#isAgain) {
      this.#isAgain = false;
      while (await this.#one());
    }
  }

  async #one(): Promise<boolean> {
    this.claims += 1;
    const lease = `${Math.random()}`;
    const found = await this.#db.write(
      (trx) => claimTask(trx, { lane: LANE, lease, leaseMs: 15_000, now: Date.now(), slots: () => 1 }),
      { durable: false },
    );
    if (!found) return false;
    this.claimedAt.set(found.task.id, performance.now());
    const frame = { id: found.task.id, index: 0, lease, from: ['running' as const] };
    await this.#db.write((trx) => completeFrame(trx, frame, []));
    return true;
  }
}

const postgresAlone =
  (url: string): Connect =>
  async () => {
    const bus = await PostgresBus.open(url, log);
    return { dispatch: new BusDispatch(bus), close: () => bus.close() };
  };

const bullmqOnRedis =
  (url: string, redisUrl: string): Connect =>
  async () => {
    const redis = await Redis.open({ url: redisUrl, installation: url, log });
    const bus: Bus = await RedisBus.open(redis, await PostgresBus.open(url, log));
    const dispatch = await BullmqDispatch.open(redis, bus);
    return {
      dispatch,
      async close() {
        await dispatch.close();
        await bus.close();
        await redis.close();
      },
    };
  };

async function offerOne(db: Database, dispatch: Dispatch): Promise<number> {
  const { task } = await db.write((trx) => insertTask(OWNER, trx, plainTask(), [1], []));
  dispatch.offer([task]);
  return task.id;
}

const plainTask = () => ({
  kind: 'generation' as const,
  lane: LANE,
  priority: 0,
  family: 'x',
  prompt: '',
  source_name: '',
  search_text: '',
  style_id: null,
  source_task_id: null,
  plan: '{}',
  total_frames: 1,
  created_at: 1,
});
