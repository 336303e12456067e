/**
 * What the APIs of other programs cost over the native routes: the same generation in both, one after the other in the
 * same rounds, with an engine that takes no time. And what a request to the images API of OpenAI keeps while it waits.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@limner/contract';
import { bundled } from '../test/bundle.ts';
import { serverDir } from '../test/places.ts';
import { Asking, DIALECTS } from './dialect-clients.ts';
import { ms, percentile } from './measure.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
/** A server runs for days: what is measured begins when its code has been compiled. */
const WARM_UP = Math.ceil(ROUNDS / 20) * 10;
const FIRST_WAITING = 60;
const WAITING = 200;
/** Rounds of one API after each other, between which the server's CPU is read. */
const AT_ONCE = 10;
/** What is no longer needed is collected within this. */
const COLLECTED_WITHIN_MS = 10_000;
/** More than a waiting request may keep. */
const BODY_BYTES = 200 * 1024;

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-dialects-'));
  const { child, url } = await start(dataDir);
  try {
    await overhead(child, url, print);
    print(`an OpenAI request that waits keeps ${await heldBytes(child, url)}`);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Measured {
  timesMs: number[];
  /** Of the server, for all of them. */
  cpuMs: number;
}

async function overhead(child: ChildProcess, url: string, print: (line: string) => void): Promise<void> {
  const asking = await Asking.at(url);
  const none = (): Measured => ({ timesMs: [], cpuMs: 0 });
  const measured = DIALECTS.map(() => ({ native: none(), dialect: none() }));
  for (let round = -WARM_UP; round < ROUNDS; round += AT_ONCE)
    // Each is the first in every other round.
    for (const [index, one] of DIALECTS.entries())
      for (const side of (round / AT_ONCE) % 2 === 0 ? SIDES : SIDES.toReversed()) {
        const own = round < 0 ? none() : (measured[index]?.[side] as Measured);
        const cpuBefore = await asked(child, 'cpu');
        for (let turn = 0; turn < AT_ONCE; turn += 1) {
          const since = performance.now();
          await one[side](asking);
          own.timesMs.push(performance.now() - since);
        }
        own.cpuMs += (await asked(child, 'cpu')) - cpuBefore;
      }
  asking.close();
  for (const [index, { name }] of DIALECTS.entries()) {
    const { native, dialect } = measured[index] as { native: Measured; dialect: Measured };
    print(`${name}: p50 ${compared(percentile(native.timesMs, 50), percentile(dialect.timesMs, 50))}`);
    print(
      `  CPU of the server ${compared(native.cpuMs / native.timesMs.length, dialect.cpuMs / dialect.timesMs.length)}`,
    );
  }
}

const SIDES = ['native', 'dialect'] as const;

const compared = (native: number, dialect: number): string =>
  `native ${ms(native)}, dialect ${ms(dialect)}: difference ${ms(dialect - native)}, ratio ${(dialect / native).toFixed(2)}`;

/** Beyond those that wait already, so that what a first request loads is not counted. */
async function heldBytes(child: ChildProcess, url: string): Promise<string> {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const body = JSON.stringify({ prompt: 'waits', user: 'x'.repeat(BODY_BYTES) });
  const send = (count: number) => {
    for (let sent = 0; sent < count; sent += 1)
      request(`${url}/v1/images/generations`, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      })
        .on('error', () => {})
        .end(body);
  };
  const waiting = async (count: number) => {
    const client = createClient({ baseUrl: url });
    for (;;) {
      const { tasks } = await client.call('health', {});
      if (tasks.queued + tasks.running === count) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  send(FIRST_WAITING);
  await waiting(FIRST_WAITING);
  const before = await settledBytes(child);
  send(WAITING);
  await waiting(FIRST_WAITING + WAITING);
  const each = ((await settledBytes(child)) - before) / WAITING;
  agent.destroy();
  await waiting(0);
  return `${(each / 1024).toFixed(1)} kB`;
}

/** The least within some seconds. */
async function settledBytes(child: ChildProcess): Promise<number> {
  let least = await asked(child, 'memory');
  for (const until = Date.now() + COLLECTED_WITHIN_MS; Date.now() < until; )
    least = Math.min(least, await asked(child, 'memory'));
  return least;
}

async function asked(child: ChildProcess, what: 'cpu' | 'memory'): Promise<number> {
  child.send(what);
  const [answer] = await once(child, 'message');
  return answer;
}

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [await bundled(path.join(serverDir, 'bench', 'instant-server.ts'))], {
    env: {
      ...process.env,
      PORT: '0',
      LIMNER_DATA_DIR: dataDir,
      COMFYUI_URL: 'none',
      RATE_LIMIT_PER_MINUTE: '1000000',
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error('the server ended before it was ready');
}
