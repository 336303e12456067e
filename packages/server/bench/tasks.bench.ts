/**
 * Durable tasks end to end with an engine that takes no time: request, plan, rows, claim, picture on disk, rows, final
 * state. Beside it BullMQ on a Redis that also flushes every write, which does the queue's part alone: no HTTP, no frames,
 * no picture. Then, unless BENCH_DATABASE is `sqlite`, several processes over Postgres and Redis, what a task costs each of them,
 * and BullMQ with as many workers.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@limner/contract';
import { bundled } from '../test/bundle.ts';
import { serverDir } from '../test/places.ts';
import { redisVersion, TestRedis } from '../test/redis-server.ts';
import { ScriptedEngine } from '../test/scripted-engine.ts';
import { startStudio } from '../test/start-studio.ts';
import { bullmqAlone } from './bullmq-alone.ts';
import { costLines, costsEach, costsSoFar } from './costs.ts';
import { Fleet, Ground, STEPS_SECONDS } from './fleet.ts';
import { ms, percentile } from './measure.ts';
import type { Account, Errand } from './sender.ts';

const TASKS = Number(process.env.BENCH_TASKS ?? 3000);
/** A server runs for days: what is measured begins when its code has been compiled. */
const WARM_UP = 1500;
const SENDERS = 16;
/** Jobs of a BullMQ worker at once. */
const CONCURRENCY = 3;
/** Processes that paint, over Postgres. */
const WORKERS = [1, 2, 4];
const FLEET_TASKS = Math.min(TASKS, 1000);
const FLEET_WARM_UP = 300;
/** Postgres's own clean-up of tables may fall into it. */
const IDLE_SECONDS = 20;
/** Painted at once. */
const LONG_TASKS = 16;
const ERRAND = { body: { prompt: 'a red dragon', family: 'scripted' } };
/** Asking costs the server something too. */
const ASK_EVERY_MS = 100;

export async function run(print: (line: string) => void): Promise<void> {
  const ours = await limner(print);
  if (redisVersion === null) return print('nothing else measured: there is no redis-server on this machine');
  const theirs = await bullmq(TASKS, 1);
  print(
    `BullMQ on Redis with appendfsync always: ${Math.round(theirs)} jobs/s; Limner ÷ BullMQ ${(ours / theirs).toFixed(2)}`,
  );
  if (process.env.BENCH_DATABASE === 'sqlite') return;
  const ground = await Ground.open();
  if (ground === null)
    return print('several processes: not measured, there is no PostgreSQL on this machine');
  try {
    for (const workers of WORKERS) await overPostgres(ground, workers, print);
  } finally {
    await ground.close();
  }
}

/** The same requests to a server of its own process, painted by `workers` others; and BullMQ with as many workers. */
async function overPostgres(ground: Ground, workers: number, print: (line: string) => void): Promise<void> {
  const fleet = await Fleet.start(ground, { serves: 1, workers });
  const baseUrl = fleet.urls[0] ?? '';
  const ask = async (count: number) => {
    const { sinceMs } = await send({ ...ERRAND, url: `${baseUrl}/api/generate`, count, width: SENDERS });
    await drained(createClient({ baseUrl }));
    return count / ((Date.now() - sinceMs) / 1000);
  };
  try {
    await ask(FLEET_WARM_UP);
    const before = await costsSoFar(ground, fleet);
    const ours = await ask(FLEET_TASKS);
    const each = costsEach(before, await costsSoFar(ground, fleet), FLEET_TASKS);
    const theirs = await bullmq(FLEET_TASKS, workers);
    print(
      `1 server, ${workers} workers on Postgres and Redis: ${Math.round(ours)} tasks/s; BullMQ alone with ${workers} workers ${Math.round(theirs)} jobs/s; Limner ÷ BullMQ ${(ours / theirs).toFixed(2)}`,
    );
    for (const line of costLines(each)) print(`  per task: ${line}`);
    if (workers === WORKERS.at(-1)) await sustained(ground, fleet, print);
  } finally {
    await fleet.close();
  }
}

/** What processes cost that have nothing to do, and what painting costs beyond that: progress, leases. */
async function sustained(ground: Ground, fleet: Fleet, print: (line: string) => void): Promise<void> {
  const processes = fleet.serves.length + fleet.workers.length;
  const before = await costsSoFar(ground, fleet);
  await pause(IDLE_SECONDS * 1000);
  const idle = await costsSoFar(ground, fleet);
  for (const line of costLines(costsEach(before, idle, IDLE_SECONDS * processes)))
    print(`  per second of an idle process: ${line}`);
  const baseUrl = fleet.urls[0] ?? '';
  const body = { ...ERRAND.body, prompt: 'steps' };
  await send({ url: `${baseUrl}/api/generate`, body, count: LONG_TASKS, width: LONG_TASKS });
  await drained(createClient({ baseUrl }));
  const painted = costsEach(idle, await costsSoFar(ground, fleet), LONG_TASKS * STEPS_SECONDS);
  for (const line of costLines(painted))
    print(`  per second of painting, of tasks of ${STEPS_SECONDS} s, all told: ${line}`);
}

async function bullmq(tasks: number, workers: number): Promise<number> {
  const redis = await TestRedis.start(['--appendonly', 'yes', '--appendfsync', 'always']);
  const jobs = { port: redis.port, tasks, senders: SENDERS, workers, concurrency: CONCURRENCY };
  return bullmqAlone(jobs).finally(() => redis.close());
}

async function limner(print: (line: string) => void): Promise<number> {
  const studio = await startStudio({
    engines: [new ScriptedEngine(undefined, { slots: 4 })],
    environ: { RATE_LIMIT_PER_MINUTE: '1000000', MAX_CONCURRENT_TASKS: '8' },
  });
  const ask = async (count: number, width: number) => {
    const account = await send({
      url: `${studio.url}/api/generate`,
      ...ERRAND,
      count,
      width,
    });
    await drained(studio.client);
    return account;
  };
  try {
    await ask(WARM_UP, SENDERS);
    const { timesMs: single } = await ask(100, 1);
    const cpuBefore = process.cpuUsage();
    const { sinceMs, timesMs: loaded } = await ask(TASKS, SENDERS);
    const rate = TASKS / ((Date.now() - sinceMs) / 1000);
    const { user, system } = process.cpuUsage(cpuBefore);
    print(
      `${TASKS} tasks through HTTP, rows, worker and disk: ${Math.round(rate)} tasks/s, ${ms((user + system) / 1000 / TASKS)} of CPU each`,
    );
    print(
      `POST /api/generate acknowledged after p50 ${ms(percentile(single, 50))}, p95 ${ms(percentile(single, 95))} (one at a time)`,
    );
    print(
      `  and p50 ${ms(percentile(loaded, 50))}, p95 ${ms(percentile(loaded, 95))} with ${SENDERS} senders while the worker runs`,
    );
    return rate;
  } finally {
    await studio.close();
  }
}

/** Asks from a process of its own. */
async function send(errand: Errand): Promise<Account> {
  const sender = spawn(process.execPath, [await bundled(path.join(serverDir, 'bench', 'sender.ts'))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  sender.stdin.end(JSON.stringify(errand));
  return JSON.parse(await text(sender.stdout));
}

async function drained(client: Awaited<ReturnType<typeof startStudio>>['client']): Promise<void> {
  for (;;) {
    const { tasks } = await client.call('health', {});
    if (tasks.queued + tasks.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
