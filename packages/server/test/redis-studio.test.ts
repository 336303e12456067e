/** A desk and two workers over one Postgres, with a Redis that is stopped, emptied or away. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testPostgres } from './postgres-server.ts';
import { redisVersion, TestRedis } from './redis-server.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const { version } = await testPostgres();
const SOON = { timeout: 20_000, interval: 20 };
const PAINT_MS = 40;

describe.skipIf(version === null || redisVersion === null)('studios over one Redis', () => {
  let redis: TestRedis;
  let dataDir: string;
  let studios: TestStudio[];
  let engine: ScriptedEngine;
  let stopped: number;
  let isHanging: boolean;

  beforeEach(async () => {
    redis = await TestRedis.start();
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-redis-studio-'));
    studios = [];
    stopped = 0;
    isHanging = false;
    // One for all processes, so that it sees every run.
    engine = new ScriptedEngine(async (_, { progress, preview, signal }) => {
      progress(0.5);
      preview(tinyPng, 'image/png');
      if (isHanging)
        await untilAborted(signal).catch((reason) => {
          stopped += 1;
          throw reason;
        });
      await pause(PAINT_MS);
      return tinyPng;
    });
  });
  afterEach(async () => {
    for (const studio of studios.reverse()) await studio.close();
    await redis.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(runWorker: boolean): Promise<TestStudio> {
    const environ = { REDIS_URL: redis.url, RUN_WORKER: `${runWorker}`, RUN_CHORES: 'false' };
    const studio = await startStudio({ engines: [engine], dialect: 'postgres', dataDir, environ });
    studios.push(studio);
    return studio;
  }

  async function startAll() {
    const desk = await start(false);
    await start(true);
    await start(true);
    return desk;
  }
  const generate = ({ client }: TestStudio, batch_size = 1) =>
    client.call('generate', { body: { prompt: 'a dragon', family: 'scripted', batch_size } });
  const redisOf = async ({ client }: TestStudio) => (await client.call('health', {})).redis;
  const isEach = (state: 'ready' | 'away') =>
    expect
      .poll(async () => (await Promise.all(studios.map(redisOf))).every((each) => each === state), SOON)
      .toBe(true);

  it('paint each frame once while Redis is stopped, comes back empty and is emptied', async () => {
    const desk = await startAll();
    const ids: number[] = [];
    const ask = async (count: number) => {
      for (let n = 0; n < count; n += 1) ids.push((await generate(desk, 2)).id);
    };
    await ask(8);
    await redis.kill();
    await ask(8);
    await isEach('away');
    await redis.restart();
    await ask(4);
    await isEach('ready');
    await ask(4);
    await redis.command('FLUSHALL');
    await ask(4);
    const ended = await Promise.all(ids.map((id) => desk.ended(id)));
    expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
    const painted = engine.runs.map(({ task, frame }) => `${task}/${frame}`);
    expect(painted.sort()).toEqual(ids.flatMap((id) => [`${id}/0`, `${id}/1`]).sort());
  });

  it('bring events to the sockets of the desk, and its cancel to the worker', async () => {
    const desk = await startAll();
    const events: (TaskEvent & { type?: string })[] = [];
    const socket = new WebSocket(`${desk.url.replace('http', 'ws')}/ws`);
    socket.on('message', (data, isBinary) => isBinary || events.push(JSON.parse(String(data))));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' })));
    await expect.poll(() => events.some(({ type }) => type === 'subscribed'), SOON).toBe(true);
    isHanging = true;
    const { id } = await generate(desk);
    const of = () => events.filter((event) => event.id === id);
    await expect.poll(() => of().some(({ progress }) => progress === 0.5), SOON).toBe(true);
    await desk.client.call('cancelTask', { params: { id } });
    await expect.poll(() => stopped, SOON).toBe(1);
    await expect.poll(() => of().some(({ status }) => status === 'cancelled'), SOON).toBe(true);
    socket.close();
  });

  it('start and paint without an answer of Redis, and use it once it answers', async () => {
    await redis.kill();
    const desk = await startAll();
    expect(await redisOf(desk)).toBe('away');
    expect((await desk.ended((await generate(desk)).id)).status).toBe('completed');
    await redis.restart();
    await isEach('ready');
    expect((await desk.ended((await generate(desk)).id)).status).toBe('completed');
  });
});
