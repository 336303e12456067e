/** Rows that a later version wrote, or that are damaged: they are shown or reported, and stop nothing else. */
import { StudioError } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Writer } from '../src/db/database.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** A recipe of a later version, and no JSON at all. */
const UNREADABLE = [
  JSON.stringify({ recipe: { version: 2, kind: 'generation' }, choice: { family: 'scripted' } }),
  '{"enginePrompt": 1}',
  'not JSON',
];
const LANE = 'scripted';

let studio: TestStudio;

beforeEach(async () => {
  studio = await startStudio({
    engines: [new ScriptedEngine(() => tinyPng)],
    trainers: [new ScriptedTrainer()],
    environ: { MAX_CONCURRENT_TASKS: '1' },
  });
});
afterEach(() => studio.close());

const write = (work: (trx: Writer) => Promise<unknown>) =>
  studio.studio.db.write(async (trx) => void (await work(trx)));
const generate = async () =>
  (await studio.client.call('generate', { body: { prompt: 'a gate', family: 'scripted' } })).id;
const pause = (paused: boolean) =>
  studio.client.call('pauseLane', { params: { lane: LANE }, body: { paused } });
const setPlan = (id: number, plan: string) =>
  write((trx) => trx.updateTable('tasks').set({ plan }).where('id', '=', id).execute());
const lane = async () => (await studio.client.call('listLanes', {})).find(({ id }) => id === LANE);
const listed = async (id: number) => (await studio.client.tasks({})).items.find((task) => task.id === id);

describe.each(UNREADABLE)('a task with the plan %j', (plan) => {
  it('is listed, fails with a sentence in both languages, and its lane goes on', async () => {
    await pause(true);
    const [broken, next] = [await generate(), await generate()];
    await setPlan(broken, plan);
    expect((await lane())?.waiting.map(({ task }) => task)).toEqual([broken, next]);
    expect(await listed(broken)).toMatchObject({ status: 'queued', prompt: 'a gate' });
    await pause(false);
    expect((await studio.ended(next)).status).toBe('completed');
    const { status, error } = (await listed(broken)) ?? {};
    expect([status, error?.code]).toEqual(['failed', 'plan_unreadable']);
    const sentences = new StudioError('plan_unreadable', { data: { id: broken } });
    for (const language of ['en', 'zh'] as const)
      expect(sentences.body(language).message).toContain(String(broken));
    const { choice, prompt } = await studio.client.call('getTask', { params: { id: broken } });
    expect([prompt, choice.note.zh]).toEqual(['a gate', sentences.body('zh').message]);
    await studio.client.call('deleteTask', { params: { id: broken } });
    expect(await listed(broken)).toBeUndefined();
  });

  it('is cancelled with all others', async () => {
    await pause(true);
    const [broken, next] = [await generate(), await generate()];
    await setPlan(broken, plan);
    expect(await studio.client.call('cancelQueue', {})).toEqual({ cancelled: 2 });
    expect((await listed(broken))?.status).toBe('cancelled');
    expect((await listed(next))?.status).toBe('cancelled');
  });
});

describe('a list with a damaged row', () => {
  it('of trainings shows it without what its plan says, and starts others', async () => {
    const { client } = studio;
    const upload = async () =>
      (await client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' })).id;
    const images = [{ image: await upload() }, { image: await upload() }];
    const train = (style_name: string) => client.call('train', { body: { style_name, images } });
    const ended = async (id: number) =>
      expect
        .poll(async () => (await client.call('getTraining', { params: { id } })).status)
        .toBe('completed');
    const { id } = await train('Ink');
    await ended(id);
    await setPlan(id, '{}');
    expect(await client.call('listTraining', {})).toMatchObject([
      { id, style_name: 'Ink', status: 'completed', images: [], params: {} },
    ]);
    expect(await client.call('listTrainers', {})).toMatchObject([{ seconds_per_step: null }]);
    await ended((await train('Pen')).id);
  });

  it('of presets shows it with nothing set', async () => {
    const { client } = studio;
    const settings = { mode: 'edit', negative: null, family: null, seed: 3, count: 2, ratio: '4:3' } as const;
    const rest = { long_side: null, free: null, params: {}, loras: [] };
    const { id } = await client.call('createPreset', {
      body: { name: 'Icons', settings: { ...settings, ...rest } },
    });
    await write((trx) => trx.updateTable('presets').set({ settings: '{' }).where('id', '=', id).execute());
    expect(await client.call('listPresets', {})).toMatchObject([
      { name: 'Icons', settings: { mode: 'txt2img', seed: null, count: 1 } },
    ]);
  });

  it('of pictures shows it without provenance, and its lane keeps its times', async () => {
    const { id } = await studio.ended(await generate());
    await write((trx) => trx.updateTable('outputs').set({ provenance: '{' }).execute());
    await write((trx) => trx.updateTable('frames').set({ error: '{' }).execute());
    const task = await studio.client.call('getTask', { params: { id } });
    expect(task.frames).toMatchObject([{ status: 'completed', error: null, output: { provenance: null } }]);
    expect((await lane())?.free_within).not.toBeNull();
  });

  it('in the bin shows it without a picture, and it can be removed', async () => {
    const { client } = studio;
    const { id } = await studio.ended(await generate());
    await client.call('deleteTask', { params: { id } });
    await write((trx) => trx.updateTable('bin').set({ rows: '{' }).execute());
    const { items } = await client.call('listBin', {});
    expect(items).toMatchObject([{ task_id: id, thumbnail_url: null }]);
    expect(await client.call('emptyBin', { body: {} })).toMatchObject({ removed: 1 });
  });
});
