import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type GenerateInput, StudioError, type TaskEvent } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from '../src/images/png-text.ts';
import {
  type Script,
  ScriptedEngine,
  type ScriptedEngineOptions,
  tinyPng,
  untilAborted,
} from './scripted-engine.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from './start-studio.ts';

const open: TestStudio[] = [];
const folders: string[] = [];

async function studioWith(script?: Script, options: TestStudioOptions & ScriptedEngineOptions = {}) {
  const engine = new ScriptedEngine(script, options);
  const studio = await startStudio({ ...options, engines: [engine] });
  open.push(studio);
  const generate = (request: Partial<GenerateInput> = {}) =>
    studio.client.call('generate', { body: { prompt: 'a red dragon', family: 'scripted', ...request } });
  return { studio, engine, generate, client: studio.client };
}

const dataFolder = async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-flow-'));
  folders.push(folder);
  return folder;
};

const filesIn = (studio: TestStudio, folder: string) => studio.stored.names(folder);

afterEach(async () => {
  for (const studio of open.splice(0)) await studio.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe('a task', () => {
  it('is planned into frames with their seeds and ends completed, each picture on disk', async () => {
    const { studio, generate } = await studioWith();
    const made = await generate({ batch_size: 3, seed: 7 });
    expect(made).toMatchObject({ status: 'queued', total_frames: 3, seed: 7, output_paths: [] });
    const task = await studio.ended(made.id);
    expect(task).toMatchObject({ status: 'completed', progress: 1 });
    expect(task.frames.map((frame) => frame.seed)).toEqual([7, 8, 9]);
    expect(task.output_paths).toEqual(
      [0, 1, 2].map((index) => `${studio.base}/outputs/${task.id}_${index}.png`),
    );
    expect(await filesIn(studio, 'outputs')).toEqual([0, 1, 2].map((index) => `${task.id}_${index}.png`));
  });

  it('writes its recipe into the picture', async () => {
    const { studio, generate } = await studioWith();
    const { id } = await studio.ended((await generate({ prompt: '红色的龙', seed: 3 })).id);
    const text = JSON.parse(textOf(await studio.stored.read(`outputs/${id}_0.png`), 'limner') ?? '');
    expect(text).toMatchObject({
      recipe: { prompt: '红色的龙', seed: 3, family: 'scripted', width: 512 },
      provenance: { engine: 'scripted' },
    });
  });

  it('takes seed 0 as a seed and wraps at the end of the range', async () => {
    const { generate } = await studioWith();
    expect((await generate({ seed: 0 })).frames[0]?.seed).toBe(0);
    expect((await generate({ seed: 2 ** 32 - 1, batch_size: 2 })).frames.map((frame) => frame.seed)).toEqual([
      2 ** 32 - 1,
      0,
    ]);
  });

  it('without a seed draws one per frame and keeps it', async () => {
    const { studio, generate, engine } = await studioWith();
    const made = await generate({ batch_size: 4 });
    const task = await studio.ended(made.id);
    const seeds = made.frames.map((frame) => frame.seed);
    expect(new Set(seeds).size).toBe(4);
    expect(task.frames.map((frame) => frame.seed)).toEqual(seeds);
    expect(engine.runs.map((run) => run.request.seed)).toEqual(seeds);
  });

  it('runs by priority, then in the order it was made', async () => {
    const order: string[] = [];
    let begin = () => {};
    const allMade = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const script: Script = async (frame) => {
      order.push(frame.prompt);
      await allMade;
      return tinyPng;
    };
    const { studio, generate } = await studioWith(script, { environ: { MAX_CONCURRENT_TASKS: '1' } });
    const made = [];
    for (const [prompt, priority] of [
      ['first', 0],
      ['second', 0],
      ['urgent', 9],
    ] as const)
      made.push(await generate({ prompt, priority }));
    begin();
    for (const { id } of made) await studio.ended(id);
    expect(order).toEqual(['first', 'urgent', 'second']);
  });

  it('runs at most MAX_CONCURRENT_TASKS of a lane at once', async () => {
    const waiting: (() => void)[] = [];
    const script: Script = () => new Promise((resolve) => waiting.push(() => resolve(tinyPng)));
    const { studio, generate, engine } = await studioWith(script, { environ: { MAX_CONCURRENT_TASKS: '2' } });
    const made = await Promise.all(Array.from({ length: 5 }, () => generate()));
    await expect.poll(() => waiting.length).toBe(2);
    await pause(50);
    expect(engine.runs).toHaveLength(2);
    for (let done = 0; done < 5; done += 1) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    }
    for (const { id } of made) await studio.ended(id);
  });
});

describe('a failing frame', () => {
  it('is tried three times and costs only itself', async () => {
    const script: Script = (frame) => {
      if (frame.seed === 11)
        throw new StudioError('engine_failed', { data: { engine: 'Scripted', reason: 'broken brush' } });
      return tinyPng;
    };
    const { studio, generate, engine } = await studioWith(script);
    const task = await studio.ended((await generate({ batch_size: 3, seed: 10 })).id);
    expect(task.status).toBe('partial');
    expect(task.frames.map((frame) => [frame.status, frame.tries])).toEqual([
      ['completed', 1],
      ['failed', 3],
      ['completed', 1],
    ]);
    expect(task.frames[1]?.error).toMatchObject({
      code: 'engine_failed',
      message: 'Scripted failed: broken brush',
    });
    expect(task.error?.code).toBe('engine_failed');
    expect(engine.runs).toHaveLength(5);
  });

  it('is not tried again when another try cannot help', async () => {
    const script: Script = () => {
      throw new StudioError('nothing_recognised', { data: { words: ['xyzzy'] }, field: 'prompt' });
    };
    const { studio, generate, engine } = await studioWith(script);
    const task = await studio.ended((await generate()).id);
    expect(task).toMatchObject({ status: 'failed', error: { code: 'nothing_recognised', field: 'prompt' } });
    expect(engine.runs).toHaveLength(1);
  });

  it('that leaves no picture, or something that is none, has failed', async () => {
    const { studio, generate } = await studioWith((frame) =>
      frame.seed === 0 ? null : Buffer.from('not a picture'),
    );
    const task = await studio.ended((await generate({ batch_size: 2, seed: 0 })).id);
    expect(task.frames.map((frame) => frame.error?.code)).toEqual(['no_image', 'no_image']);
    expect(await filesIn(studio, 'outputs')).toEqual([]);
  });

  it('can be retried alone, and what was finished stays', async () => {
    let broken = true;
    let go = () => {};
    const seen = new Promise<void>((resolve) => {
      go = resolve;
    });
    const script: Script = async (frame) => {
      if (frame.seed === 1 && broken) throw new StudioError('nothing_recognised', { data: { words: [] } });
      if (!broken) await seen;
      return tinyPng;
    };
    const { studio, generate, engine, client } = await studioWith(script);
    const { id } = await studio.ended((await generate({ batch_size: 2, seed: 0 })).id);
    broken = false;
    const again = await client.call('retryTask', { params: { id } });
    // A worker may have taken it before the answer was read.
    expect(again.frames.map((frame) => frame.status)).toEqual([
      'completed',
      expect.stringMatching(/^(queued|running)$/),
    ]);
    go();
    const task = await studio.ended(id);
    expect(task.status).toBe('completed');
    expect(engine.runs.map((run) => run.frame)).toEqual([0, 1, 1]);
    await expect(client.call('retryTask', { params: { id } })).rejects.toMatchObject({
      code: 'task_nothing_to_retry',
    });
  });
});

describe('cancelling', () => {
  it('a running task keeps the frames it finished and stops its engine', async () => {
    let stopped = false;
    const script: Script = (frame, { signal }) => {
      if (frame.seed === 0) return tinyPng;
      signal.addEventListener('abort', () => (stopped = true));
      return untilAborted(signal);
    };
    const { studio, generate, client } = await studioWith(script);
    const { id } = await generate({ batch_size: 3, seed: 0 });
    await expect
      .poll(async () => (await client.call('getTask', { params: { id } })).frames[1]?.status)
      .toBe('running');
    const task = await client.call('cancelTask', { params: { id } });
    expect(task.status).toBe('cancelled');
    expect(task.frames.map((frame) => frame.status)).toEqual(['completed', 'cancelled', 'cancelled']);
    await expect.poll(() => stopped).toBe(true);
    expect(await filesIn(studio, 'outputs')).toEqual([`${id}_0.png`]);
    await expect(client.call('cancelTask', { params: { id } })).rejects.toMatchObject({
      code: 'task_not_cancellable',
    });
  });

  it('one frame leaves its neighbours, and the task still completes', async () => {
    const gate = new Map<number, () => void>();
    const script: Script = (frame, { signal }) =>
      Promise.race([
        new Promise<Buffer>((resolve) => gate.set(Number(frame.seed), () => resolve(tinyPng))),
        untilAborted(signal),
      ]);
    const { studio, generate, client } = await studioWith(script, { slots: 3 });
    const { id } = await generate({ batch_size: 3, seed: 0 });
    await expect.poll(() => gate.size).toBe(3);
    const { frames } = await client.call('cancelFrame', { params: { id, index: 1 } });
    expect(frames.map((frame) => frame.status)).toEqual(['running', 'cancelled', 'running']);
    for (const open of gate.values()) open();
    const task = await studio.ended(id);
    expect(task.status).toBe('completed');
    expect(task.output_paths).toEqual([0, 2].map((index) => `${studio.base}/outputs/${id}_${index}.png`));
    expect(await filesIn(studio, 'outputs')).toHaveLength(2);
  });

  it('a waiting task ends it without a run, and another task goes on', async () => {
    let release = () => {};
    const script: Script = (frame) =>
      frame.prompt === 'slow' ? new Promise((resolve) => (release = () => resolve(tinyPng))) : tinyPng;
    const { studio, generate, client, engine } = await studioWith(script, {
      environ: { MAX_CONCURRENT_TASKS: '1' },
    });
    const slow = await generate({ prompt: 'slow' });
    const waiting = await generate({ prompt: 'waiting' });
    await expect.poll(() => engine.runs.length).toBe(1);
    expect((await client.call('cancelTask', { params: { id: waiting.id } })).status).toBe('cancelled');
    release();
    expect((await studio.ended(slow.id)).status).toBe('completed');
    expect(engine.runs).toHaveLength(1);
  });

  it('an engine that ignores its signal cannot bring a cancelled frame back', async () => {
    let finish = () => {};
    const { studio, generate, client, engine } = await studioWith(
      () => new Promise((resolve) => (finish = () => resolve(tinyPng))),
    );
    const { id } = await generate();
    await expect.poll(() => engine.runs.length).toBe(1);
    await client.call('cancelTask', { params: { id } });
    finish();
    await pause(30);
    expect((await client.call('getTask', { params: { id } })).status).toBe('cancelled');
    expect(await filesIn(studio, 'outputs')).toEqual([]);
  });
});

describe('a frame without a sign of life', () => {
  it('is given up after the time-out, tried again, and fails saying so', async () => {
    const { studio, generate, engine } = await studioWith((_, { signal }) => untilAborted(signal), {
      silenceMs: 30,
    });
    const task = await studio.ended((await generate()).id);
    expect(task.frames[0]).toMatchObject({ status: 'failed', tries: 3, error: { code: 'frame_timeout' } });
    expect(engine.runs).toHaveLength(3);
  });

  it('is given up for good where its engine allows one try', async () => {
    const { studio, generate, engine } = await studioWith((_, { signal }) => untilAborted(signal), {
      silenceMs: 30,
      tries: 1,
    });
    const task = await studio.ended((await generate()).id);
    expect(task.frames[0]).toMatchObject({ status: 'failed', tries: 1, error: { code: 'frame_timeout' } });
    expect(engine.runs).toHaveLength(1);
  });

  it('lives as long as it reports progress', async () => {
    // All steps take longer than the time-out, and each far less.
    const script: Script = async (_, { progress }) => {
      for (let step = 1; step <= 6; step += 1) {
        await pause(600);
        progress(step / 6);
      }
      return tinyPng;
    };
    const { studio, generate, engine } = await studioWith(script, { silenceMs: 3_000 });
    expect((await studio.ended((await generate()).id)).status).toBe('completed');
    expect(engine.runs).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('goes on at the first unfinished frame with its ticket, and finished frames are not redone', async () => {
    const dataDir = await dataFolder();
    let isSaved = false;
    const before = await studioWith(
      async (frame, context) => {
        if (frame.seed === 0) return tinyPng;
        await context.saveTicket('prompt-17');
        isSaved = true;
        return untilAborted(context.signal);
      },
      { dataDir },
    );
    const { id } = await before.generate({ batch_size: 3, seed: 0 });
    await expect.poll(() => isSaved).toBe(true);
    await before.studio.close();
    open.pop();

    const after = await studioWith(() => tinyPng, { dataDir });
    const task = await after.studio.ended(id);
    expect(task.status).toBe('completed');
    expect(task.frames.map((frame) => frame.tries)).toEqual([1, 1, 1]);
    expect(after.engine.runs.map((run) => [run.frame, run.ticket])).toEqual([
      [1, 'prompt-17'],
      [2, null],
    ]);
  });

  it('refuses a data folder that another Limner holds', async () => {
    const dataDir = await dataFolder();
    await studioWith(undefined, { dataDir, dialect: 'sqlite' });
    const second = studioWith(undefined, { dataDir, dialect: 'sqlite' });
    await expect(second).rejects.toThrow(/Another Limner is using/);
  });
});

describe('a worker that lost its lease', () => {
  it('writes nothing more', async () => {
    let finish = () => {};
    const { studio, generate, client, engine } = await studioWith(
      () => new Promise((resolve) => (finish = () => resolve(tinyPng))),
    );
    const { id } = await generate();
    await expect.poll(() => engine.runs.length).toBe(1);
    await studio.studio.db.write((trx) =>
      trx.updateTable('tasks').set({ lease: 'somebody else' }).where('id', '=', id).execute(),
    );
    finish();
    await pause(30);
    const task = await client.call('getTask', { params: { id } });
    expect(task.frames[0]).toMatchObject({ status: 'running', output: null });
  });
});

describe('deleting', () => {
  it('a task removes its rows and files, also while it runs', async () => {
    const script: Script = (frame, { signal }) => (frame.seed === 0 ? tinyPng : untilAborted(signal));
    const { studio, generate, client, engine } = await studioWith(script, { environ: { BIN_DAYS: '0' } });
    const { id } = await generate({ batch_size: 2, seed: 0 });
    await expect.poll(() => engine.runs.length).toBe(2);
    await client.call('deleteTask', { params: { id } });
    await expect(client.call('getTask', { params: { id } })).rejects.toMatchObject({
      code: 'task_not_found',
    });
    expect(await filesIn(studio, 'outputs')).toEqual([]);
    expect(await studio.studio.db.read.selectFrom('trash').selectAll().execute()).toEqual([]);
  });
});

describe('the list', () => {
  it('is newest first, in pages, by kind, status and words in both languages', async () => {
    const { studio, generate, client } = await studioWith();
    for (const prompt of ['a red dragon', '红色的龙', 'two dragons at sea', 'blue potion'])
      await studio.ended((await generate({ prompt })).id);
    const prompts = async (query: Parameters<typeof client.tasks>[0]) =>
      (await client.tasks(query)).items.map((item) => item.prompt);
    expect(await prompts({})).toEqual(['blue potion', 'two dragons at sea', '红色的龙', 'a red dragon']);
    expect(await prompts({ text: 'drag' })).toEqual(['two dragons at sea', 'a red dragon']);
    expect(await prompts({ text: 'dragons' })).toEqual(['two dragons at sea']);
    expect(await prompts({ text: '红色' })).toEqual(['红色的龙']);
    expect(await prompts({ text: '"*' })).toHaveLength(4);
    expect(await prompts({ text: 'red', status: 'completed', kind: 'generation' })).toEqual(['a red dragon']);
    expect(await prompts({ status: 'failed' })).toEqual([]);
    expect(await prompts({ kind: 'upscale' })).toEqual([]);
    const first = await client.tasks({ limit: 3 });
    expect(first.items).toHaveLength(3);
    const second = await client.tasks({ limit: 3, before: first.nextBefore ?? 0 });
    expect(second.items.map((item) => item.prompt)).toEqual(['a red dragon']);
    expect(second.nextBefore).toBeNull();
  });
});

describe('news', () => {
  it('come with growing versions and end with the final state', async () => {
    const { studio, generate } = await studioWith(async (_, { progress, preview }) => {
      progress(0.5);
      preview(tinyPng, 'image/png');
      progress(0.25);
      return tinyPng;
    });
    const events: TaskEvent[] = [];
    studio.studio.bus.subscribe('event', ({ event }) => events.push(event));
    await studio.ended((await generate({ batch_size: 2 })).id);
    await expect.poll(() => events.at(-1)?.status).toBe('completed');
    const versions = events.map((event) => event.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(events.some((event) => event.frame_progress === 0.5 && event.frames[0]?.preview_url)).toBe(true);
    expect(events.some((event) => event.frame_progress === 0.25)).toBe(false);
  });
});
