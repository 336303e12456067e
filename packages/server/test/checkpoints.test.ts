/** LoRAs after earlier steps of a training: kept while it runs, and there also where it does not end well. */
import { readdir } from 'node:fs/promises';
import { labGrid, labSize, StudioError, type Training } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { loraFile } from './lora-file.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { gate, ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;

afterEach(() => studio.close());

async function start(trainer = new ScriptedTrainer(), engine = new ScriptedEngine()) {
  trainer.checkpoint = (step) => Buffer.from(`lora after ${step}`);
  studio = await startStudio({ engines: [engine], trainers: [trainer], environ: { BIN_DAYS: '0' } });
  return { trainer, engine, client: studio.client };
}

async function train(params = {}): Promise<Training> {
  const images: { image: string }[] = [];
  for (const blue of [40, 120]) {
    const background = { r: 20, g: 40, b: blue };
    const png = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    images.push({ image: (await studio.client.call('upload', { file, fileName: 'a.png' })).id });
  }
  return studio.client.call('train', { body: { style_name: 'Ink', images, params } });
}

const get = (id: number) => studio.client.call('getTraining', { params: { id } });
const stepsOf = ({ checkpoints }: Training) => checkpoints.map(({ step }) => step);
const bytesAt = async (url: string) => (await fetch(new URL(url, studio.url))).text();

describe('a training', () => {
  it('keeps LoRAs of earlier steps, with a picture as its output and sheet', async () => {
    await start();
    const { id } = await train();
    await studio.ended(id);
    const run = await get(id);
    expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5]);
    expect(run.preview_url).toMatch(/\.png$/);
    const second = run.checkpoints[1];
    expect(second).toMatchObject({ file_name: 'Ink 2.safetensors', in_use: false });
    expect(await bytesAt(second?.url ?? '')).toContain('lora after 2');
    const task = await studio.client.call('getTask', { params: { id } });
    expect(task.frames[0]?.output?.media_type).toBe('image/png');
    expect(task.output_paths).toHaveLength(1);
  });

  it('of many steps keeps ten at most', async () => {
    await start();
    const { id } = await train({ steps: 20 });
    await studio.ended(id);
    expect(stepsOf(await get(id))).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  });

  it('that is cancelled offers what it has kept, has no picture, and adds the rest when it goes on', async () => {
    const trainer = new ScriptedTrainer();
    const held = gate(trainer, 4);
    await start(trainer);
    const { id } = await train();
    await held.arrived;
    expect(stepsOf(await get(id))).toEqual([1, 2, 3]);
    await studio.client.call('cancelTask', { params: { id } });
    held.open();
    await studio.ended(id);
    expect(await get(id)).toMatchObject({ status: 'cancelled', style_id: null, preview_url: null });
    expect(stepsOf(await get(id))).toEqual([1, 2, 3]);
    const { frames } = await studio.client.call('getTask', { params: { id } });
    expect(frames[0]?.output).toBeNull();

    await studio.client.call('retryTask', { params: { id } });
    await studio.ended(id);
    expect(stepsOf(await get(id))).toEqual([1, 2, 3, 4, 5]);
  });

  it('that failed and is deleted takes them with it', async () => {
    const { trainer } = await start();
    trainer.before = (step) => {
      if (step === 4) throw new StudioError('no_image', { data: { engine: 'scripted' } });
    };
    const { id } = await train();
    await studio.ended(id);
    expect(await get(id)).toMatchObject({ status: 'failed' });
    expect(await readdir(studio.onDisk('outputs'))).toHaveLength(3);
    await studio.client.call('deleteTask', { params: { id } });
    await expect.poll(() => readdir(studio.onDisk('outputs'))).toEqual([]);
  });

  it('ends well where a LoRA of an earlier step is not one that ComfyUI knows', async () => {
    const trainer = new ScriptedTrainer('z-image');
    trainer.lora = loraFile({ lora_unet_layers_0_feed_forward_w1: [10_240, 3840] });
    await start(trainer);
    const { id } = await train();
    await studio.ended(id);
    expect(await get(id)).toMatchObject({ status: 'completed', checkpoints: [] });
  });
});

describe('the LoRA after an earlier step', () => {
  const choose = (id: number, step: number) =>
    studio.client.call('chooseCheckpoint', { params: { id }, body: { step } });
  const inUse = ({ checkpoints }: Training) =>
    checkpoints.filter((each) => each.in_use).map(({ step }) => step);
  const loraOf = async ({ output_lora_path }: Training) => bytesAt(output_lora_path ?? '');
  const loras = () => readdir(studio.onDisk('loras'));

  it('becomes that of the style, which keeps its id; the one before stays and can be chosen again', async () => {
    await start();
    const { id } = await train();
    await studio.ended(id);
    const { style_id } = await get(id);
    const chosen = await choose(id, 2);
    expect(chosen).toMatchObject({ style_id, status: 'completed' });
    expect(inUse(chosen)).toEqual([2]);
    expect(stepsOf(chosen)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await loraOf(chosen)).toContain('lora after 2');
    expect(await loras()).toHaveLength(1);

    const last = await choose(id, 6);
    expect(last).toMatchObject({ style_id });
    expect(inUse(last)).toEqual([6]);
    expect(await loraOf(last)).toContain('lora after 6');
    expect(await loras()).toHaveLength(1);
    await studio.client.call('deleteTask', { params: { id } });
    const style = await studio.client.call('getStyle', { params: { id: style_id ?? 0 } });
    expect(await bytesAt(`/${style.lora_path}`)).toContain('lora after 6');
  });

  it('of a cancelled run becomes a style, which gets the last one when the run goes on and ends', async () => {
    const trainer = new ScriptedTrainer();
    const held = gate(trainer, 4);
    await start(trainer);
    const { id } = await train();
    await held.arrived;
    await studio.client.call('cancelTask', { params: { id } });
    held.open();
    await studio.ended(id);
    const chosen = await choose(id, 3);
    expect(chosen).toMatchObject({ status: 'cancelled', style_name: 'Ink' });
    const style = await studio.client.call('getStyle', { params: { id: chosen.style_id ?? 0 } });
    expect(style).toMatchObject({ name: 'Ink', is_trained: true, family: 'scripted' });

    await studio.client.call('retryTask', { params: { id } });
    await studio.ended(id);
    const run = await get(id);
    expect(run).toMatchObject({ status: 'completed', style_id: chosen.style_id });
    expect(inUse(run)).toEqual([]);
    expect(await loraOf(run)).toContain('lora after 6');
  });

  it('is refused while a task paints with the style, and for a step that is not kept', async () => {
    const { engine } = await start(new ScriptedTrainer('scripted'));
    const { id } = await train();
    await studio.ended(id);
    const { style_id } = await get(id);
    await expect(choose(id, 99)).rejects.toMatchObject({ code: 'checkpoint_not_found', field: 'step' });
    engine.run = () => new Promise(() => {});
    await studio.client.call('generate', { body: { prompt: 'a cat', style_id } });
    await expect(choose(id, 2)).rejects.toMatchObject({ code: 'style_in_use' });
    expect(stepsOf(await get(id))).toEqual([1, 2, 3, 4, 5]);
    expect(await loras()).toHaveLength(1);
  });

  it('is compared in a lab, which paints the picture without it once for all steps', async () => {
    const { client } = await start();
    const { id } = await train();
    await studio.ended(id);
    const { style_id, style_name: name } = await get(id);
    const lab = {
      ...{ styles: [{ id: style_id ?? 0, name }], strengths: [0.5, 1], prompts: ['a cat', 'a fox'] },
      steps: [2, 4, 0],
    };
    const { cells } = await client.call('createGrid', { body: labGrid(lab) });
    expect(cells).toHaveLength(labSize(lab));
    expect(cells.filter(({ x }) => x === 0).map(({ y, z }) => [y, z])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('paints by its step, as a lab asks for it, and is refused where it is not kept', async () => {
    const { engine, client } = await start();
    const { id } = await train();
    await studio.ended(id);
    const { style_id, checkpoints } = await get(id);
    expect(
      (await client.call('listTraining', { query: { style: style_id ?? 0 } })).map((run) => run.id),
    ).toEqual([id]);
    const recipe = { kind: 'generation', type: 'txt2img', prompt: 'a cat' } as const;
    const at = (step: number) =>
      client.call('createTask', { body: { recipe: { ...recipe, style: { id: style_id, step } } } });
    const task = await studio.ended((await at(2)).id);
    expect(`/${engine.runs.at(-1)?.request.style?.lora_path}`).toBe(checkpoints[1]?.url);
    expect(task.recipe.style).toMatchObject({ id: style_id, step: 2 });
    await studio.ended((await at(0)).id);
    expect(engine.runs.at(-1)?.request.style?.lora_path).toMatch(/^loras\//);
    await expect(at(99)).rejects.toMatchObject({
      code: 'style_step_missing',
      data: { steps: '1, 2, 3, 4, 5' },
    });
  });
});
