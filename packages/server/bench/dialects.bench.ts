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
const WARM_UP = Math.ceil(ROUNDS / 2);
const FIRST_WAITING = 60;
const WAITING = 200;
/** More than a waiting request may keep. */
const BODY_BYTES = 200 * 1024;

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-dialects-'));
  const { child, url } = await start(dataDir);
  try {
    await overhead(url, print);
    print(`an OpenAI request that waits keeps ${await heldBytes(child, url)}`);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function overhead(url: string, print: (line: string) => void): Promise<void> {
  const asking = await Asking.at(url);
  const times = DIALECTS.map(() => ({ native: [] as number[], dialect: [] as number[] }));
  for (let round = -WARM_UP; round < ROUNDS; round += 1)
    for (const [index, one] of DIALECTS.entries()) {
      const own = times[index] as (typeof times)[number];
      // Each is the first in every other round.
      const order = round % 2 === 0 ? (['native', 'dialect'] as const) : (['dialect', 'native'] as const);
      for (const side of order) {
        const since = performance.now();
        await one[side](asking);
        if (round >= 0) own[side].push(performance.now() - since);
      }
    }
  asking.close();
  print('p50 of a generation       native    dialect   difference   ratio');
  for (const [index, { name }] of DIALECTS.entries()) {
    const own = times[index] as (typeof times)[number];
    const [native, dialect] = [percentile(own.native, 50), percentile(own.dialect, 50)];
    const figures = [ms(native), ms(dialect), ms(dialect - native), (dialect / native).toFixed(2)];
    print(`${name}: ${figures.join('   ')}`);
  }
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
  const before = await usedBytes(child);
  send(WAITING);
  await waiting(FIRST_WAITING + WAITING);
  const each = ((await usedBytes(child)) - before) / WAITING;
  agent.destroy();
  await waiting(0);
  return `${(each / 1024).toFixed(1)} kB`;
}

async function usedBytes(child: ChildProcess): Promise<number> {
  child.send('used');
  const [bytes] = await once(child, 'message');
  return bytes;
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
