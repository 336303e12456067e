/** Training by ComfyUI's own nodes: from the pictures to a style that paints, over restarts, cancels and busy servers. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StudioError, type Training, type TrainingInput } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { trainingObjectInfo } from './fake-comfy/fake-object-info.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let comfy: FakeComfy;
let studio: TestStudio;
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-comfy-training-'));
  comfy = await FakeComfy.start({ nodes: trainingObjectInfo(), faults: { newer: true } });
});
afterEach(async () => {
  await studio?.close();
  await comfy.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  studio = await startStudio({ engines: [], dataDir, environ: { COMFYUI_URL: comfy.url } });
  await expect.poll(async () => (await trainer())?.missing, { timeout: 20_000 }).toEqual([]);
}
const trainer = async () => (await studio.client.call('listTrainers', {})).find(({ id }) => id === 'comfyui');

async function train(params: TrainingInput['params'] = {}): Promise<Training> {
  const images = [];
  for (const [index, width] of [640, 300, 96].entries()) {
    const background = { r: 60 * index, g: 90, b: 120 };
    const png = await sharp({ create: { width, height: 300, channels: 3, background } })
      .png()
      .toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    const { id } = await studio.client.call('upload', { file, fileName: `${width}.png` });
    images.push({ image: id, caption: `a disc ${index}` });
  }
  const body = { style_name: 'Discs', trigger_words: 'dscs', trainer: 'comfyui', images };
  return studio.client.call('train', { body: { ...body, params: { steps: 100, ...params } } });
}
const get = (id: number) => studio.client.call('getTraining', { params: { id } });
const ended = async (id: number) => {
  await studio.ended(id, 60_000);
  return get(id);
};
const runs = () => comfy.queue.running?.graph ?? null;
const isTraining = () => Object.values(runs() ?? {}).some(({ class_type }) => class_type === 'TrainLoraNode');

type Graph = Record<string, { class_type: string; inputs: Record<string, unknown> }>;
function trainedGraph(): Graph {
  const entries = [...comfy.queue.history.values()] as { prompt: [number, string, Graph] }[];
  return entries[0]?.prompt[2] ?? {};
}
const filesIn = (folder: string) => [...comfy.files.keys()].filter((key) => key.startsWith(folder));

describe("a training by ComfyUI's nodes", () => {
  it('sends pictures and captions, follows the steps, and ends as a style that paints', async () => {
    await start();
    const run = await ended((await train({ lora_rank: 8, learning_rate: 0.001, resolution: '256' })).id);
    expect(run).toMatchObject({ status: 'completed', error: null, family: 'flux2-klein', step: 100 });
    const [folder] = new Set(filesIn('input/limner/training-').map((key) => path.posix.dirname(key)));
    const sizes = await Promise.all(
      ['0001.png', '0002.png', '0003.png'].map(async (name) => {
        const { width, height } = await sharp(comfy.files.get(`${folder}/${name}`)?.bytes).metadata();
        return `${width}×${height}`;
      }),
    );
    expect(sizes).toEqual(['320×128', '256×256', '64×256']);
    expect(comfy.files.get(`${folder}/0002.txt`)?.bytes.toString()).toBe('dscs, a disc 1');
    const graph = Object.values(trainedGraph());
    const inputsOf = (name: string) => graph.find(({ class_type }) => class_type === name)?.inputs;
    expect(inputsOf('TrainLoraNode')).toMatchObject({
      ...{ steps: 100, rank: 8, learning_rate: 0.001, existing_lora: '[None]', bypass_mode: false },
      ...{ training_dtype: 'bf16', batch_size: 1 },
    });
    expect(inputsOf('UNETLoader')).toMatchObject({ unet_name: 'flux-2-klein-base-4b-fp8.safetensors' });
    const style = await studio.client.call('getStyle', { params: { id: run.style_id ?? 0 } });
    expect(style).toMatchObject({ name: 'Discs', trigger_words: 'dscs', is_trained: true });
    expect(style.families).toEqual(['flux2-klein', 'flux2-klein-edit']);

    const task = await studio.client.call('generate', { body: { prompt: 'a fox', style_id: style.id } });
    expect(await studio.ended(task.id, 60_000)).toMatchObject({ status: 'completed', error: null });
    expect([...comfy.queue.executedGraphs.keys()].at(-1)).toMatch(/limner\/trained_style_Discs_trained-\d+/);
  }, 90_000);

  it('is followed by the next server of Limner, and runs once', async () => {
    comfy.faults.hang = true;
    await start();
    const { id } = await train();
    await expect.poll(isTraining, { timeout: 20_000 }).toBe(true);
    await studio.close();
    await start();
    await expect.poll(async () => (await get(id)).status, { timeout: 20_000 }).toBe('running');
    comfy.faults.hang = false;
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(comfy.queue.executedPrompts).toHaveLength(1);
  }, 90_000);

  it('is found by its file where the server was restarted meanwhile', async () => {
    comfy.faults.hang = true;
    await start();
    const { id } = await train();
    await expect.poll(isTraining, { timeout: 20_000 }).toBe(true);
    await studio.close();
    comfy.faults.hang = false;
    await expect.poll(() => filesIn('output/loras/limner/training-').length, { timeout: 20_000 }).toBe(1);
    await comfy.crash();
    await comfy.restart();
    await start();
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(comfy.queue.executedPrompts).toHaveLength(1);
  }, 90_000);

  it('says its steps while it runs, although it knows no loss', async () => {
    comfy.faults.promptMs = 60_000;
    await start();
    const { id } = await train();
    await expect.poll(async () => (await get(id)).step, { timeout: 20_000 }).toBeGreaterThan(0);
    await studio.client.call('cancelTask', { params: { id } });
  }, 60_000);

  it('is taken out of the server when it is cancelled', async () => {
    comfy.faults.hang = true;
    await start();
    const { id } = await train();
    await expect.poll(isTraining, { timeout: 20_000 }).toBe(true);
    await studio.client.call('cancelTask', { params: { id } });
    await expect.poll(() => comfy.queue.remaining, { timeout: 20_000 }).toBe(0);
    expect(filesIn('output/loras/limner/training-')).toEqual([]);
  }, 60_000);

  it('is taken out of the server when it is cancelled after a restart, before it is taken up', async () => {
    comfy.faults.hang = true;
    await start();
    const { id } = await train();
    await expect.poll(isTraining, { timeout: 20_000 }).toBe(true);
    await studio.client.call('pauseLane', { params: { lane: 'comfyui-training' }, body: { paused: true } });
    await studio.close();
    await start();
    expect((await get(id)).status).toBe('queued');
    expect(comfy.queue.remaining).toBe(1);
    await studio.client.call('cancelTask', { params: { id } });
    await expect.poll(() => comfy.queue.remaining, { timeout: 20_000 }).toBe(0);
  }, 60_000);

  it('has its server for itself: pictures wait here, or go elsewhere', async () => {
    comfy.faults.hang = true;
    await start();
    const { id } = await train();
    await expect.poll(isTraining, { timeout: 20_000 }).toBe(true);
    const body = { prompt: 'a fox', family: 'sdxl' };
    const waiting = await studio.client.call('generate', { body });
    const other = await FakeComfy.start({ nodes: trainingObjectInfo() });
    await studio.client.call('addEngine', { body: { url: other.url, name: 'Other' } });
    expect(await studio.ended(waiting.id, 60_000)).toMatchObject({ status: 'completed' });
    expect(other.executed).toHaveLength(1);
    expect(comfy.queue.remaining).toBe(1);
    const health = (await studio.client.call('listEngines', {})).find(({ url }) => url === comfy.url);
    expect(health?.note?.en).toContain('It trains a LoRA');
    await other.close();
    comfy.faults.hang = false;
    expect(await ended(id)).toMatchObject({ status: 'completed' });
  }, 120_000);

  it('of a GGUF file, a missing model or an old server is refused with the reason before anything runs', async () => {
    await start();
    const refusal = (params: TrainingInput['params']) =>
      train(params).then(
        () => '',
        (error: unknown) =>
          error instanceof StudioError ? `${error.code}: ${error.message}` : String(error),
      );
    expect(await refusal({ base_model: 'flux1-schnell-Q5_K_S.gguf' })).toMatch(
      /models_missing: .*cannot train a GGUF file: its quantised layers take no gradients/,
    );
    expect(await refusal({ base_model: 'mine.safetensors' })).toMatch(/models_missing: .*mine\.safetensors/);
    expect(await refusal({ family: 'wan22-5b' })).toMatch(/must be one of flux2-klein, z-image/);
    expect(await studio.client.call('listTraining', { query: {} })).toEqual([]);
  }, 60_000);
});
