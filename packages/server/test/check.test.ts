/** A database that was damaged on purpose: each contradiction is found, mended or named, and nothing else is touched. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type FindingKind, type RepairResult, type Task, UNTOUCHED_SETTINGS } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const PAST = new Date(Date.now() - 7_200_000);
/** No worker takes tasks of this lane. */
const NOWHERE = 'nowhere';
const TABLES = [
  'tasks',
  'frames',
  'outputs',
  'uploads',
  'task_inputs',
  'styles',
  'presets',
  'training_runs',
  'bin',
] as const;

describe.each(await testDialects())('a damaged database on %s', (_, dialect) => {
  let studio: TestStudio;
  beforeEach(async () => {
    studio = await startStudio({
      files: 'disk',
      dialect,
      engines: [new ScriptedEngine()],
      trainers: [new ScriptedTrainer()],
    });
  });
  afterEach(() => studio.close());

  const repair = (dry_run: boolean) => studio.client.call('repair', { body: { dry_run } });
  const get = (id: number) => studio.client.call('getTask', { params: { id } });
  const upload = () =>
    studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
  const paint = async (body: object = {}): Promise<Task> => {
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'a brass key', family: 'scripted', batch_size: 2, seed: 5, ...body },
    });
    return studio.ended(id);
  };
  const at = (key: string) => studio.onDisk(key);
  const isThere = (key: string) =>
    stat(at(key)).then(
      () => true,
      () => false,
    );
  async function setAside(key: string): Promise<void> {
    await mkdir(at(path.join('set-aside/2026-01-02', path.dirname(key))), { recursive: true });
    await rename(at(key), at(path.join('set-aside/2026-01-02', key)));
  }
  /** All rows as text, by table; of tasks only the given ones. */
  async function rows(tasks?: number[]): Promise<Record<string, string[]>> {
    const all: Record<string, string[]> = {};
    for (const table of TABLES) {
      const found: Record<string, unknown>[] = await studio.studio.db.read
        .selectFrom(table as 'tasks')
        .selectAll()
        .execute();
      const isMine = (row: Record<string, unknown>) => {
        const task = table === 'tasks' ? row.id : row.task_id;
        return !tasks || task === undefined || tasks.includes(task as number);
      };
      all[table] = found
        .filter(isMine)
        .map((row) => JSON.stringify(row))
        .sort();
    }
    return all;
  }
  const write = (work: Parameters<TestStudio['studio']['db']['write']>[0]) => studio.studio.db.write(work);
  const change = (id: number, values: object) =>
    write((trx) => trx.updateTable('tasks').set(values).where('id', '=', id).execute());
  const changeFrame = (id: number, index: number, values: object) =>
    write((trx) =>
      trx
        .updateTable('frames')
        .set(values)
        .where('task_id', '=', id)
        .where('frame_index', '=', index)
        .execute(),
    );
  const forgetOutput = (id: number, index: number) =>
    write((trx) =>
      trx.deleteFrom('outputs').where('task_id', '=', id).where('frame_index', '=', index).execute(),
    );
  const namesOf = ({ findings }: RepairResult) =>
    Object.fromEntries(findings.map(({ kind, names }) => [kind, [...names].sort()])) as Record<
      FindingKind,
      string[]
    >;
  const countsOf = ({ findings }: RepairResult) =>
    Object.fromEntries(findings.map(({ kind, count, mended }) => [kind, [count, mended]]));

  it('has nothing to mend while it is sound', async () => {
    const picture = await upload();
    const first = await paint();
    await studio.client.call('starOutputs', { body: { outputs: [`${first.id}_1`], starred: true } });
    await paint({ type: 'img2img', input_image: picture.id });
    const binned = await paint({ type: 'img2img', input_image: `${first.id}_0` });
    await studio.client.call('deleteTask', { params: { id: binned.id } });
    await studio.client.call('deleteOutput', { params: { id: `${first.id}_0` } });
    const images = [{ image: (await upload()).id }, { image: (await upload()).id }];
    const training = await studio.client.call('train', {
      body: { style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', images },
    });
    await studio.ended(training.id);
    const before = await rows();
    expect(await repair(true)).toMatchObject({ findings: [], tasks: 0, left_files: 0, returned_files: 0 });
    expect(await repair(false)).toMatchObject({ findings: [], tasks: 0, left_files: 0, returned_files: 0 });
    expect(await rows()).toEqual(before);
  });

  it('is mended where that can be, and named where not; sound rows stay as they are', async () => {
    const healthy = await paint();
    await studio.client.call('starOutputs', { body: { outputs: [`${healthy.id}_0`], starred: true } });
    const id = async (body: object = {}) => (await paint(body)).id;

    const ended = await id();
    await forgetOutput(ended, 1);
    await changeFrame(ended, 1, { status: 'queued', completed_at: null });

    const waiting = await id();
    await change(waiting, { status: 'queued', lane: NOWHERE, completed_at: null });

    const running = await id();
    await forgetOutput(running, 1);
    await changeFrame(running, 1, { status: 'running', completed_at: null });
    await change(running, { status: 'running', lane: NOWHERE, lease: null, completed_at: null });

    const disagrees = await id();
    await change(disagrees, { status: 'failed' });

    const totals = await id();
    await change(totals, { total_frames: 7, stars: 3 });

    const entered = await id();
    await forgetOutput(entered, 1);
    const gone = await id();
    await forgetOutput(gone, 0);
    await rm(at(`outputs/${gone}_0.png`));
    const asideByRecipe = await id({ prompt: 'a copper key' });
    await forgetOutput(asideByRecipe, 0);
    await setAside(`outputs/${asideByRecipe}_0.png`);

    const frameless = await id();
    await write((trx) =>
      trx.deleteFrom('frames').where('task_id', '=', frameless).where('frame_index', '=', 1).execute(),
    );

    const unfinished = await id();
    await changeFrame(unfinished, 0, { status: 'failed', error: null });
    await change(unfinished, { status: 'partial' });

    const lost = await id();
    await rm(at(`outputs/${lost}_0.png`));
    const aside = await id();
    const bytes = await readFile(at(`outputs/${aside}_1.png`));
    await setAside(`outputs/${aside}_1.png`);

    const lostUpload = await upload();
    await rm(at(`uploads/${lostUpload.id}.png`));
    const asideUpload = await upload();
    await setAside(`uploads/${asideUpload.id}.png`);

    const source = await upload();
    const made = await id({ type: 'img2img', input_image: source.id });
    const recipe = (await get(made)).recipe;
    await studio.client.call('createPreset', {
      body: { name: 'mine', settings: { ...UNTOUCHED_SETTINGS, recipe } },
    });
    await write((trx) => trx.deleteFrom('uploads').where('id', '=', source.id).execute());

    const images = [{ image: (await upload()).id }, { image: (await upload()).id }];
    const training = await studio.client.call('train', {
      body: { style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', images },
    });
    await studio.ended(training.id);
    const lora = `loras/trained-${training.id}.safetensors`;
    await rm(at(lora));

    await writeFile(at('outputs/900_0.png'), tinyPng);
    await utimes(at('outputs/900_0.png'), PAST, PAST);

    const sound = [healthy.id, lost, made, training.id];
    const healthyRows = await rows(sound);
    const damaged = await rows();
    const plan = await repair(true);
    expect(namesOf(plan)).toEqual({
      ended_with_work: [`${ended}`],
      waiting_without_work: [`${waiting}`],
      running_without_lease: [`${running}`],
      status_disagrees: [`${disagrees}`],
      totals_disagree: [`${totals}`],
      completed_without_output: [`${entered}_1`, `${gone}_0`, `${asideByRecipe}_0`],
      output_without_frame: [`${frameless}_1`],
      output_of_unfinished: [`${unfinished}_0`],
      output_file_missing: [`outputs/${lost}_0.png`, `outputs/${aside}_1.png`].sort(),
      upload_file_missing: [`uploads/${lostUpload.id}.png`, `uploads/${asideUpload.id}.png`].sort(),
      lora_missing: [`Ink: ${lora}`],
      preset_picture_missing: [`mine: ${source.id}`],
      recipe_picture_missing: [`${made}`],
      file_without_row: ['outputs/900_0.png'],
    });
    expect(plan).toMatchObject({ tasks: 1, outputs: 1, returned_files: 3 });
    expect(await rows()).toEqual(damaged);
    expect(await isThere('outputs/900_0.png')).toBe(true);

    const done = await repair(false);
    expect(countsOf(done)).toEqual(countsOf(plan));
    expect(done).toMatchObject({ task_ids: [900], returned_files: 3, left_files: 0 });
    expect(await rows(sound)).toEqual(
      expect.objectContaining({
        tasks: healthyRows.tasks,
        frames: healthyRows.frames,
        outputs: healthyRows.outputs,
        task_inputs: healthyRows.task_inputs,
        uploads: healthyRows.uploads,
        styles: healthyRows.styles,
        presets: healthyRows.presets,
      }),
    );

    const statuses = async (task: number) => (await get(task)).frames.map(({ status }) => status);
    // The file of its second picture lies where it belongs.
    expect(await statuses(ended)).toEqual(['completed', 'completed']);
    expect((await get(ended)).status).toBe('completed');
    expect((await get(waiting)).status).toBe('completed');
    // It waits again, and a worker is woken.
    expect((await studio.ended(running)).status).toBe('completed');
    expect((await get(disagrees)).status).toBe('completed');
    expect(await get(totals)).toMatchObject({ total_frames: 2, stars: 0 });
    expect((await get(entered)).output_paths).toHaveLength(2);
    expect(await statuses(gone)).toEqual(['failed', 'completed']);
    expect(await get(gone)).toMatchObject({ status: 'partial', error: { code: 'file_not_found' } });
    expect((await get(asideByRecipe)).output_paths).toHaveLength(2);
    expect(await get(frameless)).toMatchObject({ status: 'completed', total_frames: 2 });
    expect(await get(unfinished)).toMatchObject({ status: 'completed' });
    expect((await readFile(at(`outputs/${aside}_1.png`))).equals(bytes)).toBe(true);
    expect(await isThere(`uploads/${asideUpload.id}.png`)).toBe(true);
    expect((await get(900)).status).toBe('completed');

    // A retry paints the picture whose file is gone, with its seed.
    await studio.client.call('retryTask', { params: { id: gone } });
    expect(await studio.ended(gone)).toMatchObject({ status: 'completed' });

    const left = await repair(true);
    expect(namesOf(left)).toEqual({
      output_file_missing: [`outputs/${lost}_0.png`],
      upload_file_missing: [`uploads/${lostUpload.id}.png`],
      lora_missing: [`Ink: ${lora}`],
      preset_picture_missing: [`mine: ${source.id}`],
      recipe_picture_missing: [`${made}`],
    });
    expect(left.findings.every(({ mended }) => mended === 0)).toBe(true);
  });

  it('gives pictures without a recipe back to the frames that made them, in place and set aside', async () => {
    const { id } = await paint({ prompt: 'a key in a lens' });
    const jpeg = await sharp(tinyPng).flatten().jpeg().toBuffer();
    const made = (await rows([id])).frames?.map((row) => JSON.parse(row).completed_at as number) ?? [];
    for (const index of [0, 1]) {
      await forgetOutput(id, index);
      await rm(at(`outputs/${id}_${index}.png`));
    }
    const past = Math.min(...made) - 7_200_000;
    const times = { started_at: past - 500, completed_at: past + 500 };
    for (const index of [0, 1]) await changeFrame(id, index, times);
    const aside = 'set-aside/2026-01-02/outputs';
    await mkdir(at(aside), { recursive: true });
    for (const key of [`outputs/${id}_0.jpg`, `${aside}/${id}_1.jpg`]) {
      await writeFile(at(key), jpeg);
      await utimes(at(key), new Date(past), new Date(past));
    }
    const plan = await repair(true);
    expect(plan).toMatchObject({ tasks: 0, returned_files: 1, left_files: 0 });
    expect(namesOf(plan)).toEqual({ completed_without_output: [`${id}_0`, `${id}_1`] });
    const done = await repair(false);
    expect(done).toMatchObject({ tasks: 0, returned_files: 1, left_files: 0 });
    expect(countsOf(done)).toEqual({ completed_without_output: [2, 2] });
    const task = await get(id);
    expect(task.status).toBe('completed');
    expect(task.output_paths).toEqual([`/outputs/${id}_0.jpg`, `/outputs/${id}_1.jpg`]);
    expect(await repair(false)).toMatchObject({ findings: [] });
  });

  it('gives a frame with work in an ended task the picture it made, and a task to one it did not make, once', async () => {
    const own = await paint();
    const strange = await paint({ prompt: 'a copper key' });
    const aside = await paint({ prompt: 'a silver key' });
    for (const { id } of [own, strange, aside]) {
      await forgetOutput(id, 1);
      await changeFrame(id, 1, { status: 'queued', started_at: null, completed_at: null });
    }
    await setAside(`outputs/${aside.id}_1.png`);
    await changeFrame(strange.id, 1, { seed: '99' });
    for (const { id } of [own, strange]) await utimes(at(`outputs/${id}_1.png`), PAST, PAST);
    const plan = await repair(true);
    expect(countsOf(plan)).toEqual({ ended_with_work: [3, 3], file_without_row: [1, 1] });
    expect(plan).toMatchObject({ tasks: 2, outputs: 2, left_files: 0 });
    const done = await repair(false);
    expect(countsOf(done)).toEqual(countsOf(plan));
    expect(done).toMatchObject({ tasks: 2, outputs: 2, left_files: 0 });
    const statuses = async ({ id }: Task) => (await get(id)).frames.map(({ status }) => status);
    expect(await statuses(own)).toEqual(['completed', 'completed']);
    expect((await get(own.id)).output_paths).toEqual(own.output_paths);
    expect(await statuses(strange)).toEqual(['completed', 'cancelled']);
    expect(await statuses(aside)).toEqual(['completed', 'cancelled']);
    for (const dry_run of [true, false])
      expect(await repair(dry_run)).toMatchObject({ findings: [], tasks: 0, left_files: 0 });
  });

  it('shows pictures without a readable seed, and gives them the one of their file or recipe', async () => {
    const { id } = await paint();
    const gone = await paint({ prompt: 'a copper key' });
    await forgetOutput(gone.id, 1);
    await changeFrame(gone.id, 1, { status: 'failed', error: null });
    await change(gone.id, { status: 'partial' });
    await changeFrame(id, 0, { seed: 'abc' });
    await changeFrame(gone.id, 1, { seed: '-3' });
    expect((await get(id)).frames.map(({ seed }) => seed)).toEqual([0, 6]);
    expect(namesOf(await repair(true))).toEqual({ seed_unreadable: [`${id}_0`, `${gone.id}_1`] });
    expect(countsOf(await repair(false))).toEqual({ seed_unreadable: [2, 2] });
    for (const task of [id, gone.id])
      expect((await get(task)).frames.map(({ seed }) => seed)).toEqual([5, 6]);
    expect((await repair(true)).findings).toEqual([]);
  });

  it('says when a task has ended that does not say it', async () => {
    const { id } = await paint();
    const last = Math.max(...((await rows([id])).frames ?? []).map((row) => JSON.parse(row).completed_at));
    await change(id, { completed_at: null });
    for (const dry_run of [true, false])
      expect(countsOf(await repair(dry_run))).toEqual({ ended_without_time: [1, 1] });
    expect((await get(id)).completed_at).toBe(new Date(last).toISOString());
    expect((await repair(false)).findings).toEqual([]);
  });

  it('restores a recipe that cannot be read from the pictures, and keeps the text', async () => {
    const LATER = JSON.stringify({
      recipe: { version: 2, kind: 'generation' },
      choice: { family: 'scripted' },
    });
    const damaged = await paint({ params: { steps: 9 } });
    const later = await paint();
    const bare = await paint();
    await change(damaged.id, { plan: '{"recipe": {"kind": "generation", "par' });
    await change(later.id, { plan: LATER });
    await change(bare.id, { plan: 'not JSON' });
    for (const index of [0, 1]) await writeFile(at(`outputs/${bare.id}_${index}.png`), tinyPng);
    await write((trx) =>
      trx.updateTable('outputs').set({ size_bytes: tinyPng.length }).where('task_id', '=', bare.id).execute(),
    );
    const before = await rows();
    const looked = await repair(true);
    expect(countsOf(looked)).toEqual({ plan_unreadable: [3, 1] });
    expect(await rows()).toEqual(before);
    expect(await repair(false)).toMatchObject({ findings: looked.findings });
    const { recipe, frames, choice } = await get(damaged.id);
    expect([recipe, frames.map(({ seed }) => seed)]).toEqual([damaged.recipe, [5, 6]]);
    expect(choice).toMatchObject({ family: 'scripted', note: { en: expect.stringContaining('restored') } });
    const planOf = async (id: number) => JSON.parse((await rows([id])).tasks?.[0] ?? '{}').plan;
    expect(JSON.parse(await planOf(damaged.id)).unreadable).toBe('{"recipe": {"kind": "generation", "par');
    expect([await planOf(later.id), await planOf(bare.id)]).toEqual([LATER, 'not JSON']);
    expect(countsOf(await repair(false))).toEqual({ plan_unreadable: [2, 0] });
  });

  it('gives a frame that is entered again its seed, from the picture or from the plan', async () => {
    const said = await paint({ seed: 41 });
    const planned = await paint({ seed: 71 });
    const drawn = await paint({ seed: null, prompt: 'a {red|blue} key' });
    const words = async () => (await get(drawn.id)).frames[1];
    const own = await words();
    await writeFile(at(`outputs/${planned.id}_1.png`), tinyPng);
    await write(async (trx) => {
      await trx
        .updateTable('outputs')
        .set({ size_bytes: tinyPng.length })
        .where('task_id', '=', planned.id)
        .where('frame_index', '=', 1)
        .execute();
      await trx.deleteFrom('frames').where('frame_index', '=', 1).execute();
    });
    expect(countsOf(await repair(false))).toEqual({ output_without_frame: [3, 3] });
    const seeds = async ({ id }: Task) => (await get(id)).frames.map(({ seed }) => seed);
    expect([await seeds(said), await seeds(planned)]).toEqual([
      [41, 42],
      [71, 72],
    ]);
    expect(await words()).toMatchObject({ seed: own?.seed, drawn: own?.drawn });
  });

  it('leaves a task alone that a worker holds', async () => {
    const { id } = await paint();
    const held = { status: 'running', lane: NOWHERE, lease: 'w/1', lease_until: Date.now() + 60_000 };
    await change(id, { ...held, completed_at: null, total_frames: 9 });
    await changeFrame(id, 1, { status: 'running' });
    const before = await rows([id]);
    expect((await repair(false)).findings).toEqual([]);
    expect(await rows([id])).toEqual(before);
  });
});

it('rows whose task is gone are set aside, and their pictures come back under their id', async () => {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-check-'));
  const start = () =>
    startStudio({ dialect: 'sqlite', files: 'disk', dataDir, engines: [new ScriptedEngine()] });
  let studio = await start();
  try {
    const body = { prompt: 'a brass key', family: 'scripted', batch_size: 2 };
    const { id } = await studio.client.call('generate', { body });
    await studio.ended(id);
    await studio.close();
    // As a program does that does not enforce foreign keys.
    const file = new DatabaseSync(path.join(dataDir, 'limner.db'), { enableForeignKeyConstraints: false });
    file.exec('delete from tasks');
    file.close();
    studio = await start();
    const rowsLeft = () => studio.studio.db.read.selectFrom('frames').selectAll().execute();
    const looked = await studio.client.call('repair', { body: { dry_run: true } });
    expect(looked.findings).toContainEqual(expect.objectContaining({ kind: 'row_without_task', mended: 1 }));
    expect(await rowsLeft()).toHaveLength(2);
    const taken = await studio.client.call('repair', { body: {} });
    expect(taken.findings.find(({ kind }) => kind === 'row_without_task')).toEqual({
      kind: 'row_without_task',
      count: 1,
      mended: 1,
      names: [`${id}`],
    });
    expect(taken).toMatchObject({ task_ids: [id], outputs: 2, left_files: 0 });
    const task = await studio.client.call('getTask', { params: { id } });
    expect(task).toMatchObject({ status: 'completed', prompt: 'a brass key', total_frames: 2 });
    const [day = ''] = await readdir(path.join(dataDir, 'set-aside'));
    const folder = path.join(dataDir, 'set-aside', day, 'rows');
    const [kept = ''] = await readdir(folder);
    expect(kept).toMatch(new RegExp(`^task-${id}-\\d+\\.json$`));
    const aside = JSON.parse(await readFile(path.join(folder, kept), 'utf8'));
    expect([aside.frames.length, aside.outputs.length]).toEqual([2, 2]);
    expect(aside.frames[1]).toMatchObject({ task_id: id, frame_index: 1, status: 'completed' });
    expect(await studio.client.call('repair', { body: {} })).toMatchObject({ findings: [], left_files: 0 });
  } finally {
    await studio.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
