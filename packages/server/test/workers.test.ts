/** A desk and workers in processes of their own, over one Postgres and one folder, as they are started. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, isFinal, type TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Environ } from '../src/config.ts';
import type { Database } from '../src/db/database.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { testPostgres } from './postgres-server.ts';
import { ServerProcess } from './server-process.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';

const { version } = await testPostgres();
/** A lease that ran out is noticed, and its task painted. */
const SOON = { timeout: 50_000, interval: 100 };

let place: TestDatabase;
let db: Database;
let dataDir: string;
let fake: FakeComfy;
let running: ServerProcess[];

beforeEach(async () => {
  place = await testDatabase('postgres');
  db = await place.open();
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-workers-'));
  fake = await FakeComfy.start();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop('SIGKILL')));
  await fake.close();
  await db.close();
  await place.remove();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(command: 'serve' | 'worker', environ: Environ = {}): Promise<ServerProcess> {
  const started = await ServerProcess.start(command, {
    DATABASE_URL: place.address?.dialect === 'postgres' ? place.address.url : '',
    LIMNER_DATA_DIR: dataDir,
    COMFYUI_URL: fake.url,
    MAX_CONCURRENT_TASKS: '1',
    ...environ,
  });
  running.push(started);
  return started;
}

async function startDesk(environ: Environ = {}) {
  const { place: url } = await start('serve', { RUN_WORKER: 'false', RUN_CHORES: 'false', ...environ });
  const client = createClient({ baseUrl: url });
  return {
    url,
    client,
    canPaint: () =>
      expect
        .poll(
          async () => (await client.call('listFamilies', {})).find(({ id }) => id === 'flux-schnell'),
          SOON,
        )
        .toMatchObject({ available: true }),
    generate: (batch_size: number, seed: number) =>
      client.call('generate', {
        body: { prompt: 'a red dragon', family: 'flux-schnell', width: 128, height: 128, batch_size, seed },
      }),
    task: (id: number) => client.call('getTask', { params: { id } }),
    ended: async (ids: number[]) => {
      const statuses = async () =>
        Promise.all(ids.map(async (id) => (await client.call('getTask', { params: { id } })).status));
      await expect.poll(async () => (await statuses()).every(isFinal), SOON).toBe(true);
      return statuses();
    },
  };
}

const leader = async () =>
  (await db.read.selectFrom('leases').select('holder').where('name', '=', 'chores').executeTakeFirst())
    ?.holder;
const holderOf = async (id: number) =>
  await db.read.selectFrom('tasks').select(['status', 'lease']).where('id', '=', id).executeTakeFirst();

/** `error`: it was interrupted. */
const lastEnd = () => {
  const ended = fake.queue.history.get(fake.executed.at(-1) ?? '') as
    | { status: { status_str: string } }
    | undefined;
  return ended?.status.status_str;
};

/** A desk, and a worker whose first frame is painted until it is stopped, however long the next worker takes to start. */
async function painting() {
  const desk = await startDesk();
  const first = await start('worker');
  await desk.canPaint();
  fake.faults.hang = true;
  const { id } = await desk.generate(1, 7);
  await expect.poll(() => fake.executed.length, SOON).toBe(1);
  return { desk, first, id };
}

describe.skipIf(version === null)('workers beside a desk', () => {
  it('share the tasks of the desk, paint each frame once, under client ids of their own, and it reports them', async () => {
    const desk = await startDesk();
    const workers = [await start('worker'), await start('worker')];
    expect(new Set(workers.map(({ place }) => place)).size).toBe(2);
    await desk.canPaint();
    const events: (TaskEvent & { type?: string })[] = [];
    const socket = new WebSocket(`${desk.url.replace('http', 'ws')}/ws`);
    socket.on('message', (data) => events.push(JSON.parse(String(data))));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' })));
    await expect.poll(() => events.some(({ type }) => type === 'subscribed'), SOON).toBe(true);
    fake.faults.promptMs = 200;
    const tasks = await Promise.all([1, 2, 3, 4].map((n) => desk.generate(2, n * 100)));
    const ids = tasks.map(({ id }) => id);
    expect(await desk.ended(ids)).toEqual(ids.map(() => 'completed'));
    expect([...fake.queue.executedGraphs.values()]).toEqual(Array(8).fill(1));
    expect(fake.queue.clients.size).toBe(2);
    for (const { output_paths } of await Promise.all(ids.map(desk.task)))
      for (const output of output_paths) expect((await fetch(desk.url + output)).status).toBe(200);
    for (const id of ids) {
      const seen = () => events.filter((event) => event.id === id).map(({ status }) => status);
      await expect.poll(seen, SOON).toEqual(expect.arrayContaining(['queued', 'running', 'completed']));
    }
    const painted = events.filter(({ progress }) => progress > 0 && progress < 1);
    expect(painted.length).toBeGreaterThan(0);
    socket.close();
  });

  it('take over the task and the chores of one that was killed', async () => {
    const desk = await startDesk();
    const first = await start('worker', { LIMNER_PROCESS_NAME: 'first' });
    await desk.canPaint();
    await expect.poll(leader, SOON).toBe('first');
    fake.faults.hang = true;
    const { id } = await desk.generate(2, 7);
    await expect.poll(() => fake.executed.length, SOON).toBeGreaterThan(0);
    const second = await start('worker', { LIMNER_PROCESS_NAME: 'second' });
    expect((await holderOf(id))?.status).toBe('running');
    await first.stop('SIGKILL');
    fake.faults.hang = false;
    expect(await desk.ended([id])).toEqual(['completed']);
    expect([...fake.queue.executedGraphs.values()]).toEqual([1, 1]);
    await expect.poll(leader, SOON).toBe('second');
    expect(second.says('this process is the leader now')).toBe(true);
  });

  it('put their tasks back when they are stopped, and stop at once when the desk cancels', async () => {
    const { desk, first, id } = await painting();
    expect(await first.stop('SIGTERM')).toBe(0);
    expect(await holderOf(id)).toEqual({ status: 'queued', lease: null });
    expect((await desk.task(id)).frames[0]).toMatchObject({ status: 'queued', tries: 0 });
    await start('worker');
    await expect.poll(async () => (await holderOf(id))?.status, SOON).toBe('running');
    await desk.client.call('cancelTask', { params: { id } });
    await expect.poll(lastEnd, SOON).toBe('error');
    expect(fake.queue.remaining).toBe(0);
    expect((await desk.task(id)).status).toBe('cancelled');
  });

  it.each(['cancelTask', 'cancelFrame', 'deleteTask'] as const)(
    'leave a prompt that runs, which %s of the desk stops while no worker is there',
    async (operation) => {
      const { desk, first, id } = await painting();
      await first.stop('SIGTERM');
      expect(fake.queue.remaining).toBe(1);
      await desk.client.call(operation, { params: { id, index: 0 } });
      await expect.poll(lastEnd, SOON).toBe('error');
    },
  );

  it('learn of servers that are added and removed at the desk', async () => {
    const desk = await startDesk({ COMFYUI_URL: 'none' });
    await start('worker', { COMFYUI_URL: 'none' });
    const { id: server } = await desk.client.call('addEngine', { body: { url: fake.url } });
    await desk.canPaint();
    const { id } = await desk.generate(1, 7);
    expect(await desk.ended([id])).toEqual(['completed']);
    const sockets = fake.sockets.connected;
    expect(sockets).toBe(2);
    await desk.client.call('removeEngine', { params: { id: server } });
    await expect.poll(() => fake.sockets.connected, SOON).toBe(0);
  });
});

describe('a process that cannot share', () => {
  it.each([
    ['worker', {}],
    ['serve', { RUN_WORKER: 'false' }],
  ] as const)('is refused, because SQLite is for one process: %s', async (command, environ) => {
    const problem = await ServerProcess.start(command, { LIMNER_DATA_DIR: dataDir, ...environ }).catch(
      (error) => error,
    );
    expect(problem.exitCode).toBe(2);
    expect(problem.message).toContain('need a Postgres database');
  });
});
