/** What becomes of the LoRA that a trainer yields: read by its names, mended or refused, and told what it is. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Training, TrainingInput } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { headerBytes, readHeader } from '../src/loras/safetensors-header.ts';
import { loraFile } from './lora-file.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
afterEach(() => studio?.close());

async function trained(trainer: ScriptedTrainer, over: Partial<TrainingInput> = {}): Promise<Training> {
  studio = await startStudio({ engines: [], trainers: [trainer] });
  const images = [];
  for (const background of ['red', 'green', 'blue']) {
    const png = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    const { id } = await studio.client.call('upload', { file, fileName: `${background}.png` });
    images.push({ image: id, caption: background });
  }
  const body = { style_name: 'Ink', trigger_words: 'inkwash', images, ...over };
  const { id } = await studio.client.call('train', { body });
  await studio.ended(id);
  return studio.client.call('getTraining', { params: { id } });
}

const yielding = (family: string, lora: Buffer): ScriptedTrainer =>
  Object.assign(new ScriptedTrainer(family), { lora });

async function fileOf(run: Training) {
  const response = await fetch(studio.url + run.output_lora_path);
  const bytes = Buffer.from(await response.arrayBuffer());
  const file = path.join(studio.dataDir, 'read.safetensors');
  await writeFile(file, bytes);
  return { bytes, header: await readHeader(file) };
}
const styleOf = (run: Training) => studio.client.call('getStyle', { params: { id: run.style_id ?? 0 } });

describe('the LoRA of a training', () => {
  it('gets the names that ComfyUI knows, and its facts, in the header alone', async () => {
    const made = loraFile(
      {
        lora_unet_layers_0_attention_to_q: [3840, 3840],
        lora_unet_layers_0_feed_forward_w1: [10_240, 3840],
      },
      { ss_network_dim: '4' },
    );
    const run = await trained(yielding('z-image', made), { params: { steps: 4 } });
    expect(run.error).toBeNull();
    const { bytes, header } = await fileOf(run);
    expect([...header.tensors.keys()].sort()).toEqual([
      'lycoris_layers_0_attention_to_q.lora_down.weight',
      'lycoris_layers_0_attention_to_q.lora_up.weight',
      'lycoris_layers_0_feed_forward_w1.lora_down.weight',
      'lycoris_layers_0_feed_forward_w1.lora_up.weight',
    ]);
    const tensors = bytes.subarray(header.bodyStart);
    expect(tensors.equals(made.subarray(-tensors.length))).toBe(true);
    expect(header.metadata).toMatchObject({
      ss_network_dim: '4',
      'modelspec.title': 'Ink',
      'modelspec.trigger_phrase': 'inkwash',
      'modelspec.architecture': 'z-image/lora',
      'modelspec.hash_sha256': `0x${createHash('sha256').update(tensors).digest('hex')}`,
    });
    expect(JSON.parse(header.metadata['limner.recipe'] ?? '')).toMatchObject({
      ...{ trainer: 'scripted-lora', pictures: 3, dataset: null },
      params: { lora_rank: 8, learning_rate: 0.1, steps: 4 },
    });
    expect(await styleOf(run)).toMatchObject({ family: 'z-image', families: ['z-image'], is_trained: true });

    // Sent to another studio it is the same style.
    const file = new Blob([new Uint8Array(bytes)]);
    const again = await studio.client.call('createLoraStyle', { query: {}, file, fileName: 'x.safetensors' });
    expect(again).toMatchObject({ name: 'Ink 2', trigger_words: 'inkwash', family: 'z-image' });
  });

  it('names the model that its tensors fit, not only the one that was asked for', async () => {
    const klein = { 'diffusion_model.single_blocks.0.linear1': [36_864, 4096] } as const;
    const run = await trained(yielding('flux2-klein', loraFile(klein)));
    const { header } = await fileOf(run);
    expect(header.metadata['modelspec.architecture']).toBe('flux2-klein-9b/lora');
    expect((await styleOf(run)).families).toEqual(['flux2-klein', 'flux2-klein-edit']);
    expect(run.lora_notice).toBeNull();
  });

  it('that fits another model than the one that was asked for says so on its run', async () => {
    const klein = { 'diffusion_model.single_blocks.0.linear1': [36_864, 4096] } as const;
    const run = await trained(yielding('z-image', loraFile(klein)));
    expect(run.status).toBe('completed');
    expect(run.lora_notice?.en).toContain('this LoRA is for FLUX.2 klein 9B, not for Z-Image');
    expect(run.lora_notice?.zh).toContain('FLUX.2 klein 9B');
  });

  it('is refused by the names of its tensors where ComfyUI would leave some out', async () => {
    const half = loraFile({
      lora_unet_layers_0_attention_to_q: [3840, 3840],
      lora_unet_layers_99_attention_to_q: [3840, 3840],
    });
    const run = await trained(yielding('z-image', half));
    expect(run).toMatchObject({ status: 'failed', style_id: null, error: { code: 'lora_unknown' } });
    expect(run.error?.message).toContain('lora_unet_layers_99_attention_to_q');
    expect(await studio.client.call('listStyles', {})).toHaveLength(1);
  });

  it('of a built-in model keeps its own form, and says what it is', async () => {
    const own = Buffer.concat([
      headerBytes(
        { format: 'limner-starter-lora' },
        new Map([['adapter', { dtype: 'F32', shape: [2], data_offsets: [0, 8] as [number, number] }]]),
      ),
      Buffer.alloc(8, 1),
    ]);
    const run = await trained(yielding('scripted', own));
    const { header } = await fileOf(run);
    expect([...header.tensors.keys()]).toEqual(['adapter']);
    expect(header.metadata).toMatchObject({ format: 'limner-starter-lora', 'modelspec.title': 'Ink' });
  });
});

describe('the estimate of a training', () => {
  const estimate = (pictures = 3) =>
    studio.client.call('estimateTraining', { body: { params: { steps: 50 }, pictures } });

  it('is not known before the first run, and is measured after it', async () => {
    const trainer = new ScriptedTrainer();
    studio = await startStudio({ engines: [], trainers: [trainer] });
    expect(await estimate()).toEqual({
      ...{ trainer: 'scripted-lora', family: 'scripted', steps: 50 },
      ...{ seconds: null, seconds_from: null, memory_bytes: null, memory_from: null },
    });
    await studio.close();
    await trained(trainer);
    const known = await estimate();
    expect(known.seconds).toBeGreaterThan(0);
    expect(known.seconds_from?.en).toBe('measured in one run here');
  });

  it('of memory says whose figure it is', async () => {
    const trainer = Object.assign(new ScriptedTrainer('z-image'), { id: 'musubi' });
    studio = await startStudio({ engines: [], trainers: [trainer] });
    expect(await estimate()).toMatchObject({ memory_bytes: 12e9 });
    expect((await estimate()).memory_from?.en).toContain("musubi-tuner's documentation");
  });
});
