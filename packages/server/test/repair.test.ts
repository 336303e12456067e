/** Recovering what was set aside: after an older backup, and by hand. On both databases. */
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type FrameRecipe, PICTURE_TEXT_KEYWORD, pictureText, Recipe, type Task } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { withText } from '../src/images/png-text.ts';
import { serverDir } from './places.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const PAST = new Date(Date.now() - 7_200_000);

describe.each(await testDialects())('files that the database does not know, on %s', (_, dialect) => {
  let dataDir: string;
  let studio: TestStudio;
  let around: ((db: Database) => Database) | undefined;

  const start = async () => {
    studio = await startStudio({
      files: 'disk',
      dialect,
      dataDir,
      engines: [new ScriptedEngine()],
      trainers: [new ScriptedTrainer()],
      around: (db) => around?.(db) ?? db,
    });
  };
  beforeEach(async () => {
    around = undefined;
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-repair-'));
    await start();
  });
  afterEach(async () => {
    await studio.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const repair = (dry_run = false) => studio.client.call('repair', { body: { dry_run } });
  const files = async (folder: string) => (await readdir(path.join(dataDir, folder)).catch(() => [])).sort();
  const upload = () =>
    studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
  const paint = async (body: object = {}): Promise<Task> => {
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'a brass key', family: 'scripted', ...body },
    });
    return studio.ended(id);
  };
  const get = (id: number) => studio.client.call('getTask', { params: { id } });
  const aside = async (name: string, bytes: Buffer | string, day = '2026-01-02') => {
    const file = path.join(dataDir, 'set-aside', day, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  };

  /** As an older backup has it: no rows for what was made after it. */
  async function forgetAfter(task: number): Promise<void> {
    await studio.studio.db.write(async (trx) => {
      await trx.deleteFrom('training_runs').execute();
      await trx.deleteFrom('styles').where('is_base', '=', 0).execute();
      await trx.deleteFrom('tasks').where('id', '>', task).execute();
      await trx.deleteFrom('uploads').execute();
    });
    await studio.close();
    for (const folder of ['outputs', 'uploads', 'loras'])
      for (const name of await files(folder)) await utimes(path.join(dataDir, folder, name), PAST, PAST);
    await start();
    // The start sets them aside.
    const known = Array.from({ length: task }, (_, at) => `${at + 1}_0.png`);
    await expect.poll(() => files('outputs'), { timeout: 10_000 }).toEqual(known);
    for (const folder of ['uploads', 'loras'])
      await expect.poll(() => files(folder), { timeout: 10_000 }).toEqual([]);
  }

  const png = (recipe: Partial<Recipe> & { seed: number }) => {
    const whole = { ...Recipe.parse({ kind: 'generation', family: 'scripted' }), ...recipe } as FrameRecipe;
    const summary = { en: 'Made by a script.', zh: '由脚本生成。' };
    return withText(
      tinyPng,
      PICTURE_TEXT_KEYWORD,
      pictureText(whole, { engine: 'scripted', family: 'scripted', summary, details: {} }),
    );
  };

  it('come back with their ids, recipes, seeds and inputs, once', async () => {
    const { id: kept } = await paint();
    const input = await upload();
    const first = await paint({ prompt: '一把铜钥匙', batch_size: 3, seed: 40 });
    const second = await paint({ type: 'img2img', input_image: input.id, batch_size: 2 });
    const third = await paint({ type: 'img2img', input_image: `${first.id}_1` });
    const before = await files('outputs');
    const bytes = await Promise.all(before.map((name) => readFile(path.join(dataDir, 'outputs', name))));
    await forgetAfter(kept);

    const dry = await repair(true);
    expect(dry).toMatchObject({
      dry_run: true,
      tasks: 3,
      outputs: 6,
      uploads: 1,
      without_recipe: 0,
      left: [],
    });
    await expect(get(first.id)).rejects.toMatchObject({ code: 'task_not_found' });

    const taken = await repair();
    expect(taken).toMatchObject({
      task_ids: [first.id, second.id, third.id],
      tasks: 3,
      outputs: 6,
      uploads: 1,
    });
    expect(taken).toMatchObject({ left_files: 0, size_bytes: dry.size_bytes });
    for (const was of [first, second, third]) {
      const is = await get(was.id);
      expect(is).toMatchObject({ status: 'completed', stars: 0, output_paths: was.output_paths });
      expect({ ...is.recipe, seed: null }).toEqual({ ...was.recipe, seed: null });
      expect(is.frames.map(({ seed }) => seed)).toEqual(was.frames.map(({ seed }) => seed));
      expect(is.frames[0]?.output?.provenance).toEqual(was.frames[0]?.output?.provenance);
      for (const address of is.output_paths) expect((await fetch(studio.url + address)).status).toBe(200);
    }
    expect((await get(first.id)).recipe.seed).toBe(40);
    expect(await files('outputs')).toEqual(before);
    for (const [at, name] of before.entries())
      expect((await readFile(path.join(dataDir, 'outputs', name))).equals(bytes[at] as Buffer)).toBe(true);
    expect((await fetch(studio.url + input.url)).status).toBe(200);
    expect((await studio.client.tasks({ text: '铜钥匙' })).items.map(({ id }) => id)).toEqual([first.id]);

    expect(await repair()).toMatchObject({ tasks: 0, outputs: 0, uploads: 0, left_files: 0 });
    expect((await paint()).id).toBe(third.id + 1);
    // The inputs of a task that is back are protected as those of any other.
    expect(await studio.client.call('planCleanup', { query: { older_than_days: 0 } })).toMatchObject({
      uploads: 0,
    });
  });

  it('come back with what their frames drew, and are found by it', async () => {
    const { id: kept } = await paint();
    await mkdir(path.join(dataDir, 'wildcards'), { recursive: true });
    await writeFile(path.join(dataDir, 'wildcards', 'animal.txt'), 'axolotl\nwombat');
    const was = await paint({ prompt: '{one|two} __animal__', batch_size: 4, seed: 9 });
    expect(new Set(was.frames.map(({ drawn }) => drawn?.prompt)).size).toBeGreaterThan(1);
    await forgetAfter(kept);
    expect(await repair()).toMatchObject({ task_ids: [was.id] });
    const is = await get(was.id);
    expect(is.recipe).toEqual(was.recipe);
    expect(is.frames.map(({ drawn }) => drawn)).toEqual(was.frames.map(({ drawn }) => drawn));
    const [word = ''] = was.frames.map(({ drawn }) => drawn?.choices.at(-1)?.value);
    expect((await studio.client.tasks({ text: word })).items.map(({ id }) => id)).toEqual([was.id]);
  });

  it('make each picture once when two ask at once', async () => {
    for (let task = 1; task <= 20; task += 1) await aside(`outputs/${task}_0.png`, png({ seed: task }));
    const [a, b] = await Promise.all([repair(), repair()]);
    expect(a.outputs).toBe(20);
    // The second joined the first.
    expect(b).toEqual(a);
    const { items } = await studio.client.tasks({ limit: 200 });
    expect(items.map(({ id }) => id).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
  });

  it('get another id where theirs is taken, in the bin or far ahead, and nothing is written over', async () => {
    const { id, output_paths } = await paint();
    const { id: gone } = await paint();
    await studio.client.call('deleteTask', { params: { id: gone } });
    const mine = await readFile(path.join(dataDir, output_paths[0] ?? ''));
    await aside(`outputs/${id}_0.png`, png({ seed: 77 }));
    await aside(`outputs/${id}_0-2.png`, png({ seed: 78 }));
    await aside(`outputs/${gone}_0.png`, png({ seed: 79 }));
    await aside('outputs/999999999999_0.png', png({ seed: 80 }));
    const { task_ids } = await repair();
    expect(task_ids).toEqual([3, 4, 5, 6]);
    const seeds = await Promise.all(task_ids.map(async (task) => (await get(task)).frames[0]?.seed));
    expect(seeds).toEqual([78, 77, 79, 80]);
    expect((await readFile(path.join(dataDir, output_paths[0] ?? ''))).equals(mine)).toBe(true);
    await studio.client.call('restoreFromBin', { body: { tasks: [gone] } });
    expect((await paint()).id).toBe(7);
  });

  it('without a recipe say so; damaged and strange ones stay where they are, named', async () => {
    const jpeg = await sharp(tinyPng).flatten().jpeg().toBuffer();
    const here = await upload();
    await aside('outputs/4_0.jpg', jpeg);
    await aside('outputs/rmbg_5.png', tinyPng);
    await aside('outputs/6_0.png', png({ seed: 1, prompt: 'a film' }));
    await aside(
      'outputs/6_0_1.mp4',
      await readFile(path.join(serverDir, 'test/fake-comfy/films/square.mp4')),
    );
    await aside('outputs/6_0_2.mp4', 'frames');
    await aside('outputs/7_0.png', tinyPng.subarray(0, tinyPng.length - 30));
    await aside('outputs/8_0.png', '');
    await aside('outputs/holiday.png', tinyPng);
    await aside(`uploads/${here.id}.png`, tinyPng);
    await aside('loras/trained-9.safetensors', 'weights');
    const taken = await repair();
    expect(taken).toMatchObject({ task_ids: [4, 5, 6], outputs: 4, without_recipe: 2, left_files: 6 });
    expect(Object.fromEntries(taken.left.map(({ file, reason }) => [file, reason]))).toEqual({
      'set-aside/2026-01-02/outputs/6_0_2.mp4': 'damaged',
      'set-aside/2026-01-02/outputs/7_0.png': 'damaged',
      'set-aside/2026-01-02/outputs/8_0.png': 'damaged',
      'set-aside/2026-01-02/outputs/holiday.png': 'unknown_name',
      [`set-aside/2026-01-02/uploads/${here.id}.png`]: 'is_here',
      'set-aside/2026-01-02/loras/trained-9.safetensors': 'no_description',
    });
    expect(await get(4)).toMatchObject({
      task_kind: 'generation',
      prompt: '',
      family: 'unknown',
      output_paths: ['/outputs/4_0.jpg'],
      choice: { note: { en: expect.stringContaining('no recipe'), zh: expect.stringContaining('没有配方') } },
    });
    expect(await get(5)).toMatchObject({ task_kind: 'remove_bg', output_paths: ['/outputs/rmbg_5.png'] });
    expect(await studio.client.call('getRemoveBg', { params: { id: 5 } })).toMatchObject({
      status: 'completed',
    });
    expect(await get(6)).toMatchObject({ prompt: 'a film', total_frames: 1 });
    expect((await get(6)).output_paths).toEqual(['/outputs/6_0.png', '/outputs/6_0_1.mp4']);
    const { parts } = await studio.client.call('storage', {});
    expect(parts.find(({ part }) => part === 'set_aside')?.files).toBe(6);
    expect(await repair()).toMatchObject({ tasks: 0, left_files: 6 });
  });

  it('bring the style of a training back with its file', async () => {
    const images = [{ image: (await upload()).id }, { image: (await upload()).id }];
    const { id } = await studio.client.call('train', {
      body: { style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', images },
    });
    await studio.ended(id);
    await forgetAfter(0);
    expect(await repair()).toMatchObject({ task_ids: [id], styles: 1, uploads: 2, left_files: 0 });
    const style = (await studio.client.call('listStyles', {})).find(({ name }) => name === 'Ink');
    expect(style).toMatchObject({ type: 'vfx', trigger_words: 'inky', family: 'scripted', is_trained: true });
    const training = await studio.client.call('getTraining', { params: { id } });
    expect(training).toMatchObject({ status: 'completed', style_id: style?.id });
    const lora = await fetch(studio.url + training.output_lora_path);
    expect(await lora.text()).toBe('lora after 6');
    const painted = await paint({ style_id: style?.id });
    expect(painted.status).toBe('completed');
  });

  it('stay set aside, and are recovered the next time, when their rows cannot be written', async () => {
    await aside('outputs/4_0.png', png({ seed: 5 }));
    await aside('outputs/4_1.png', png({ seed: 6 }));
    await studio.close();
    let writes = 0;
    around = (db) => ({
      dialect: db.dialect,
      read: db.read,
      size: () => db.size(),
      close: () => db.close(),
      write: (work, options) =>
        db.write(async (trx) => {
          const done = await work(trx);
          const row = await trx.selectFrom('tasks').select('id').where('id', '=', 4).executeTakeFirst();
          if (!row || writes > 0) return done;
          writes += 1;
          throw new Error('the disk is full');
        }, options),
    });
    await start();
    const failed = await repair();
    expect(failed).toMatchObject({ tasks: 0, outputs: 0, size_bytes: 0, left_files: 2 });
    expect(failed.left.map(({ reason }) => reason)).toEqual(['failed', 'failed']);
    expect(await files('set-aside/2026-01-02/outputs')).toEqual(['4_0.png', '4_1.png']);
    expect(await files('outputs')).toEqual([]);
    expect(await repair()).toMatchObject({ task_ids: [4], outputs: 2, left_files: 0 });
  });

  it('are not written over by a new task that gets their id', async () => {
    const old = png({ seed: 5, prompt: 'an old key' });
    await writeFile(path.join(dataDir, 'outputs/1_0.png'), old);
    await utimes(path.join(dataDir, 'outputs/1_0.png'), PAST, PAST);
    expect(await paint({ prompt: 'a new key' })).toMatchObject({ id: 1 });
    expect(await repair()).toMatchObject({ task_ids: [2], left_files: 0 });
    expect((await get(2)).prompt).toBe('an old key');
    expect((await readFile(path.join(dataDir, 'outputs/2_0.png'))).equals(old)).toBe(true);
  });
});
