import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type GenerateInput, OWNER, type QueueLane } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Script, ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from './start-studio.ts';

const open: TestStudio[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const studio of open.splice(0)) await studio.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const LANE = 'scripted';

/** One task at a time, so that the order in which they run is the order of the queue. */
async function studioWith(script?: Script, options: TestStudioOptions = {}) {
  const engine = new ScriptedEngine(script);
  const environ = { MAX_CONCURRENT_TASKS: '1', ...options.environ };
  const studio = await startStudio({ ...options, environ, engines: [engine] });
  open.push(studio);
  const { client } = studio;
  const generate = async (request: Partial<GenerateInput> = {}) =>
    (await client.call('generate', { body: { prompt: 'a gate', family: 'scripted', ...request } })).id;
  const lane = async (): Promise<QueueLane> => {
    const found = (await client.call('listLanes', {})).find(({ id }) => id === LANE);
    if (!found) throw new Error('no lane');
    return found;
  };
  const pause = (paused: boolean) => client.call('pauseLane', { params: { lane: LANE }, body: { paused } });
  const waiting = async () => (await lane()).waiting.map(({ task }) => task);
  return { studio, engine, client, generate, lane, pause, waiting };
}

/** Ends the running frames. */
function gate() {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  const script: Script = async (_, { signal }) => {
    await Promise.race([opened, untilAborted(signal)]);
    return tinyPng;
  };
  return { script, release: () => release() };
}

describe('a paused lane', () => {
  it('finishes what runs, begins nothing new, and goes on when it is resumed', async () => {
    const { script, release } = gate();
    const { studio, engine, generate, pause, lane } = await studioWith(script);
    const first = await generate();
    await expect.poll(() => engine.runs.length).toBe(1);
    const second = await generate();
    expect((await pause(true)).paused_at).not.toBeNull();
    release();
    expect((await studio.ended(first)).status).toBe('completed');
    await expect.poll(async () => (await lane()).running).toEqual([]);
    const held = await lane();
    expect(held.waiting).toEqual([
      { task: second, place: 1, starts_in_seconds: null, starts_within: null, paused: true },
    ]);
    expect(held.free_within).toBeNull();
    expect(engine.runs.map(({ task }) => task)).toEqual([first]);
    expect((await pause(false)).paused_at).toBeNull();
    expect((await studio.ended(second)).status).toBe('completed');
  });

  it('stays paused over a restart', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-lanes-'));
    folders.push(dataDir);
    const before = await studioWith(undefined, { dataDir });
    await before.pause(true);
    const id = await before.generate();
    await before.studio.close();
    open.splice(0);
    const after = await studioWith(undefined, { dataDir });
    // Longer than the worker takes to look for work at its start.
    await after.client.call('listQueue', {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(after.engine.runs).toEqual([]);
    expect(await after.waiting()).toEqual([id]);
    await after.pause(false);
    expect((await after.studio.ended(id)).status).toBe('completed');
  });

  it('is the only one that is paused, and every listener gets the event', async () => {
    const { studio, client, pause } = await studioWith();
    const heard: string[] = [];
    const socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    socket.onmessage = ({ data }) => void heard.push(String(data));
    socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all', lists: true }));
    await expect.poll(() => heard.some((text) => text.includes('subscribed'))).toBe(true);
    await pause(true);
    await expect
      .poll(() => heard.map((text) => JSON.parse(text)))
      .toContainEqual({
        type: 'changed',
        list: 'lanes',
      });
    socket.close();
    const lanes = await client.call('listLanes', {});
    expect(lanes.filter(({ paused_at }) => paused_at !== null).map(({ id }) => id)).toEqual([LANE]);
  });

  it('must be one that is there', async () => {
    const { client } = await studioWith();
    const asked = client.call('pauseLane', { params: { lane: 'nowhere' }, body: { paused: true } });
    await expect(asked).rejects.toMatchObject({ code: 'lane_not_found' });
  });
});

describe('the order of a lane', () => {
  it('is the one it was given, also for what is asked for later', async () => {
    const { studio, engine, client, generate, pause, waiting } = await studioWith();
    await pause(true);
    const [a, b, c] = [await generate(), await generate(), await generate()];
    await client.call('moveInQueue', { body: { task: c, before: a } });
    await client.call('moveInQueue', { body: { task: a, before: null } });
    const d = await generate();
    expect(await waiting()).toEqual([c, b, a, d]);
    await pause(false);
    await studio.ended(d);
    expect(engine.runs.map(({ task }) => task)).toEqual([c, b, a, d]);
  });

  it('holds beside priorities: what is moved takes the nearest one that fits', async () => {
    const { studio, engine, client, generate, pause, waiting } = await studioWith();
    await pause(true);
    const [low, high] = [await generate(), await generate({ priority: 5 })];
    expect(await waiting()).toEqual([high, low]);
    await client.call('moveInQueue', { body: { task: low, before: high } });
    expect((await client.call('getTask', { params: { id: low } })).priority).toBe(5);
    const later = await generate({ priority: 5 });
    expect(await waiting()).toEqual([low, high, later]);
    await pause(false);
    await studio.ended(later);
    expect(engine.runs.map(({ task }) => task)).toEqual([low, high, later]);
  });

  it('is not changed by what does not wait', async () => {
    const { studio, client, generate } = await studioWith();
    const id = await generate();
    await studio.ended(id);
    await expect(client.call('moveInQueue', { body: { task: id, before: null } })).rejects.toMatchObject({
      code: 'task_not_waiting',
    });
    await expect(client.call('moveInQueue', { body: { task: 999, before: null } })).rejects.toMatchObject({
      code: 'task_not_found',
    });
  });
});

describe('when it begins', () => {
  it('is not said before anything was measured', async () => {
    const { script, release } = gate();
    const { client, generate, lane, waiting } = await studioWith(script);
    await generate();
    await generate();
    await expect.poll(waiting).toHaveLength(1);
    expect((await lane()).waiting[0]).toMatchObject({ starts_in_seconds: null, starts_within: null });
    expect((await lane()).running[0]).toMatchObject({ ends_within: null });
    const offer = (await client.call('listFamilies', {})).find(({ id }) => id === 'scripted');
    expect(offer).toMatchObject({ measured: null, seconds_per_frame: null });
    release();
  });

  it('counts all that is before it, from measured pictures', async () => {
    const { studio, client, generate, pause, lane } = await studioWith(async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return tinyPng;
    });
    // The first loads the model, so it measures nothing.
    await studio.ended(await generate());
    await studio.ended(await generate());
    await pause(true);
    for (const batch_size of [2, 3, 1]) await generate({ batch_size });
    const offers = await client.call('listFamilies', {});
    const measured = offers.find(({ id }) => id === 'scripted')?.measured;
    expect(measured?.low).toBeGreaterThanOrEqual(0.035);
    expect((await lane()).waiting.map(({ starts_within }) => starts_within)).toEqual([null, null, null]);
    // Estimates of a lane that goes on, without letting it: read from another one's eyes.
    const { queue } = studio.studio;
    await studio.studio.db.write((trx) => trx.deleteFrom('paused_lanes').execute());
    const [first, second, third] = (await queue.list(OWNER)).map(({ starts_within }) => starts_within?.low);
    expect(first).toBe(0);
    expect(second).toBeCloseTo((measured?.low ?? 0) * 2, 5);
    expect(third).toBeCloseTo((measured?.low ?? 0) * 5, 5);
  });
});

describe('cancelling everything', () => {
  it('ends what waits and what runs in one request, and keeps what was finished', async () => {
    const { client, studio, engine, generate, lane } = await studioWith(async (_, { frame, signal }) => {
      if (frame === 0) return tinyPng;
      await untilAborted(signal);
      return null;
    });
    const running = await generate({ batch_size: 2 });
    const waiting = [await generate(), await generate()];
    await expect.poll(() => engine.runs.length).toBe(2);
    expect(await client.call('cancelQueue', {})).toEqual({ cancelled: 3 });
    const ended = await studio.ended(running);
    expect(ended.frames.map(({ status }) => status)).toEqual(['completed', 'cancelled']);
    for (const id of waiting) expect((await studio.ended(id)).status).toBe('cancelled');
    await expect.poll(async () => (await lane()).running).toEqual([]);
    expect(await client.call('cancelQueue', {})).toEqual({ cancelled: 0 });
  });
});
