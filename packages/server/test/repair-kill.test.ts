/** A server process that is killed while it recovers files loses none and recovers none twice. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  createClient,
  type FrameRecipe,
  PICTURE_TEXT_KEYWORD,
  pictureText,
  Recipe,
  type RepairResult,
} from '@limner/contract';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withText } from '../src/images/png-text.ts';
import { tinyPng } from './scripted-engine.ts';
import { ServerProcess } from './server-process.ts';

const TASKS = 150;
const KILLS = 4;
const summary = { en: 'Made by a script.', zh: '由脚本生成。' };
const provenance = { engine: 'starter', family: 'starter', summary, details: {} };

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-repair-kill-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const picture = (prompt: string, seed: number) => {
  const recipe = Recipe.parse({ kind: 'generation', family: 'starter', prompt, seed }) as FrameRecipe;
  return withText(tinyPng, PICTURE_TEXT_KEYWORD, pictureText(recipe, provenance));
};
const start = () => ServerProcess.start('serve', { LIMNER_DATA_DIR: dataDir, COMFYUI_URL: 'none' });

async function asideFiles(): Promise<number> {
  const entries = await readdir(path.join(dataDir, 'set-aside'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

it('killed in the middle, again and again', async () => {
  const folder = path.join(dataDir, 'set-aside', '2026-01-02', 'outputs');
  await mkdir(folder, { recursive: true });
  for (let task = 1; task <= TASKS; task += 1)
    for (const frame of [0, 1])
      await writeFile(path.join(folder, `${task}_${frame}.png`), picture(`key ${task}`, 10 * task + frame));

  for (let kill = 1; kill <= KILLS; kill += 1) {
    const server = await start();
    const before = await asideFiles();
    const repairing = createClient({ baseUrl: server.place })
      .call('repair', { body: {} })
      .catch(() => null);
    await expect.poll(asideFiles, { timeout: 20_000, interval: 1 }).toBeLessThan(before - 20);
    await server.stop('SIGKILL');
    expect(await repairing).toBeNull();
  }

  const server = await start();
  const client = createClient({ baseUrl: server.place });
  const last: RepairResult = await client.call('repair', { body: {} });
  expect(last.left_files).toBe(0);
  expect(await asideFiles()).toBe(0);
  const { items } = await client.tasks({ limit: 200 });
  const seeds: number[] = [];
  for (const { id } of items) {
    const { frames, prompt } = await client.call('getTask', { params: { id } });
    for (const { seed, output } of frames) {
      expect(prompt).toBe(`key ${Math.floor(Number(seed) / 10)}`);
      expect((await fetch(server.place + output?.url)).status).toBe(200);
      seeds.push(Number(seed));
    }
  }
  const all = Array.from({ length: TASKS }, (_, at) => [10 * (at + 1), 10 * (at + 1) + 1]).flat();
  expect(seeds.sort((a, b) => a - b)).toEqual(all);
  expect(await readdir(path.join(dataDir, 'outputs'))).toHaveLength(2 * TASKS);
  await server.stop('SIGTERM');
});
