/** The bin, on each database: what is deleted or cleaned up comes back as it was, or goes for good with its files. */
import { access } from 'node:fs/promises';
import type { Task, TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../src/access.ts';
import { setOutputsAside } from '../src/tasks/orphans.ts';
import { setUploadsAside } from '../src/uploads/orphans.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const DAY_MS = 86_400_000;
/** This seed waits for ever. */
const HANGS = 100;

describe.each(await testDialects())('the bin on %s', (_name, dialect) => {
  let studio: TestStudio;
  let isHanging = true;

  beforeEach(async () => {
    isHanging = true;
    const engine = new ScriptedEngine((frame, { signal }) =>
      frame.seed === HANGS && isHanging ? untilAborted(signal) : tinyPng,
    );
    studio = await startStudio({ dialect, engines: [engine] });
  });
  afterEach(() => studio.close());

  const ask = (body: { seed: number; batch_size?: number; input_image?: string }) =>
    studio.client.call('generate', {
      body: {
        prompt: 'a red dragon',
        family: 'scripted',
        type: body.input_image ? 'img2img' : 'txt2img',
        ...body,
      },
    });
  const paint = async (count = 2) => studio.ended((await ask({ seed: 1, batch_size: count })).id);
  const task = (id: number) => studio.client.call('getTask', { params: { id } });
  const remove = (id: number) => studio.client.call('deleteTask', { params: { id } });
  const list = () => studio.client.call('listBin', {});
  const restore = (body: { tasks?: number[]; outputs?: string[]; items?: number[] }) =>
    studio.client.call('restoreFromBin', { body });
  const isThere = (file: string) =>
    access(studio.onDisk(file)).then(
      () => true,
      () => false,
    );
  const found = async (text: string) => (await studio.client.tasks({ text })).items.map(({ id }) => id);
  const shown = ({ version, ...rest }: Task) => rest;

  it('gives a deleted task back with everything it had, and lists find it again', async () => {
    const { id } = await paint();
    await studio.client.call('starOutputs', { body: { outputs: [`${id}_1`], starred: true } });
    const before = await task(id);
    await remove(id);
    await expect(task(id)).rejects.toMatchObject({ code: 'task_not_found' });
    expect(await found('dragon')).toEqual([]);
    expect(await isThere(`outputs/${id}_0.png`)).toBe(true);
    expect(await list()).toMatchObject({
      count: 1,
      days: 30,
      items: [{ kind: 'task', task_id: id, title: 'a red dragon', files: 2, cause: 'deleted' }],
    });

    expect(await restore({ tasks: [id] })).toEqual({ restored: 1, tasks: [id] });
    const after = await task(id);
    expect(shown(after)).toEqual(shown(before));
    expect(after.version).toBeGreaterThan(before.version);
    expect(await found('dragon')).toEqual([id]);
    expect((await studio.client.tasks({ starred: 'true' })).items.map((item) => item.id)).toEqual([id]);
    expect((await fetch(`${studio.url}/outputs/${id}_0.png`)).status).toBe(200);
    expect((await list()).count).toBe(0);
  });

  it('says on the socket that the task is back, after it said that it was deleted', async () => {
    const { id } = await paint(1);
    const heard: TaskEvent[] = [];
    studio.studio.bus.subscribe('event', ({ event }) => heard.push(event));
    await remove(id);
    await restore({ tasks: [id] });
    // Before them the event of the painting's end may come, because its row can be read before it is published.
    const ours = heard.filter((event) => event.id === id);
    const [gone, back] = ours.slice(ours.findIndex((event) => event.deleted));
    expect(gone).toMatchObject({ deleted: true });
    expect(back?.deleted).toBeFalsy();
    expect(back?.version).toBeGreaterThan(gone?.version ?? 0);
  });

  it('lets work that was not done go on when its task is restored', async () => {
    const { id } = await ask({ seed: HANGS, batch_size: 2 });
    await expect.poll(async () => (await task(id)).status).toBe('running');
    await remove(id);
    isHanging = false;
    await restore({ tasks: [id] });
    expect(await studio.ended(id)).toMatchObject({ status: 'completed', total_frames: 2 });
  });

  it('gives a deleted picture back to its task', async () => {
    const { id } = await paint(3);
    await studio.client.call('starOutputs', { body: { outputs: [`${id}_1`], starred: true } });
    const before = await task(id);
    await studio.client.call('deleteOutput', { params: { id: `${id}_1` } });
    expect(await task(id)).toMatchObject({ total_frames: 2, stars: 0 });
    await restore({ outputs: [`${id}_1`] });
    expect(shown(await task(id))).toEqual(shown(before));
  });

  it('restores a picture only together with, or after, its task', async () => {
    const { id } = await paint(2);
    await studio.client.call('deleteOutput', { params: { id: `${id}_1` } });
    await remove(id);
    await expect(restore({ outputs: [`${id}_1`] })).rejects.toMatchObject({
      code: 'bin_task_missing',
      status: 409,
    });
    await restore({ outputs: [`${id}_1`], tasks: [id] });
    expect((await task(id)).output_paths).toHaveLength(2);
  });

  it('restores all that was asked for, or nothing', async () => {
    const { id } = await paint(1);
    await remove(id);
    await expect(restore({ tasks: [id, 4711] })).rejects.toMatchObject({
      code: 'bin_item_not_found',
      status: 404,
    });
    expect((await list()).count).toBe(1);
    await restore({ tasks: [id] });
    await expect(restore({ tasks: [id] })).rejects.toMatchObject({ code: 'bin_item_not_found' });
  });

  it('shows a small copy of what it holds', async () => {
    const { id } = await paint(1);
    await remove(id);
    const [item] = (await list()).items;
    const answer = await fetch(`${studio.url}${item?.thumbnail_url}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/webp');
  });

  it('emptied, it removes the files', async () => {
    const tasks = [await paint(1), await paint(1)];
    const [one, other] = tasks.map(({ id }) => id) as [number, number];
    await remove(one);
    await remove(other);
    const [newest] = (await list()).items;
    // Many that are gone do not keep the others.
    const items = [...Array.from({ length: 60 }, (_, index) => 1_000 + index), newest?.id ?? 0];
    expect(await studio.client.call('emptyBin', { body: { items } })).toMatchObject({
      removed: 1,
    });
    expect(await isThere(`outputs/${other}_0.png`)).toBe(false);
    expect(await isThere(`outputs/${one}_0.png`)).toBe(true);
    expect(await studio.client.call('emptyBin', { body: {} })).toMatchObject({ removed: 1 });
    expect(await isThere(`outputs/${one}_0.png`)).toBe(false);
    await expect(restore({ tasks: [one] })).rejects.toMatchObject({ code: 'bin_item_not_found' });
  });

  it('keeps an item for its days, and pictures no longer than their task', async () => {
    const { id } = await paint(2);
    await studio.client.call('deleteOutput', { params: { id: `${id}_1` } });
    await remove(id);
    const { bin } = studio.studio;
    await bin.expire(SYSTEM, Date.now() + 29 * DAY_MS);
    expect((await list()).count).toBe(2);
    await bin.expire(SYSTEM, Date.now() + 31 * DAY_MS);
    expect((await list()).count).toBe(0);
    expect(await isThere(`outputs/${id}_0.png`)).toBe(false);
    expect(await isThere(`outputs/${id}_1.png`)).toBe(false);
  });

  it('keeps what a clean-up takes, uploads too', async () => {
    const { cleanup } = studio.studio;
    const file = new Blob([new Uint8Array(tinyPng)]);
    const upload = await studio.client.call('upload', { file, fileName: 'lamp.png' });
    const { id } = await paint(1);
    const { completed_at: ended } = await task(id);
    await studio.studio.db.write((trx) =>
      trx
        .updateTable('tasks')
        .set({ completed_at: Date.parse(ended ?? '') - 40 * DAY_MS })
        .where('id', '=', id)
        .execute(),
    );
    await studio.studio.db.write((trx) =>
      trx
        .updateTable('uploads')
        .set({ created_at: Date.now() - 40 * DAY_MS })
        .execute(),
    );
    expect(await cleanup.run(SYSTEM, 30)).toMatchObject({ tasks: 1, uploads: 1 });
    const { items } = await list();
    expect(items.map(({ kind, cause, title }) => [kind, cause, title])).toEqual([
      ['upload', 'cleaned', 'lamp.png'],
      ['task', 'cleaned', 'a red dragon'],
    ]);
    await restore({ items: items.map((item) => item.id) });
    expect(await task(id)).toMatchObject({ id });
    expect((await fetch(studio.url + upload.url)).status).toBe(200);
    // Their age begins again, so the next clean-up leaves them.
    expect(await cleanup.run(SYSTEM, 30)).toMatchObject({ tasks: 0, uploads: 0 });
  });

  it('is known to the sweep of unknown files', async () => {
    const { id } = await paint(1);
    await remove(id);
    const { db, blobs, log } = studio.studio;
    await setOutputsAside({ db, blobs, log }, Date.now() + DAY_MS);
    await setUploadsAside({ db, blobs, log }, Date.now() + DAY_MS);
    expect(await isThere(`outputs/${id}_0.png`)).toBe(true);
  });
});

describe('the bin', () => {
  it('turned off, deletes at once; with a limit, keeps the newest', async () => {
    const engines = () => [new ScriptedEngine()];
    const off = await startStudio({ engines: engines(), environ: { BIN_DAYS: '0' } });
    const { id } = await off.client.call('generate', { body: { prompt: 'a', family: 'scripted' } });
    await off.ended(id);
    await off.client.call('deleteTask', { params: { id } });
    expect(await off.client.call('listBin', {})).toMatchObject({ count: 0, days: 0 });
    await expect(access(off.onDisk(`outputs/${id}_0.png`))).rejects.toThrow();
    await off.close();
  });
});
