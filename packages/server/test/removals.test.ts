import type { Task, TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { thumbKeys } from '../src/images/thumbnail.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** This seed waits for ever, and those from the other on fail. */
const HANGS = 100;
const FAILS = 200;
let studio: TestStudio;
/** Called before the next transaction that removes rows. */
let beforeNextRemoval: (() => Promise<void>) | null = null;

function withRemovalsSeen(db: Database): Database {
  const write = db.write.bind(db);
  db.write = async (work, options) => {
    const before = options?.frees ? beforeNextRemoval : null;
    if (before) beforeNextRemoval = null;
    await before?.();
    return write(work, options);
  };
  return db;
}

beforeEach(async () => {
  const engine = new ScriptedEngine((frame, { signal }) => {
    if (Number(frame.seed) >= FAILS) throw new Error('no such luck');
    return frame.seed === HANGS ? untilAborted(signal) : tinyPng;
  });
  // Files go with their rows.
  studio = await startStudio({ engines: [engine], environ: { BIN_DAYS: '0' }, around: withRemovalsSeen });
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
const paint = async (count: number, seed = 1) => studio.ended((await ask({ seed, batch_size: count })).id);
const task = (id: number) => studio.client.call('getTask', { params: { id } });
const remove = (id: string) => studio.client.call('deleteOutput', { params: { id } });
const isThere = (file: string) => studio.stored.has(file);
const indices = ({ frames }: Task) => frames.map(({ index }) => index);

describe('a deleted picture', () => {
  it('is gone from its task, which keeps the others under their names', async () => {
    const { id } = await paint(3);
    await remove(`${id}_1`);
    const left = await task(id);
    expect(indices(left)).toEqual([0, 2]);
    expect(left).toMatchObject({ status: 'completed', total_frames: 2, progress: 1 });
    expect(left.output_paths).toEqual([`/outputs/${id}_0.png`, `/outputs/${id}_2.png`]);
    const [row] = (await studio.client.tasks({ text: 'dragon' })).items;
    expect(row?.output_paths).toEqual(left.output_paths);
  });

  it('takes its file and its thumbnails along', async () => {
    const { id } = await paint(2);
    const address = `${studio.url}/outputs/${id}_1.png`;
    const [thumb] = thumbKeys(`outputs/${id}_1.png`) as [string];
    await fetch(`${address}?w=128`);
    expect(await isThere(thumb)).toBe(true);
    await remove(`${id}_1`);
    expect(await isThere(`outputs/${id}_1.png`)).toBe(false);
    expect(await isThere(thumb)).toBe(false);
    expect(await isThere(`outputs/${id}_0.png`)).toBe(true);
    expect((await fetch(address)).status).toBe(404);
    expect((await fetch(`${address}?w=128`)).status).toBe(404);
  });

  it('takes its star along, and is in no archive', async () => {
    const { id } = await paint(2);
    await studio.client.call('starOutputs', { body: { outputs: [`${id}_1`], starred: true } });
    await remove(`${id}_1`);
    expect((await task(id)).stars).toBe(0);
    expect((await studio.client.tasks({ starred: 'true' })).items).toEqual([]);
    expect(await studio.client.call('zipOutputs', { body: { tasks: [id] } })).toMatchObject({ pictures: 1 });
  });

  it('is sent on the socket with the rest of its task, so that every window hides it', async () => {
    const { id } = await paint(3);
    const heard: TaskEvent[] = [];
    studio.studio.bus.subscribe('event', ({ event }) => heard.push(event));
    await remove(`${id}_0`);
    const news = heard.at(-1);
    expect(news).toMatchObject({ id, total_frames: 2, version: (await task(id)).version });
    expect(news?.frames.map(({ index }) => index)).toEqual([1, 2]);
    expect(news?.output_paths).toHaveLength(2);
  });

  it('that was the last takes its task along', async () => {
    const { id } = await paint(2);
    await remove(`${id}_0`);
    await remove(`${id}_1`);
    await expect(task(id)).rejects.toMatchObject({ code: 'task_not_found' });
    expect(await isThere(`outputs/${id}_1.png`)).toBe(false);
  });

  it('leaves a task that can still be retried; without its only finished one that has failed', async () => {
    const { id, status, error } = await paint(2, FAILS - 1);
    expect(status).toBe('partial');
    await remove(`${id}_0`);
    expect(await task(id)).toMatchObject({ status: 'failed', error, total_frames: 1, output_paths: [] });
    const again = await studio.client.call('retryFrame', { params: { id, index: 1 } });
    expect(again.frames[0]).toMatchObject({ index: 1, seed: FAILS });
  });

  it('of a batch under way leaves the rest to be painted', async () => {
    const { id } = await ask({ seed: HANGS - 1, batch_size: 2 });
    await expect.poll(async () => (await task(id)).output_paths.length).toBe(1);
    await remove(`${id}_0`);
    expect(await task(id)).toMatchObject({ status: 'running', total_frames: 1, output_paths: [] });
    const cancelled = await studio.client.call('cancelFrame', { params: { id, index: 1 } });
    expect(indices(cancelled)).toEqual([1]);
    expect((await studio.ended(id)).status).toBe('cancelled');
  });

  it('stays while a task waits to use it, which says which', async () => {
    const source = await paint(2);
    const user = await ask({ seed: HANGS, input_image: `${source.id}_0` });
    await expect(remove(`${source.id}_0`)).rejects.toMatchObject({
      code: 'picture_in_use',
      data: { task: user.id },
    });
    expect(indices(await task(source.id))).toEqual([0, 1]);
    await studio.client.call('cancelTask', { params: { id: user.id } });
    await remove(`${source.id}_0`);
    expect(indices(await task(source.id))).toEqual([1]);
  });

  it('cannot be deleted twice, nor one that is not painted yet', async () => {
    const { id } = await paint(2);
    await remove(`${id}_0`);
    for (const ref of [`${id}_0`, `${id}_7`, '999_0'])
      await expect(remove(ref)).rejects.toMatchObject({ code: 'image_not_found', field: 'id' });
    const { id: waiting } = await ask({ seed: HANGS });
    await expect(remove(`${waiting}_0`)).rejects.toMatchObject({ code: 'image_not_found' });
    await expect(remove('../12_0')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a deleted task', () => {
  const removeTask = (id: number) => studio.client.call('deleteTask', { params: { id } });
  const removeMany = (tasks: number[]) => studio.client.call('deleteTasks', { body: { tasks } });
  const cancel = (id: number) => studio.client.call('cancelTask', { params: { id } });

  it('stays while another waits to use one of its pictures, which says which', async () => {
    const source = await paint(2);
    const user = await ask({ seed: HANGS, input_image: `${source.id}_1` });
    await expect(removeTask(source.id)).rejects.toMatchObject({
      code: 'picture_in_use',
      status: 409,
      data: { task: user.id },
    });
    expect(await isThere(`outputs/${source.id}_1.png`)).toBe(true);
    await cancel(user.id);
    await removeTask(source.id);
    await expect(task(source.id)).rejects.toMatchObject({ code: 'task_not_found' });
  });

  it('of many stays alone, and the answer says for whom', async () => {
    const [source, other] = [await paint(1), await paint(1)];
    const user = await ask({ seed: HANGS, input_image: `/outputs/${source.id}_0.png` });
    expect(await removeMany([source.id, other.id])).toEqual({
      deleted: 1,
      in_use: [{ id: source.id, needed_by: user.id }],
    });
    expect((await task(source.id)).output_paths).toHaveLength(1);
  });

  it('goes when those that need it go with it', async () => {
    const source = await paint(1);
    const user = await ask({ seed: HANGS, input_image: `${source.id}_0` });
    expect(await removeMany([source.id, user.id])).toEqual({ deleted: 2, in_use: [] });
  });

  it('stays for one that stays itself', async () => {
    const source = await paint(1);
    const between = await ask({ seed: HANGS - 1, batch_size: 2, input_image: `${source.id}_0` });
    await expect.poll(async () => (await task(between.id)).output_paths.length).toBe(1);
    const last = await ask({ seed: HANGS, input_image: `${between.id}_0` });
    expect((await removeMany([source.id, between.id])).in_use).toEqual([
      { id: between.id, needed_by: last.id },
      { id: source.id, needed_by: between.id },
    ]);
  });

  /** Rows of ended tasks without frames. */
  async function copies(id: number, count: number): Promise<number[]> {
    const { db } = studio.studio;
    const source = db.read.selectFrom('tasks').selectAll().where('id', '=', id);
    const { id: _, ...row } = await source.executeTakeFirstOrThrow();
    const values = Array.from({ length: count }, () => row);
    const made = await db.write((trx) => trx.insertInto('tasks').values(values).returning('id').execute());
    return made.map((each) => each.id);
  }

  it('stays for one that stays itself because of a task made meanwhile', async () => {
    const source = await paint(1);
    const between = await ask({ seed: HANGS - 1, batch_size: 2, input_image: `${source.id}_0` });
    await expect.poll(async () => (await task(between.id)).output_paths.length).toBe(1);
    // The source is not in the first transaction.
    const others = await copies(source.id, 60);
    let last = 0;
    beforeNextRemoval = async () => {
      last = (await ask({ seed: HANGS, input_image: `${between.id}_0` })).id;
    };
    const ids = [between.id, ...others, source.id];
    expect(await removeMany(ids)).toEqual({
      deleted: others.length,
      in_use: [
        { id: between.id, needed_by: last },
        { id: source.id, needed_by: between.id },
      ],
    });
  });
});
