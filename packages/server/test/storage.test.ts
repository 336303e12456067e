import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StoragePart } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const DAY_MS = 86_400_000;
let studio: TestStudio;

beforeEach(async () => {
  const engine = new ScriptedEngine((frame, { signal }) =>
    frame.prompt === 'for ever' ? untilAborted(signal) : tinyPng,
  );
  studio = await startStudio({
    engines: [engine],
    environ: { TASK_CLEANUP_DAYS: '7', MAX_CONCURRENT_TASKS: '1', BIN_DAYS: '0' },
  });
});
afterEach(() => studio.close());

const ask = (prompt: string, count = 1) =>
  studio.client.call('generate', { body: { prompt, family: 'scripted', batch_size: count } });

/** A task that ended so many days ago. */
async function old(prompt: string, days: number, count = 1): Promise<number> {
  const { id } = await ask(prompt, count);
  await studio.ended(id);
  await studio.studio.db.write((trx) =>
    trx
      .updateTable('tasks')
      .set({ completed_at: Date.now() - days * DAY_MS })
      .where('id', '=', id)
      .execute(),
  );
  return id;
}

const plan = (days: number) => studio.client.call('planCleanup', { query: { older_than_days: days } });
const use = async (part: StoragePart) =>
  (await studio.client.call('storage', {})).parts.find((entry) => entry.part === part);

it.each(['', '%20', 'NaN', '-1', '1.5', '1e9'])('%j is no age of a clean-up', async (text) => {
  const response = await fetch(`${studio.url}/api/storage/cleanup?older_than_days=${text}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { field: 'older_than_days' } });
});

it.each([null, true, '', []])(
  '%j in a body is no age of a clean-up, and nothing is deleted',
  async (days) => {
    const response = await fetch(`${studio.url}/api/storage/cleanup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ older_than_days: days }),
    });
    expect(response.status).toBe(400);
  },
);

describe('the data folder', () => {
  it('is measured part by part', async () => {
    const { output_paths } = await studio.ended((await ask('a red dragon', 2)).id);
    await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
    await fetch(`${studio.url}${output_paths[0]}?w=128`).then((response) => response.arrayBuffer());
    const sizes = await Promise.all(output_paths.map(async (file) => (await stat(studio.onDisk(file))).size));
    const size_bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(await use('outputs')).toMatchObject({ files: 2, size_bytes });
    expect(await use('uploads')).toMatchObject({ files: 1 });
    expect(await use('thumbnails')).toMatchObject({ files: 1 });
    expect((await use('database'))?.size_bytes).toBeGreaterThan(10_000);
    const { parts } = await studio.client.call('storage', {});
    expect(new Set(parts.flatMap(Object.keys))).toEqual(new Set(['part', 'files', 'size_bytes']));
    const { disk, cleanup_days } = await studio.client.call('storage', {});
    expect(cleanup_days).toBe(7);
    expect(disk.total_bytes).toBeGreaterThanOrEqual(disk.free_bytes);
  });

  it('is measured while a folder of a deleted training waits for its removal', async () => {
    const folder = path.join(studio.dataDir, 'runs/8');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'step-10.safetensors'), Buffer.alloc(40));
    await writeFile(path.join(studio.dataDir, 'runs/7.bin'), Buffer.alloc(3));
    await studio.studio.db.write((trx) =>
      trx
        .insertInto('trash')
        .values(['runs/7.bin', 'runs/8/', 'runs/9/'].map((file) => ({ file })))
        .execute(),
    );
    expect(await use('trash')).toEqual({ part: 'trash', files: 2, size_bytes: 43 });
  });
});

describe('a clean-up', () => {
  it('takes what it said it would, and keeps what is young, starred or under way', async () => {
    const [gone, starred, young] = [await old('old', 30, 2), await old('starred', 30), await old('young', 3)];
    await studio.client.call('starOutputs', { body: { tasks: [starred], starred: true } });
    const running = await ask('for ever');
    const planned = await plan(7);
    expect(planned).toMatchObject({ tasks: 1, pictures: 2, uploads: 0, kept_tasks: 1 });
    const picture = studio.onDisk(`outputs/${gone}_0.png`);
    expect(await studio.client.call('cleanUp', { body: { older_than_days: 7 } })).toEqual(planned);
    await expect.poll(() => existsSync(picture)).toBe(false);
    const left = (await studio.client.tasks()).items.map(({ id }) => id);
    expect(left).toEqual([running.id, young, starred]);
    expect(await plan(7)).toMatchObject({ tasks: 0, pictures: 0, size_bytes: 0, kept_tasks: 1 });
  });

  it('may be asked for everything that has ended, but never for an upload of today', async () => {
    await old('one', 0);
    await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
    expect(await plan(0)).toMatchObject({ tasks: 1, uploads: 0 });
  });

  it('takes an upload with the last task that used it', async () => {
    const upload = await studio.client.call('upload', {
      file: new Blob([new Uint8Array(tinyPng)]),
      fileName: 'a.png',
    });
    const made = await studio.client.call('generate', {
      body: { prompt: 'x', family: 'scripted', type: 'img2img', input_image: upload.id },
    });
    await studio.ended(made.id);
    await studio.studio.db.write(async (trx) => {
      const longAgo = Date.now() - 30 * DAY_MS;
      await trx.updateTable('tasks').set({ completed_at: longAgo }).execute();
      await trx.updateTable('uploads').set({ created_at: longAgo }).execute();
    });
    const planned = await plan(7);
    expect(planned).toMatchObject({ tasks: 1, uploads: 1 });
    expect(await studio.client.call('cleanUp', { body: { older_than_days: 7 } })).toEqual(planned);
    expect(await use('uploads')).toMatchObject({ files: 0 });
  });
});

describe('the queue', () => {
  it('gives every waiting task its place, and its start once a picture was measured', async () => {
    const first = await ask('for ever');
    const waiting = [await ask('a', 2), await ask('b')];
    await expect.poll(() => studio.client.call('listQueue', {})).toHaveLength(2);
    const unknown = { starts_within: null, paused: false };
    expect(await studio.client.call('listQueue', {})).toEqual([
      { task: waiting[0]?.id, place: 1, starts_in_seconds: null, ...unknown },
      { task: waiting[1]?.id, place: 2, starts_in_seconds: null, ...unknown },
    ]);
    await studio.client.call('cancelTask', { params: { id: first.id } });
    for (const { id } of waiting) await studio.ended(id);
    expect(await studio.client.call('listQueue', {})).toEqual([]);
  });
});
