import type { TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cleanup } from '../src/tasks/cleanup.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const DAY_MS = 86_400_000;
let studio: TestStudio;

beforeEach(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
});
afterEach(() => studio.close());

async function paint(count = 1): Promise<number> {
  const { id } = await studio.client.call('generate', {
    body: { prompt: 'a red dragon', family: 'scripted', batch_size: count },
  });
  await studio.ended(id);
  return id;
}
const task = (id: number) => studio.client.call('getTask', { params: { id } });
const star = (body: { outputs?: string[]; tasks?: number[]; starred: boolean }) =>
  studio.client.call('starOutputs', { body });

describe('a star', () => {
  it('is given to one picture and taken away again', async () => {
    const id = await paint(2);
    expect(await star({ outputs: [`${id}_1`], starred: true })).toEqual({ changed: 1 });
    const starred = await task(id);
    expect(starred.stars).toBe(1);
    expect(starred.frames.map((frame) => frame.output?.starred)).toEqual([false, true]);
    expect(await star({ outputs: [`${id}_1`], starred: true })).toEqual({ changed: 0 });
    await star({ outputs: [`${id}_1`], starred: false });
    expect((await task(id)).stars).toBe(0);
  });

  it('is given to all pictures of many tasks at once; those that are gone are passed over', async () => {
    const ids = [await paint(2), await paint()];
    expect(await star({ tasks: [...ids, 999], starred: true })).toEqual({ changed: 3 });
    const { items } = await studio.client.tasks({ starred: 'true' });
    expect(items.map(({ id, stars }) => [id, stars])).toEqual([
      [ids[1], 1],
      [ids[0], 2],
    ]);
    expect((await studio.client.tasks({ starred: 'false' })).items).toEqual([]);
  });

  it('is given to as many pictures of one task as a request may name, each counted once', async () => {
    const id = await paint(2);
    const places = Array.from({ length: 800 }, (_, place) => place);
    await studio.studio.db.write(async (trx) => {
      const frames = await trx.selectFrom('outputs').selectAll().execute();
      for (const first of frames) {
        const others = places.slice(1).map((place) => ({ ...first, place, file: `${first.file}-${place}` }));
        await trx.insertInto('outputs').values(others).execute();
      }
    });
    const outputs = places.flatMap((place) =>
      [0, 1].map((frame) => `${id}_${frame}${place > 0 ? `_${place}` : ''}`),
    );
    expect(await star({ outputs: [...outputs, ...outputs.slice(0, 400)], starred: true })).toEqual({
      changed: 1600,
    });
    expect((await task(id)).stars).toBe(1600);
  });

  it('of a picture that is not here changes nothing and says which', async () => {
    const id = await paint();
    await expect(star({ outputs: [`${id}_0`, `${id}_7`], starred: true })).rejects.toMatchObject({
      code: 'image_not_found',
      field: 'outputs.1',
    });
    expect((await task(id)).stars).toBe(0);
  });

  it('is sent on the socket, so that every tab shows it', async () => {
    const id = await paint();
    const heard: TaskEvent[] = [];
    studio.studio.bus.subscribe('event', ({ event }) => heard.push(event));
    await star({ tasks: [id], starred: true });
    // The event of the painting's end may come only now, because its row can be read before it is published.
    const news = heard.at(-1);
    expect(news).toMatchObject({ id, stars: 1, version: (await task(id)).version });
    expect(news?.frames[0]?.output?.starred).toBe(true);
  });

  it('keeps its task from every clean-up', async () => {
    const [kept, taken] = [await paint(2), await paint()];
    await star({ outputs: [`${kept}_0`], starred: true });
    const { db, blobs, log } = studio.studio;
    const news = { deleted: () => undefined };
    const cleanup = new Cleanup({ db, blobs, log, news, days: 7, hasBin: false });
    await cleanup.removeOld(Date.now() + 400 * DAY_MS);
    expect((await studio.client.tasks()).items.map(({ id }) => id)).toEqual([kept]);
    await expect(task(taken)).rejects.toMatchObject({ code: 'task_not_found' });
  });
});

describe('many tasks', () => {
  it('are deleted with one request; those that are gone already are not counted', async () => {
    const ids = [await paint(), await paint(), await paint()];
    await studio.client.call('deleteTask', { params: { id: ids[0] as number } });
    expect(await studio.client.call('deleteTasks', { body: { tasks: ids } })).toEqual({
      deleted: 2,
      in_use: [],
    });
    expect((await studio.client.tasks()).items).toEqual([]);
  });
});
