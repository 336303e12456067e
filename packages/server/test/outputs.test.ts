/** A frame that leaves several outputs: all are kept, listed, served, starred, archived and deleted one by one. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { OWNER } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineOutput } from '../src/engines/engine.ts';
import { serverDir } from './places.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const FILM = path.join(serverDir, 'test/fake-comfy/films/square.mp4');

const provenance = {
  engine: 'scripted',
  family: 'scripted',
  summary: { en: 'Made by a script.', zh: '由脚本生成。' },
  details: {},
};

/** Two pictures, a video and a LoRA, as one run. */
class Generous extends ScriptedEngine {
  override async run(...args: Parameters<ScriptedEngine['run']>): Promise<EngineOutput[]> {
    const [first] = await super.run(...args);
    if (!first) return [];
    return [
      first,
      { body: tinyPng, mediaType: 'image/png', role: 'layer', provenance },
      {
        body: await readFile(FILM),
        mediaType: 'video/mp4',
        provenance,
      },
      { body: Buffer.from('weights'), mediaType: 'application/x-safetensors', role: 'lora', provenance },
    ];
  }
}

let studio: TestStudio;
beforeAll(async () => {
  studio = await startStudio({ engines: [new Generous()] });
});
afterAll(() => studio.close());

const painted = async (batch_size = 1) => {
  const { id } = await studio.client.call('generate', { body: { prompt: 'a key', batch_size } });
  return studio.ended(id);
};
const status = async (address: string) => (await fetch(studio.origin + address)).status;

describe('a frame with several outputs', () => {
  it('keeps all of them, with their roles and what is known of them', async () => {
    const task = await painted(2);
    const [frame, second] = task.frames;
    const { id } = task;
    expect(frame?.outputs).toMatchObject([
      {
        id: `${id}_0`,
        url: `${studio.base}/outputs/${id}_0.png`,
        place: 0,
        role: 'main',
        width: 8,
        height: 8,
        duration_ms: null,
      },
      { id: `${id}_0_1`, url: `${studio.base}/outputs/${id}_0_1.png`, place: 1, role: 'layer' },
      {
        id: `${id}_0_2`,
        url: `${studio.base}/outputs/${id}_0_2.mp4`,
        role: 'main',
        media_type: 'video/mp4',
        width: 96,
        height: 64,
        duration_ms: 2125,
        fps: 8,
        size_bytes: 2428,
      },
      { id: `${id}_0_3`, url: `${studio.base}/outputs/${id}_0_3.safetensors`, role: 'lora', width: 0 },
    ]);
    expect(frame?.output).toEqual(frame?.outputs[0]);
    expect(second?.outputs).toHaveLength(4);
    expect(task.output_paths).toEqual(
      ['0.png', '0_2.mp4', '1.png', '1_2.mp4'].map((name) => `${studio.base}/outputs/${id}_${name}`),
    );
  });

  it('serves each under its own type, and opens it by its id', async () => {
    const { id, frames } = await painted();
    for (const output of frames[0]?.outputs ?? []) {
      const response = await fetch(studio.origin + output.url);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, output.media_type]);
      const opened = await studio.studio.outputs.open(OWNER, output.id);
      expect((await buffer(await opened.stream())).length).toBe(output.size_bytes);
    }
    expect(await status(`/outputs/${id}_0_1.jpg`)).toBe(404);
    expect(await status(`/outputs/${id}_0_9.png`)).toBe(404);
    await expect(studio.studio.outputs.open(OWNER, `${id}_0_9`)).rejects.toMatchObject({
      code: 'image_not_found',
    });
  });

  it('is starred output by output', async () => {
    const { id } = await painted();
    const star = (outputs: string[], starred: boolean) =>
      studio.client.call('starOutputs', { body: { outputs, tasks: [], starred } });
    expect(await star([`${id}_0_1`, `${id}_0_2`], true)).toEqual({ changed: 2 });
    expect(await star([`${id}_0_1`], false)).toEqual({ changed: 1 });
    const task = await studio.client.call('getTask', { params: { id } });
    expect(task.stars).toBe(1);
    expect(task.frames[0]?.outputs.map(({ starred }) => starred)).toEqual([false, false, true, false]);
  });

  it('loses one output at a time; the last takes the task along', async () => {
    const { id, frames } = await painted();
    const urls = (frames[0]?.outputs ?? []).map(({ url }) => url);
    const remove = (output: string) => studio.client.call('deleteOutput', { params: { id: output } });
    await remove(`${id}_0`);
    const task = await studio.client.call('getTask', { params: { id } });
    expect(task.frames[0]?.output).toMatchObject({ id: `${id}_0_1` });
    expect(await Promise.all(urls.map(status))).toEqual([404, 200, 200, 200]);
    await expect(remove(`${id}_0`)).rejects.toMatchObject({ code: 'image_not_found' });
    for (const place of [1, 2, 3]) await remove(`${id}_0_${place}`);
    await expect(studio.client.call('getTask', { params: { id } })).rejects.toMatchObject({
      code: 'task_not_found',
    });
    expect(await Promise.all(urls.map(status))).toEqual([404, 404, 404, 404]);
  });

  it('is archived whole, and gives up single outputs to an archive', async () => {
    const { id } = await painted();
    const zip = await studio.client.call('zipOutputs', {
      body: { outputs: [`${id}_0_1`, `${id}_0_2`], tasks: [] },
    });
    expect(zip.pictures).toBe(2);
    const whole = await studio.client.call('zipOutputs', { body: { outputs: [], tasks: [id] } });
    expect(whole.pictures).toBe(4);
    const names = (await buffer((await fetch(studio.origin + whole.url)).body as never)).toString('latin1');
    for (const name of [`${id}_0_a-key.png`, `${id}_0_1_a-key.png`, `${id}_0_2_a-key.mp4`])
      expect(names).toContain(name);
  });

  it('can be the input of another task, picture by picture', async () => {
    const { id } = await painted();
    const ask = (input_image: string) =>
      studio.client.call('generate', { body: { prompt: 'another', type: 'img2img', input_image } });
    for (const ref of [`${id}_0_1`, `/outputs/${id}_0_1.png?v=1`, `${id}_0`])
      expect((await studio.ended((await ask(ref)).id)).status).toBe('completed');
    await expect(ask(`${id}_0_2`)).rejects.toMatchObject({ code: 'not_a_picture', field: 'input_image' });
  });

  it('leaves no file behind when it was cancelled in the last moment', async () => {
    const engine = new Generous(async (_frame, { signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return signal.aborted ? null : tinyPng;
    });
    const own = await startStudio({ engines: [engine] });
    const { id } = await own.client.call('generate', { body: { prompt: 'a key' } });
    while (!(await own.stored.has(`outputs/${id}_0.png`)))
      await new Promise((resolve) => setTimeout(resolve, 1));
    await own.client.call('cancelTask', { params: { id } }).catch(() => undefined);
    const task = await own.ended(id);
    const expected = task.status === 'completed' ? 4 : 0;
    await expect.poll(async () => (await own.stored.names('outputs')).length).toBe(expected);
    await own.close();
  });
});

it('keeps a picture that browsers do not show beside one that they do, each at its address', async () => {
  class Printer extends ScriptedEngine {
    override async run(...args: Parameters<ScriptedEngine['run']>): Promise<EngineOutput[]> {
      const [first] = await super.run(...args);
      const body = await sharp(tinyPng).tiff().toBuffer();
      return first ? [{ ...first, body, mediaType: 'image/tiff' }, first] : [];
    }
  }
  const own = await startStudio({ engines: [new Printer()] });
  try {
    const { id } = await own.client.call('generate', { body: { prompt: 'a key' } });
    const { status, frames } = await own.ended(id);
    expect([status, frames[0]?.outputs.map(({ url, role }) => [url, role])]).toEqual([
      'completed',
      [
        [`${own.base}/outputs/${id}_0.png`, 'main'],
        [`${own.base}/outputs/${id}_0_1.tiff`, 'data'],
        [`${own.base}/outputs/${id}_0_2.png`, 'main'],
      ],
    ]);
    const whole = await fetch(`${own.url}/outputs/${id}_0_1.tiff`);
    expect(whole.headers.get('content-type')).toBe('image/tiff');
    expect((await sharp(Buffer.from(await whole.arrayBuffer())).metadata()).format).toBe('tiff');
    expect((await fetch(`${own.url}/outputs/${id}_0_1.tiff?w=256`)).status).toBe(404);
  } finally {
    await own.close();
  }
});
