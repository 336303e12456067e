/**
 * What the APIs of other programs cost over the native routes: the same generation in both, with an engine that takes no
 * time. A few of the one and a few of the other follow each other at once and are compared, and the median of these
 * differences is shown, so that what else the machine does meanwhile falls on both. And what a request to the images API
 * of OpenAI keeps while it waits.
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
import { ms, percentile, timedAll } from './measure.ts';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 200);
/** A server runs for days: what is measured begins when its code has been compiled. */
const WARM_UP = Math.ceil(ROUNDS / 2);
const FIRST_WAITING = 60;
const WAITING = 200;
/** Generations of one API after each other, between which the server's CPU is read. */
const AT_ONCE = 5;
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

/** Of the server or of the clock, in ms a generation. */
interface Cost {
  native: number;
  dialect: number;
}

interface Costs {
  waits: Cost[];
  cpu: Cost[];
}

async function overhead(child: ChildProcess, url: string, print: (line: string) => void): Promise<void> {
  const asking = await Asking.at(url);
  const measured = DIALECTS.map((): Costs => ({ waits: [], cpu: [] }));
  for (let round = -WARM_UP; round < ROUNDS; round += AT_ONCE)
    for (const [index, each] of DIALECTS.entries()) {
      const one = async (side: Side): Promise<Batch> => {
        const cpuBefore = await asked(child, 'cpu');
        const timesMs = await timedAll(AT_ONCE, 1, () => each[side](asking));
        return { timesMs, cpuMs: ((await asked(child, 'cpu')) - cpuBefore) / AT_ONCE };
      };
      // Each is the first in every other round.
      const isNativeFirst = (round / AT_ONCE) % 2 === 0;
      const first = await one(isNativeFirst ? 'native' : 'dialect');
      const second = await one(isNativeFirst ? 'dialect' : 'native');
      const [native, dialect] = isNativeFirst ? [first, second] : [second, first];
      if (round < 0) continue;
      measured[index]?.cpu.push({ native: native.cpuMs, dialect: dialect.cpuMs });
      for (const [at, time] of native.timesMs.entries())
        measured[index]?.waits.push({ native: time, dialect: dialect.timesMs[at] ?? Number.NaN });
    }
  asking.close();
  for (const [index, { name }] of DIALECTS.entries()) {
    const { waits, cpu } = measured[index] as Costs;
    print(`${name}: ${compared(waits)}`);
    print(`  CPU of the server: ${compared(cpu)}`);
  }
}

type Side = keyof Cost;

interface Batch {
  timesMs: number[];
  cpuMs: number;
}

function compared(costs: Cost[]): string {
  const p50 = (of: (cost: Cost) => number) => percentile(costs.map(of), 50);
  const difference = p50(({ native, dialect }) => dialect - native);
  const ratio = p50(({ native, dialect }) => dialect / native);
  return `difference p50 ${ms(difference)}, ratio ${ratio.toFixed(2)} (native ${ms(p50((cost) => cost.native))}, dialect ${ms(p50((cost) => cost.dialect))})`;
}

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
