/** Workflows as ComfyUI's page saves them, over the HTTP API, with a ComfyUI server that runs them. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { INFOTEXT_KEYWORD } from '@limner/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canvasOf, TEXT_LINKS, TEXT_NODES } from '../src/engines/comfy/fixtures/canvas.ts';
import { textOf } from '../src/images/png-text.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let fake: FakeComfy;
let dataDir: string;
let studio: TestStudio;

beforeAll(async () => {
  fake = await FakeComfy.start();
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-canvas-'));
  studio = await startStudio({ dataDir, engines: [new ScriptedEngine()] });
});

afterAll(async () => {
  await studio.close();
  await fake.close();
  await rm(dataDir, { recursive: true, force: true });
});

const CANVAS = canvasOf(TEXT_NODES, TEXT_LINKS);
const add = (name: string, workflow: Record<string, unknown>) =>
  studio.client.call('addWorkflow', { body: { name, workflow } });

it('without a server a saved workflow is refused, and an exported one is not', async () => {
  await expect(add('saved', CANVAS)).rejects.toMatchObject({
    code: 'invalid_request',
    field: 'workflow',
    message: expect.stringContaining('needs a connected ComfyUI server'),
  });
});

it('with a server it becomes a family that paints, whose picture carries the text of A1111', async () => {
  await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  await expect
    .poll(
      async () => (await studio.client.call('listFamilies', {})).find(({ id }) => id === 'sdxl')?.available,
      {
        timeout: 10_000,
      },
    )
    .toBe(true);
  const made = await add('Saved', CANVAS);
  expect(made).toMatchObject({
    nodes: 7,
    map: { prompt: [{ node: '6', input: 'text' }], seed: [{ node: '3', input: 'seed' }] },
  });
  const body = { prompt: '一座城堡 a castle', family: made.id, seed: 5, params: { steps: 9 } };
  const task = await studio.ended((await studio.client.call('generate', { body })).id);
  expect(task.status).toBe('completed');
  const file = await studio.stored.read(studio.keyAt(task.frames[0]?.output?.url ?? ''));
  expect(textOf(file, INFOTEXT_KEYWORD)).toMatch(
    /^一座城堡 a castle\n[\s\S]*Steps: 9, [\s\S]*Seed: 5, Size: \d+x\d+, /,
  );
});

it('a file of 5 MB is imported, and one beyond the limit is refused with the limit', async () => {
  const notes = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: 1000 + i,
      type: 'Note',
      widgets_values: ['x'.repeat(5000)],
    }));
  const large = canvasOf([...TEXT_NODES, ...notes(1000)], TEXT_LINKS);
  expect(JSON.stringify(large).length).toBeGreaterThan(5e6);
  expect(await add('Large', large)).toMatchObject({ nodes: 7 });
  await expect(add('Larger', canvasOf([...TEXT_NODES, ...notes(1700)], TEXT_LINKS))).rejects.toMatchObject({
    code: 'body_too_large',
    message: expect.stringContaining('8 MiB'),
  });
  await expect(
    studio.client.call('generate', { body: { prompt: 'x'.repeat(2 * 1024 ** 2) } }),
  ).rejects.toMatchObject({ code: 'body_too_large', message: expect.stringContaining('1 MiB') });
});

it('nodes that the server lacks are named', async () => {
  const nodes = TEXT_NODES.map((node) => (node.id === 3 ? { ...node, type: 'FancySampler' } : node));
  await expect(add('Fancy', canvasOf(nodes, TEXT_LINKS))).rejects.toMatchObject({
    message: expect.stringContaining('node 3 (FancySampler): the server does not know this node'),
  });
});
