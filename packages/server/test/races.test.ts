/**
 * What is asked for in the same moment, on each database. Every transaction stays open a while before it commits, so that
 * on Postgres, where they run side by side, each meets the others.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type StudioError, type Task, UNTOUCHED_SETTINGS } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const OPEN_MS = 25;
const ROUNDS = 4;

/** A promise that a test resolves. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const slow = (db: Database): Database => ({
  dialect: db.dialect,
  read: db.read,
  write: (work, options) =>
    db.write(async (trx) => {
      const result = await work(trx);
      await pause(OPEN_MS);
      return result;
    }, options),
  size: () => db.size(),
  close: () => db.close(),
});

describe.each(await testDialects())('asked for at once on %s:', (_, dialect) => {
  let studio: TestStudio;
  let finish = gate();

  beforeEach(async () => {
    finish = gate();
    studio = await startStudio({
      dialect,
      around: slow,
      engines: [
        new ScriptedEngine(
          async (frame, { signal }) => {
            if (frame.prompt === 'on a sign') await Promise.race([finish.opened, untilAborted(signal)]);
            return tinyPng;
          },
          { slots: 4 },
        ),
      ],
      trainers: [new ScriptedTrainer()],
    });
  });
  afterEach(async () => {
    finish.open();
    await studio.close();
  });

  const ask = (prompt: string, batch_size = 1) =>
    studio.client.call('generate', { body: { prompt, family: 'scripted', batch_size } });
  const painted = async (batch_size: number): Promise<Task> =>
    studio.ended((await ask('a dragon', batch_size)).id);
  const codeOf = (outcome: PromiseSettledResult<unknown>): string =>
    outcome.status === 'fulfilled' ? 'done' : (outcome.reason as StudioError).code;
  const together = async (...work: Promise<unknown>[]) => (await Promise.allSettled(work)).map(codeOf);

  it('two last pictures deleted take their task with them', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await painted(2);
      const remove = (index: number) =>
        studio.client.call('deleteOutput', { params: { id: `${id}_${index}` } });
      expect(await together(remove(0), remove(1))).toEqual(['done', 'done']);
      await expect(studio.client.call('getTask', { params: { id } })).rejects.toMatchObject({
        code: 'task_not_found',
      });
    }
    expect((await studio.client.tasks()).items).toEqual([]);
  });

  it('a name for two styles is given to one', async () => {
    const make = () => studio.client.call('createStyle', { body: { name: 'ink', type: 'ui' } });
    expect((await together(make(), make())).sort()).toEqual(['done', 'style_name_taken']);
    expect((await studio.client.call('listStyles', {})).filter(({ name }) => name === 'ink')).toHaveLength(1);
  });

  it('a name for two presets is given to one, and the refusal of the other names it', async () => {
    const make = () =>
      studio.client.call('createPreset', { body: { name: 'mine', settings: UNTOUCHED_SETTINGS } });
    const outcomes = await Promise.allSettled([make(), make()]);
    expect(outcomes.map(codeOf).sort()).toEqual(['done', 'preset_name_taken']);
    const [preset] = await studio.client.call('listPresets', {});
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason.data).toMatchObject({ name: 'mine', id: preset?.id });
  });

  it('a frame cancelled while the other one ends leaves a task that has ended', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      finish = gate();
      const { id } = await ask('on a sign', 2);
      await expect
        .poll(async () => (await studio.client.call('getTask', { params: { id } })).status)
        .toBe('running');
      finish.open();
      const cancelled = studio.client.call('cancelFrame', { params: { id, index: 0 } });
      await Promise.allSettled([cancelled]);
      const task = await studio.ended(id);
      const states = task.frames.map(({ status }) => status);
      expect(states[1]).toBe('completed');
      expect(['completed', 'cancelled']).toContain(states[0]);
      expect(task.status).toBe('completed');
    }
  });

  it('a task cancelled while it ends is either', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      finish = gate();
      const { id } = await ask('on a sign', 2);
      await expect
        .poll(async () => (await studio.client.call('getTask', { params: { id } })).status)
        .toBe('running');
      finish.open();
      const [cancel] = await together(studio.client.call('cancelTask', { params: { id } }));
      const task = await studio.ended(id);
      const states = task.frames.map(({ status }) => status);
      expect(states.every((status) => status === 'completed' || status === 'cancelled')).toBe(true);
      expect(task.status).toBe(cancel === 'done' ? 'cancelled' : 'completed');
    }
  });

  it('a picture deleted while a task is made from it goes, or stays for the task', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await painted(1);
      const enlarge = studio.client.call('generate', {
        body: { prompt: 'on a sign', family: 'scripted', type: 'img2img', input_image: `${id}_0` },
      });
      const remove = studio.client.call('deleteTask', { params: { id } });
      const [made, removed] = await together(enlarge, remove);
      expect([
        ['done', 'picture_in_use'],
        ['image_not_found', 'done'],
      ]).toContainEqual([made, removed]);
    }
  });

  it('a name for two trainings is given to one', async () => {
    const file = () => ({ file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
    const [one, other] = [
      await studio.client.call('upload', file()),
      await studio.client.call('upload', file()),
    ];
    const images = [{ image: one.id }, { image: other.id }];
    const train = () =>
      studio.client.call('train', {
        body: { style_name: 'ink', style_type: 'ui', trigger_words: '', images },
      });
    expect((await together(train(), train())).sort()).toEqual(['done', 'style_name_taken']);
  });

  it('stars given one by one are all counted', async () => {
    const { id } = await painted(4);
    const star = (index: number) =>
      studio.client.call('starOutputs', { body: { outputs: [`${id}_${index}`], starred: true } });
    await Promise.all([0, 1, 2, 3].map(star));
    expect((await studio.client.tasks({ starred: 'true' })).items.map((task) => task.id)).toEqual([id]);
    const row = await studio.studio.db.read
      .selectFrom('tasks')
      .select('stars')
      .where('id', '=', id)
      .execute();
    expect(row).toEqual([{ stars: 4 }]);
  });
});
