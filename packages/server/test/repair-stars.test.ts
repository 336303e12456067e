/** Stars of pictures whose rows are lost: as after an older backup. On both databases. */
import { readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Task } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const PAST = new Date(Date.now() - 7_200_000);

describe.each(await testDialects())('stars, on %s', (_, dialect) => {
  let studio: TestStudio;
  beforeEach(async () => {
    studio = await startStudio({ dialect, files: 'disk', engines: [new ScriptedEngine()] });
  });
  afterEach(() => studio.close());

  const paint = async (prompt: string): Promise<Task> => {
    const body = { prompt, family: 'scripted', batch_size: 3 };
    return studio.ended((await studio.client.call('generate', { body })).id);
  };
  const star = (outputs: string[], starred = true) =>
    studio.client.call('starOutputs', { body: { outputs, starred } });
  const starredOf = async (id: number) =>
    (await studio.client.call('getTask', { params: { id } })).frames.map(({ output }) => output?.starred);
  const notes = () => readdir(studio.onDisk('stars'));
  async function forget(...tasks: number[]): Promise<void> {
    await studio.studio.db.write((trx) => trx.deleteFrom('tasks').where('id', 'in', tasks).execute());
    const folder = studio.onDisk('outputs');
    for (const name of await readdir(folder)) await utimes(path.join(folder, name), PAST, PAST);
  }

  it('come back with their pictures, and only theirs', async () => {
    const first = await paint('a brass key');
    const second = await paint('a copper key');
    await star([`${first.id}_0`, `${first.id}_2`, `${second.id}_1`]);
    await star([`${first.id}_2`, `${second.id}_1`], false);
    await forget(first.id, second.id);
    const taken = await studio.client.call('repair', { body: {} });
    expect(taken).toMatchObject({ tasks: 2, stars: 1 });
    expect(await starredOf(first.id)).toEqual([true, false, false]);
    expect(await starredOf(second.id)).toEqual([false, false, false]);
    const { items } = await studio.client.tasks({ starred: 'true' });
    expect(items.map(({ id, stars }) => [id, stars])).toEqual([[first.id, 1]]);
  });

  it('of a task whose id was given again are kept beside those of the new one', async () => {
    const { id } = await paint('a brass key');
    await star([`${id}_0`]);
    await studio.studio.db.write((trx) =>
      trx.updateTable('outputs').set({ size_bytes: 1 }).where('task_id', '=', id).execute(),
    );
    await star([`${id}_1`]);
    await star([`${id}_1`], false);
    expect(await notes()).toEqual([`${id}.json`]);
  });

  it('are noted no more when their task is deleted for good', async () => {
    const { id } = await paint('a brass key');
    await star([`${id}_0`]);
    expect(await notes()).toEqual([`${id}.json`]);
    await studio.client.call('deleteTask', { params: { id } });
    expect(await notes()).toEqual([`${id}.json`]);
    await studio.client.call('emptyBin', { body: {} });
    expect(await notes()).toEqual([]);
  });

  it('that an earlier version gave are noted at the next start', async () => {
    const { id } = await paint('a brass key');
    await studio.studio.db.write(async (trx) => {
      await trx.updateTable('outputs').set({ starred: 1 }).where('task_id', '=', id).execute();
      await trx.updateTable('tasks').set({ stars: 3 }).where('id', '=', id).execute();
    });
    expect(await notes()).toEqual([]);
    await studio.studio.starNotes.addMissing(() => false);
    expect(await notes()).toEqual([`${id}.json`]);
  });
});
