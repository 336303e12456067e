/** The built server from a cold process to the first answer, and what it weighs when idle and after a picture. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal } from '@limner/contract';
import { serverDir } from '../test/places.ts';
import { megabytes, ms, percentile } from './measure.ts';

const STARTS = 5;

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-start-'));
  try {
    const times: number[] = [];
    for (let turn = 0; turn < STARTS; turn += 1) {
      const since = performance.now();
      const { child } = await start(dataDir);
      times.push(performance.now() - since);
      await stop(child);
    }
    print(
      `process to ready: first ${ms(times[0] ?? 0)} (makes the tables), then p50 ${ms(percentile(times.slice(1), 50))}`,
    );
    const { child, url } = await start(dataDir);
    await pause(1500);
    print(`idle memory ${megabytes(residentBytes(child.pid))}`);
    const client = createClient({ baseUrl: url });
    print(
      `first picture ${ms(await picture(client))}, next ${ms(await picture(client))} (512 px, the built-in starter)`,
    );
    print(
      `memory after it ${megabytes(residentBytes(child.pid))}, plus the engines' process ${megabytes(childrenOf(child.pid))}`,
    );
    await stop(child);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function picture(client: ReturnType<typeof createClient>): Promise<number> {
  const since = performance.now();
  const { id } = await client.call('generate', { body: { prompt: 'a red dragon', family: 'starter' } });
  for (;;) {
    const { status } = await client.call('getTask', { params: { id } });
    if (isFinal(status)) return performance.now() - since;
    await pause(10);
  }
}

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, PORT: '0', LIMNER_DATA_DIR: dataDir, LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [path.join(serverDir, 'dist', 'main.js'), 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Limner .*?(http\S+)$/.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error('the server ended before it was ready');
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Linux only; elsewhere there is nothing to read and 0 is told. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean);
    return children.reduce((sum, child) => sum + residentBytes(Number(child)), 0);
  } catch {
    return 0;
  }
}
