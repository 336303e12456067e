/** The whole product with a ComfyUI server behind it, over its own HTTP API. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EngineHealth, PICTURE_TEXT_KEYWORD, type TaskEvent } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { textGraph } from '../src/engines/comfy/fixtures/text-graph.ts';
import { CutoutEngine } from '../src/engines/cutout/cutout-engine.ts';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { bundledChild } from '../src/engines/embedded/testing.ts';
import { textOf } from '../src/images/png-text.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let fake: FakeComfy;
let dataDir: string;
let studio: TestStudio;

const start = async (environ: Record<string, string> = {}) =>
  startStudio({
    dataDir,
    engines: [new ScriptedEngine()],
    environ,
    layout: { embeddedEntry: await bundledChild() },
  });
const engines = async () =>
  (await studio.client.call('listEngines', {})).filter(({ kind }) => kind === 'comfy');
const available = async (family: string) =>
  (await studio.client.call('listFamilies', {})).find(({ id }) => id === family)?.available;
const upload = async () =>
  (await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]) })).id;

async function added(): Promise<EngineHealth> {
  const engine = await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  await expect.poll(() => available('flux-schnell'), { timeout: 10_000 }).toBe(true);
  return engine;
}

beforeEach(async () => {
  fake = await FakeComfy.start();
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-comfy-'));
  studio = await start();
});

afterEach(async () => {
  await studio.close();
  await fake.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('a server added in the settings', () => {
  it('serves tasks, is chosen over lesser engines, and is there after a restart', async () => {
    const body = { prompt: 'a red dragon', width: 128, height: 128 };
    const before = await studio.client.call('generate', { body });
    expect(before.choice).toMatchObject({ engine: 'scripted', why: 'best' });
    await added();
    const made = await studio.client.call('generate', { body: { ...body, batch_size: 3 } });
    expect(made.choice).toMatchObject({ engine: 'comfy', family: 'flux-schnell', why: 'best' });
    expect((await studio.ended(made.id)).status).toBe('completed');

    await studio.close();
    studio = await start();
    expect(await engines()).toMatchObject([{ label: { en: 'Attic PC' }, named_in: 'settings' }]);
    await expect.poll(() => available('flux-schnell'), { timeout: 10_000 }).toBe(true);
  });

  it('can be drained, taken back and removed', async () => {
    const { id } = await added();
    const change = (mode: 'draining' | 'enabled') =>
      studio.client.call('updateEngine', { params: { id }, body: { mode } });
    expect((await change('draining')).status).toBe('draining');
    const body = { prompt: 'x', family: 'flux-schnell', width: 128, height: 128 };
    await expect(studio.client.call('generate', { body })).rejects.toMatchObject({ code: 'models_missing' });
    await change('enabled');
    expect((await studio.ended((await studio.client.call('generate', { body })).id)).status).toBe(
      'completed',
    );
    await studio.client.call('removeEngine', { params: { id } });
    expect(await engines()).toEqual([]);
  });

  it('is refused twice, as no address, and if it is unknown', async () => {
    await added();
    const add = (url: string) => studio.client.call('addEngine', { body: { url } });
    await expect(add(fake.url)).rejects.toMatchObject({ code: 'engine_known', field: 'url' });
    await expect(add('ftp://attic')).rejects.toMatchObject({ code: 'invalid_request', field: 'url' });
    const params = { id: 'comfy-nobody' };
    await expect(studio.client.call('removeEngine', { params })).rejects.toMatchObject({
      code: 'engine_unknown',
    });
  });

  it('never shows its credentials', async () => {
    const url = fake.url.replace('http://', 'http://artist:s3cret@');
    await studio.client.call('addEngine', { body: { url, token: 'tok3n' } });
    expect(JSON.stringify(await engines())).not.toMatch(/s3cret|tok3n/);
  });
});

it('a frame behind prompts of others in the queue of its server reads so everywhere, also in its news', {
  timeout: 60_000,
}, async () => {
  await added();
  // Its place is looked up after a second, and is in the rows a second later.
  Object.assign(fake.faults, { hang: true, promptMs: 4_000 });
  for (const seed of [1, 2]) {
    const prompt = textGraph();
    Object.assign(prompt['3']?.inputs ?? {}, { seed });
    const body = JSON.stringify({ prompt, client_id: 'another user', prompt_id: randomUUID() });
    expect((await fetch(`${fake.url}/prompt`, { method: 'POST', body })).status).toBe(200);
  }
  const news: TaskEvent[] = [];
  studio.studio.bus.subscribe('event', ({ event }) => news.push(event));
  const body = { prompt: 'a red dragon', family: 'flux-schnell', width: 128, height: 128 };
  const { id } = await studio.client.call('generate', { body });
  const task = () => studio.client.call('getTask', { params: { id } });
  await expect.poll(async () => (await task()).waits_behind, { timeout: 10_000 }).toBe(2);
  const waiting = await task();
  expect(waiting).toMatchObject({ status: 'running', painting_frames: 0 });
  expect(waiting.frames[0]).toMatchObject({ status: 'running', waits_behind: 2 });
  const lanes = await studio.client.call('listLanes', {});
  expect(lanes.flatMap(({ running }) => running.flatMap(({ frames }) => frames))).toMatchObject([
    { waits_behind: 2 },
  ]);
  fake.faults.hang = false;
  await expect.poll(async () => (await task()).painting_frames, { timeout: 20_000 }).toBe(1);
  await studio.ended(id);
  expect(await task()).toMatchObject({ waits_behind: null, painting_frames: 0 });
  for (const behind of [2, 1]) {
    const told = news.find(({ waits_behind }) => waits_behind === behind);
    expect(told).toMatchObject({ painting_frames: 0, frames: [{ waits_behind: behind }] });
  }
  await expect
    .poll(() => news.at(-1))
    .toMatchObject({ status: 'completed', waits_behind: null, painting_frames: 0 });
});

it('a server of the environment can be disabled but not removed', async () => {
  await studio.close();
  studio = await start({ COMFYUI_URL: fake.url });
  const [engine] = await engines();
  const params = { id: engine?.id ?? '' };
  await expect(studio.client.call('removeEngine', { params })).rejects.toMatchObject({
    code: 'engine_fixed',
  });
  expect((await studio.client.call('updateEngine', { params, body: { mode: 'disabled' } })).status).toBe(
    'disabled',
  );
  await studio.close();
  studio = await start({ COMFYUI_URL: fake.url });
  expect(await engines()).toMatchObject([{ status: 'disabled', named_in: 'environment' }]);
});

describe('with a server', () => {
  beforeEach(async () => void (await added()));

  it('a picture is edited by words, after one reference or several', async () => {
    const images = [await upload(), await upload()];
    const made = await studio.client.call('edit', {
      body: { prompt: 'make it night', images, params: { steps: 2 } },
    });
    expect(made).toMatchObject({ task_kind: 'edit', family: 'flux-kontext', references: images });
    expect((await studio.ended(made.id)).status).toBe('completed');
    const gone = studio.client.call('edit', { body: { prompt: 'x', images: ['unknown'] } });
    await expect(gone).rejects.toMatchObject({ code: 'image_not_found', field: 'images.0' });
  });

  it('a picture painted from another has its shape, where no size is requested', async () => {
    const wide = await sharp({ create: { width: 800, height: 400, channels: 3, background: 'red' } });
    const file = new Blob([new Uint8Array(await wide.png().toBuffer())]);
    const { id } = await studio.client.call('upload', { file });
    const body = {
      prompt: 'a red dragon',
      type: 'img2img',
      input_image: id,
      family: 'flux-schnell',
    } as const;
    const made = await studio.client.call('generate', { body });
    expect([made.width, made.height]).toEqual([1456, 720]);
    expect(made.choice.note.en).not.toContain('another shape');
    expect((await studio.ended(made.id)).status).toBe('completed');
  });

  it('times are measured for each server, and the queue names the server of each frame', async () => {
    fake.faults.promptMs = 60;
    const slow = await FakeComfy.start({ faults: { promptMs: 200 } });
    try {
      await studio.client.call('addEngine', { body: { url: slow.url, name: 'Old PC' } });
      await expect
        .poll(async () => (await engines()).map(({ status }) => status))
        .toEqual(['ready', 'ready']);
      const body = { prompt: 'a red dragon', family: 'flux-schnell', batch_size: 12 };
      const { id } = await studio.client.call('generate', { body });
      const servers = async () => {
        const lane = (await studio.client.call('listLanes', {})).find((each) => each.id === 'comfy');
        return new Set(lane?.running.flatMap(({ frames }) => frames.map(({ server }) => server)));
      };
      await expect.poll(servers).toEqual(new Set(['Attic PC', 'Old PC']));
      await studio.ended(id);
      // The first pictures of a server load the model and are not counted.
      await studio.ended((await studio.client.call('generate', { body })).id);
      const measured = async () => {
        const families = await studio.client.call('listFamilies', {});
        const family = families.find((each) => each.id === 'flux-schnell');
        return family?.measured?.servers.map(({ server }) => server).sort();
      };
      await expect.poll(measured, { timeout: 10_000 }).toEqual(['Attic PC', 'Old PC']);
    } finally {
      await slow.close();
    }
  });

  it('a control picture is shown before it is used', async () => {
    const made = await studio.client.call('controlPreview', {
      body: { image: await upload(), type: 'canny' },
    });
    const task = await studio.ended(made.id);
    expect(task).toMatchObject({ task_kind: 'control_preview', status: 'completed', batch_size: 1 });
  });

  it('birefnet goes there, and where there is none the answer says what serves instead', async () => {
    const made = await studio.client.call('removeBg', { body: { input_image: await upload() } });
    expect(made).toMatchObject({ model: 'birefnet', choice: { engine: 'comfy', why: 'best' } });
    const task = await studio.ended(made.id);
    expect(task.status).toBe('completed');
    const { provenance } = task.frames[0]?.output ?? {};
    expect(provenance?.summary.en).toMatch(
      /^Cut out by BiRefNet-general\. The background's colour was removed/,
    );
    expect(provenance?.details).toMatchObject({ soft_pixels: expect.any(Number) });
  });

  it('built-in cut-out models stand beside those of the server, and each picture says which made it', async () => {
    await studio.close();
    const process = new EmbeddedProcess({ entry: await bundledChild(), idleMs: 60_000 });
    const modelsDir = path.join(import.meta.dirname, '../../../models');
    const cutout = new CutoutEngine({
      modelsDir,
      userModelsDir: path.join(dataDir, 'models', 'cutout'),
      process,
    });
    studio = await startStudio({ dataDir, engines: [new ScriptedEngine(), cutout] });
    await expect.poll(() => available('flux-schnell'), { timeout: 10_000 }).toBe(true);
    const family = (await studio.client.call('listFamilies', {})).find(
      ({ id }) => id === 'remove-background',
    );
    const models = family?.params.find(({ key }) => key === 'model')?.choices ?? [];
    const engineOf = (model: string) => models.find(({ value }) => value === model)?.engine;
    expect([engineOf('birefnet'), engineOf('birefnet-hr'), engineOf('sprite')]).toEqual([
      'comfy',
      'comfy',
      'cutout',
    ]);
    expect(models.filter(({ value, label }) => value === label.en)).toEqual([]);
    const body = { input_image: await upload(), model: 'sprite' };
    const made = await studio.client.call('removeBg', { body });
    expect(made).toMatchObject({ model: 'sprite', choice: { engine: 'cutout', why: 'asked' } });
    const task = await studio.ended(made.id);
    expect(task.recipe.params.model).toBe('sprite');
    expect(task.frames[0]?.output?.provenance?.labels).toEqual({
      engine: { en: 'Cut-out (built in)', zh: '抠图（内置）' },
      family: { en: 'Cut-out (built in)', zh: '抠图（内置）' },
      model: { en: 'Thing on a plain background', zh: '纯色或渐变背景上的物体' },
    });
    await process.close();
  });

  it('a workflow of your own becomes a family, paints and goes', async () => {
    const golden = path.join(
      import.meta.dirname,
      '../src/engines/comfy/families/golden/flux-schnell.txt2img.golden.json',
    );
    const workflow = JSON.parse(await readFile(golden, 'utf8'));
    const made = await studio.client.call('addWorkflow', { body: { name: 'My scenery', workflow } });
    expect(made).toMatchObject({
      kind: 'generation',
      is_example: false,
      map: { prompt: expect.any(Array), seed: expect.any(Array) },
    });
    const task = await studio.client.call('generate', { body: { prompt: 'a castle', family: made.id } });
    expect((await studio.ended(task.id)).status).toBe('completed');
    await studio.client.call('removeWorkflow', { params: { id: made.id } });
    const labels = { engine: { en: 'ComfyUI' }, family: { en: 'My scenery', zh: 'My scenery' } };
    const [frame] = (await studio.ended(task.id)).frames;
    expect(frame?.output?.provenance).toMatchObject({ labels });
    const file = await studio.stored.read(studio.keyAt(frame?.output?.url ?? ''));
    const text = textOf(file, PICTURE_TEXT_KEYWORD);
    expect(JSON.parse(text ?? 'null').provenance).toMatchObject({ labels });
    const { workflows } = await studio.client.call('listWorkflows', {});
    expect(workflows.map(({ is_example }) => is_example)).toEqual([true]);
    const example = { id: workflows[0]?.id ?? '' };
    await expect(studio.client.call('removeWorkflow', { params: example })).rejects.toMatchObject({
      code: 'workflow_example',
    });
  });

  it('a workflow as the page saves it is refused with the way to export it', async () => {
    const body = { name: 'x', workflow: { nodes: [], links: [] } };
    await expect(studio.client.call('addWorkflow', { body })).rejects.toMatchObject({
      message: expect.stringContaining('Export (API)'),
    });
  });
});

describe('a node that fails', () => {
  const ended = async (type: string) => {
    await added();
    fake.faults.failingNode = { classType: 'VAEDecode', message: 'it does not fit', type };
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'a red dragon', family: 'flux-schnell' },
    });
    return (await studio.ended(id)).frames[0];
  };

  it('alike each time is run once', async () => {
    expect(await ended('ValueError')).toMatchObject({
      status: 'failed',
      tries: 1,
      error: { code: 'engine_node_failed' },
    });
    expect(fake.queue.begun).toBe(1);
  });

  it('as it happens is run three times', async () => {
    expect(await ended('RuntimeError')).toMatchObject({ status: 'failed', tries: 3 });
    expect(fake.queue.begun).toBe(3);
  });
});

it('a stored server whose address is damaged is listed with its reason, can be removed, and stops nobody', async () => {
  await studio.close();
  const before = async (db: Database) => {
    const row = {
      id: 'damaged',
      name: 'Old PC',
      url: 'ht tp:/',
      token: null,
      mode: 'enabled' as const,
      created_at: 1,
    };
    await db.write((trx) => trx.insertInto('servers').values(row).execute());
  };
  studio = await startStudio({ dataDir, engines: [new ScriptedEngine()], before });
  await expect.poll(async () => (await engines())[0]?.missing[0]?.cure.en).toContain('cannot be read');
  expect((await engines())[0]).toMatchObject({ status: 'unreachable', label: { en: 'Old PC' } });
  expect((await studio.client.call('listFamilies', {})).length).toBeGreaterThan(0);
  await studio.client.call('removeEngine', { params: { id: 'damaged' } });
  expect(await engines()).toEqual([]);
});

it('four tasks of one picture run on four idle servers at once', async () => {
  const fakes = [fake, ...(await Promise.all([1, 2, 3].map(() => FakeComfy.start())))];
  try {
    for (const { url, faults } of fakes) {
      faults.hang = true;
      await studio.client.call('addEngine', { body: { url } });
    }
    await expect
      .poll(
        async () => (await engines()).filter(({ status }) => status === 'ready' || status === 'idle').length,
        { timeout: 10_000 },
      )
      .toBe(4);
    const body = { prompt: 'a red dragon', family: 'flux-schnell' };
    await Promise.all(fakes.map(() => studio.client.call('generate', { body })));
    await expect.poll(() => fakes.map(({ queue }) => queue.remaining)).toEqual([1, 1, 1, 1]);
  } finally {
    for (const { faults } of fakes) faults.hang = false;
    for (const extra of fakes.slice(1)) await extra.close();
  }
});

it.each(['cancelTask', 'cancelFrame', 'deleteTask'] as const)(
  'a prompt is stopped after %s, also where the worker misses its message',
  async (operation) => {
    await added();
    fake.faults.hang = true;
    const body = { prompt: 'a red dragon', family: 'flux-schnell' };
    const { id } = await studio.client.call('generate', { body });
    await expect.poll(() => fake.queue.running !== null).toBe(true);
    const prompt = fake.queue.running?.id ?? '';
    const { bus } = studio.studio;
    const publish = bus.publish.bind(bus);
    bus.publish = (message) => message.type === 'cancel' || publish(message);
    await studio.client.call(operation, { params: { id, index: 0 } });
    await expect
      .poll(() => fake.queue.history.get(prompt), { timeout: 30_000 })
      .toMatchObject({
        status: { status_str: 'error' },
      });
  },
);
