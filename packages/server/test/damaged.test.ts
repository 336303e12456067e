/** Rows and files that cannot be read disable themselves; no list fails for one of them. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PresetSettings } from '@limner/contract';
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio;
let dataDir: string;
const DAMAGED = '{"recipe": {"kind"';

const start = (before?: (db: Database) => Promise<void>) =>
  startStudio({ dataDir, engines: [new ScriptedEngine()], ...(before ? { before } : {}) });
const paint = async (prompt: string) => {
  const body = { prompt, family: 'scripted', batch_size: 2 };
  return studio.ended((await studio.client.call('generate', { body })).id);
};

afterEach(async () => {
  await studio.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function made() {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-damaged-'));
  studio = await start();
  const tasks = [await paint('a dragon'), await paint('a sword'), await paint('a shield')] as const;
  const settings = { mode: 'txt2img', params: {}, loras: [], control: null } as Partial<PresetSettings>;
  const rest = { negative: null, family: null, seed: 7, count: 2, ratio: '1:1', long_side: null, free: null };
  for (const name of ['Damaged', 'Foreign', 'Whole']) {
    const body = { name, settings: { ...settings, ...rest } as PresetSettings };
    await studio.client.call('createPreset', { body });
  }
  await studio.client.call('deleteTask', { params: { id: tasks[2].id } });
  await studio.close();
  return tasks;
}

it('rows whose JSON is damaged stay in their lists with the reason, and cost no other row', async () => {
  const [hurt, whole] = await made();
  studio = await start((db) =>
    db.write(async (trx) => {
      await trx
        .updateTable('tasks')
        .set({ plan: DAMAGED, error: DAMAGED })
        .where('id', '=', hurt.id)
        .execute();
      await trx.updateTable('outputs').set({ provenance: DAMAGED }).where('task_id', '=', hurt.id).execute();
      await trx.updateTable('presets').set({ settings: DAMAGED }).where('name', '=', 'Damaged').execute();
      await trx.updateTable('presets').set({ settings: '7' }).where('name', '=', 'Foreign').execute();
      await trx.updateTable('bin').set({ rows: DAMAGED }).execute();
    }),
  );
  const { client } = studio;
  expect((await client.tasks({})).items.map(({ id }) => id)).toEqual([whole.id, hurt.id]);
  const read = await client.call('getTask', { params: { id: hurt.id } });
  expect(read).toMatchObject({ prompt: 'a dragon', status: 'completed' });
  expect(read.choice.note.en).toContain('cannot read');
  expect(read.frames.map(({ output }) => output?.provenance)).toEqual([null, null]);
  const presets = await client.call('listPresets', {});
  expect(presets.map(({ name, problem }) => [name, problem?.code])).toEqual([
    ['Damaged', 'preset_damaged'],
    ['Foreign', 'preset_damaged'],
    ['Whole', undefined],
  ]);
  expect((await client.call('listBin', {})).items).toMatchObject([
    { title: 'a shield', thumbnail_url: null },
  ]);
  expect((await client.call('listFamilies', {})).map(({ id }) => id)).toContain('scripted');
  expect((await client.call('listStyles', {})).length).toBeGreaterThan(0);
  await client.call('deletePreset', { params: { id: presets[0]?.id ?? 0 } });
  expect((await paint('after all')).status).toBe('completed');
});

it('a waiting task whose recipe is damaged fails with the reason, and the next one runs', async () => {
  const [hurt] = await made();
  studio = await start((db) =>
    db.write(async (trx) => {
      const { id } = hurt;
      const waiting = { status: 'queued' as const, completed_at: null };
      await trx
        .updateTable('tasks')
        .set({ plan: DAMAGED, ...waiting })
        .where('id', '=', id)
        .execute();
      const frame = { ...waiting, tries: 0 };
      await trx
        .updateTable('frames')
        .set(frame)
        .where('task_id', '=', id)
        .where('frame_index', '=', 1)
        .execute();
    }),
  );
  const ended = await studio.ended(hurt.id);
  expect(ended.frames.map(({ status, error }) => [status, error?.code])).toEqual([
    ['completed', undefined],
    ['failed', 'plan_unreadable'],
  ]);
  expect((await paint('after it')).status).toBe('completed');
});

it('a damaged picture or style file on disk leaves every list whole', async () => {
  const [hurt] = await made();
  const outputs = path.join(dataDir, 'outputs');
  for (const file of await readdir(outputs))
    if (file.startsWith(`${hurt.id}_`)) await writeFile(path.join(outputs, file), 'no picture');
  studio = await start();
  const upload = await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]) });
  expect((await studio.client.tasks({})).items).toHaveLength(2);
  const thumbnail = await fetch(`${studio.url}/api/pictures/${hurt.id}_0/thumbnail?width=256`);
  expect(thumbnail.status).toBeLessThan(500);
  const again = await studio.client.call('generate', {
    body: { prompt: 'x', family: 'scripted', type: 'img2img', input_image: upload.id },
  });
  expect((await studio.ended(again.id)).status).toBe('completed');
});
