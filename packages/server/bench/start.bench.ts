/** The built server from a cold process to the first answer, and what it weighs when idle and after a picture. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal } from '@limner/contract';
import { megabytes, ms, percentile } from './measure.ts';
import { childrenBytes, residentBytes, startServer, stopServer } from './server-process.ts';

const STARTS = 5;

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-start-'));
  try {
    const times: number[] = [];
    for (let turn = 0; turn < STARTS; turn += 1) {
      const since = performance.now();
      const { child } = await startServer(dataDir);
      times.push(performance.now() - since);
      await stopServer(child);
    }
    print(
      `process to ready: first ${ms(times[0] ?? 0)} (makes the tables), then p50 ${ms(percentile(times.slice(1), 50))}`,
    );
    const { child, url } = await startServer(dataDir);
    await pause(1500);
    print(`idle memory ${megabytes(residentBytes(child.pid))}`);
    const client = createClient({ baseUrl: url });
    print(
      `first picture ${ms(await picture(client))}, next ${ms(await picture(client))} (512 px, the built-in starter)`,
    );
    print(
      `memory after it ${megabytes(residentBytes(child.pid))}, plus the engines' process ${megabytes(childrenBytes(child.pid))}`,
    );
    await stopServer(child);
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
