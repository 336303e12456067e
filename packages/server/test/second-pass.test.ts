/** A second pass belongs to its picture: the recipe of the task says it, whatever happens in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let fake: FakeComfy;
let studio: TestStudio;
let dataDir: string;
/** Graphs of the prompts that ran, as JSON. */
let graphs: string[];

beforeEach(async () => {
  graphs = [];
  fake = await FakeComfy.start({ onExecuted: (_, graph) => graphs.push(graph) });
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-second-pass-'));
  studio = await startStudio({ engines: [], dataDir });
  await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  await isReady();
});
afterEach(async () => {
  await studio.close();
  await fake.close();
  await rm(dataDir, { recursive: true, force: true });
});

const isReady = () =>
  expect
    .poll(
      async () => (await studio.client.call('listFamilies', {})).find(({ id }) => id === 'sdxl')?.available,
      {
        timeout: 30_000,
      },
    )
    .toBe(true);

const params = { hires_scale: 2, hires_steps: 10, hires_denoise: 0.5, hires_upscaler: 'lanczos' };
const asked = { prompt: 'a key', family: 'sdxl', width: 512, height: 512, params };

it('is painted after a restart before it began', async () => {
  const [lane] = (await studio.client.call('listLanes', {})).filter(({ kinds }) =>
    kinds.includes('generation'),
  );
  await studio.client.call('pauseLane', { params: { lane: lane?.id ?? '' }, body: { paused: true } });
  const { id } = await studio.client.call('generate', { body: asked });
  await studio.close();
  expect(graphs).toEqual([]);
  studio = await startStudio({ engines: [], dataDir });
  await isReady();
  await studio.client.call('pauseLane', { params: { lane: lane?.id ?? '' }, body: { paused: false } });
  const { status, frames, recipe } = await studio.ended(id);
  expect([status, recipe.params]).toEqual(['completed', params]);
  expect(frames[0]?.output).toMatchObject({ width: 1024, height: 1024 });
  expect(graphs[0]?.match(/"KSampler"/g)).toHaveLength(2);
});

it('has no effect on a picture that is painted over, and the answer says so', async () => {
  const { id } = await studio.client.call('upload', { file: new Blob([await picture()]) });
  const task = await studio.client.call('generate', { body: { ...asked, type: 'img2img', input_image: id } });
  expect(task.choice.ignored.toSorted()).toEqual(
    Object.keys(params)
      .map((key) => `params.${key}`)
      .sort(),
  );
});

async function picture(): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import('sharp');
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c82814' } })
    .png()
    .toBuffer();
  return new Uint8Array(png);
}
