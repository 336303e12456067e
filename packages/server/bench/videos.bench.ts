/** What the server weighs more than at rest while a large video comes from a ComfyUI, and while four readers fetch it. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, isFinal, type Output } from '@limner/contract';
import { FakeComfy } from '../test/fake-comfy/fake-comfy.ts';
import { newerObjectInfo } from '../test/fake-comfy/fake-object-info.ts';
import { megabytes } from './measure.ts';
import { residentBytes, startServer, stopServer, watchTotal } from './server-process.ts';

const SIZE_BYTES = 200 * 2 ** 20;
const READERS = 4;
const LIMIT_MS = 60_000;

type Client = ReturnType<typeof createClient>;

export async function run(print: (line: string) => void): Promise<void> {
  const fake = await FakeComfy.start({ nodes: newerObjectInfo(), faults: { newer: true } });
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-videos-'));
  const { child, url } = await startServer(dataDir, { COMFYUI_URL: fake.url });
  const client = createClient({ baseUrl: url });
  const rise = async (what: string, work: () => Promise<unknown>) => {
    const rest = residentBytes(child.pid);
    const watch = watchTotal(child.pid);
    const since = performance.now();
    await work();
    const took = (performance.now() - since) / 1000;
    print(
      `${what}: at rest ${megabytes(rest)}, at most ${megabytes(watch.stop() - rest)} more, ${took.toFixed(1)} s`,
    );
  };
  try {
    await until(async () => {
      const families = await client.call('listFamilies', {});
      return families.some(({ id, available }) => id === 'wan22-5b' && available);
    });
    const small = await filmed(client, 13);
    print(`a small one first, ${small.size_bytes} bytes`);
    fake.faults.filmFiller = SIZE_BYTES;
    let large = small;
    await rise(`${megabytes(SIZE_BYTES)} stored`, async () => {
      large = await filmed(client, 17);
    });
    await rise(`fetched by ${READERS} at once`, () =>
      Promise.all(Array.from({ length: READERS }, () => drained(url + large.url))),
    );
  } finally {
    await stopServer(child);
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @throws Error when it is not so within a minute */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const since = performance.now(); !(await isSo()); await sleep(100))
    if (performance.now() - since > LIMIT_MS) throw new Error('not within a minute');
}

async function filmed(client: Client, frames: number): Promise<Output> {
  const { id } = await client.call('video', { body: { prompt: 'a flag in the wind', frames } });
  const read = () => client.call('getTask', { params: { id } });
  await until(async () => isFinal((await read()).status));
  const { frames: made, error } = await read();
  const [output] = made.flatMap(({ outputs }) => outputs);
  if (!output) throw new Error(`the video was not stored: ${error?.code}`);
  return output;
}

async function drained(url: string): Promise<void> {
  for await (const _ of (await fetch(url)).body ?? []);
}
