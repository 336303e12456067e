/**
 * Durable tasks end to end with an engine that takes no time: request, plan, rows, claim, picture on disk, rows, final
 * state. Beside it BullMQ on a Redis that also flushes every write, which does the queue's part alone: no HTTP, no frames,
 * no picture. Then several processes over Postgres and Redis, what a task costs each of them, and BullMQ with as many workers.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createClient } from '@limner/contract';
import { bundled } from '../test/bundle.ts';
import { serverDir } from '../test/places.ts';
import { redisVersion, TestRedis } from '../test/redis-server.ts';
import { ScriptedEngine } from '../test/scripted-engine.ts';
import { startStudio } from '../test/start-studio.ts';
import { bullmqAlone } from './bullmq-alone.ts';
import { costsEach, costsSoFar } from './costs.ts';
import { Fleet, Ground } from './fleet.ts';
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
    print(
      `  per task: ${each.statements.toFixed(1)} statements in ${each.transactions.toFixed(1)} transactions, ${(each.walBytes / 1000).toFixed(1)} kB of WAL, ${each.notifies.toFixed(2)} NOTIFY; ${each.redisCommands.toFixed(1)} commands and ${(each.redisBytes / 1000).toFixed(1)} kB of Redis`,
    );
    print(
      `  CPU per task: Postgres ${ms(each.postgresCpuMs)}, Redis ${ms(each.redisCpuMs)}, server ${ms(each.servesCpuMs)}, workers ${ms(each.workersCpuMs)}`,
    );
  } finally {
    await fleet.close();
  }
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
