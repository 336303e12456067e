/**
 * Durable tasks end to end with an engine that takes no time: request, plan, rows, claim, picture on disk, rows, final
 * state. Beside it BullMQ on a Redis that also flushes every write, which does the queue's part alone: no HTTP, no frames,
 * no picture.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { bundled } from '../test/bundle.ts';
import { serverDir } from '../test/places.ts';
import { ScriptedEngine } from '../test/scripted-engine.ts';
import { startStudio } from '../test/start-studio.ts';
import { ms, percentile, timedAll } from './measure.ts';
import type { Account, Errand } from './sender.ts';

const TASKS = Number(process.env.BENCH_TASKS ?? 3000);
/** A server runs for days: what is measured begins when its code has been compiled. */
const WARM_UP = 1500;
const SENDERS = 16;
/** Asking costs the server something too. */
const ASK_EVERY_MS = 100;

export async function run(print: (line: string) => void): Promise<void> {
  const ours = await limner(print);
  const theirs = await bullmq();
  if (theirs === null) print('BullMQ: not measured, there is no redis-server on this machine');
  else
    print(
      `BullMQ on Redis with appendfsync always: ${Math.round(theirs)} jobs/s; Limner ÷ BullMQ ${(ours / theirs).toFixed(2)}`,
    );
}

async function limner(print: (line: string) => void): Promise<number> {
  const studio = await startStudio({
    engines: [new ScriptedEngine(undefined, { slots: 4 })],
    environ: { RATE_LIMIT_PER_MINUTE: '1000000', MAX_CONCURRENT_TASKS: '8' },
  });
  const ask = async (count: number, width: number) => {
    const account = await send({
      url: `${studio.url}/api/generate`,
      body: { prompt: 'a red dragon', family: 'scripted' },
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

async function bullmq(): Promise<number | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const { Queue, Worker } = await import('bullmq');
  const dir = await mkdtemp(path.join(os.tmpdir(), 'limner-redis-'));
  const port = await freePort();
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const redis = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...durable],
    { stdio: 'ignore' },
  );
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const queue = new Queue('bench', { connection });
  let done = 0;
  let finish = () => {};
  const all = new Promise<void>((resolve) => (finish = resolve));
  const worker = new Worker('bench', async () => (++done === TASKS ? finish() : undefined), {
    connection,
    concurrency: 3,
  });
  try {
    await queue.waitUntilReady();
    const since = performance.now();
    await timedAll(TASKS, SENDERS, (index) => queue.add('task', { index }));
    await all;
    return TASKS / ((performance.now() - since) / 1000);
  } finally {
    await worker.close();
    await queue.close();
    redis.kill();
    await once(redis, 'exit');
    await rm(dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
