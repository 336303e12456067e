/** Training a style, from the request to the style and its end: what survives a cancel, a restart and a death in between. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promptOf, StudioError, type Training, type TrainingInput } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { ProgramTrainer } from '../src/engines/training/program/program-trainer.ts';
import type { Trained, TrainingContext, TrainingJob } from '../src/engines/training/trainer.ts';
import { ScriptedEngine, untilAborted } from './scripted-engine.ts';
import { gate, ScriptedTrainer } from './scripted-trainer.ts';
import { readStarts, type StandInOptions, StandInProgram } from './stand-in/stand-in-program.ts';
import { supervision } from './stand-in/supervision.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from './start-studio.ts';

let studio: TestStudio | undefined;
let dataDir: string | undefined;

afterEach(async () => {
  await studio?.close();
  studio = undefined;
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
  dataDir = undefined;
});

async function start(
  trainer = new ScriptedTrainer(),
  engine = new ScriptedEngine(),
  before?: TestStudioOptions['before'],
) {
  studio = await startStudio({
    engines: [engine],
    trainers: [trainer],
    dataDir,
    before,
    environ: { BIN_DAYS: '0' },
  });
  return { studio, trainer, engine, client: studio.client };
}

/** A studio whose data outlives it. */
async function startKept(trainer?: ScriptedTrainer, before?: TestStudioOptions['before']) {
  dataDir ??= await mkdtemp(path.join(os.tmpdir(), 'limner-training-'));
  return start(trainer, undefined, before);
}

/** A kept studio whose trainer runs a program. Answers the file with the program's starts. */
async function startWithProgram(options: StandInOptions): Promise<string> {
  dataDir ??= await mkdtemp(path.join(os.tmpdir(), 'limner-training-'));
  const notes = path.join(dataDir, 'starts.log');
  const program = new StandInProgram({ device: `test ${dataDir}`, notes, ...options });
  const trainers = [new ProgramTrainer(program, await supervision())];
  studio = await startStudio({ engines: [], trainers, dataDir, environ: { BIN_DAYS: '0' } });
  return notes;
}

async function uploads(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const background = { r: 20 * i, g: 40, b: 200, alpha: 1 };
    const png = await sharp({ create: { width: 16, height: 16, channels: 4, background } })
      .png()
      .toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    ids.push((await here().client.call('upload', { file, fileName: `${i}.png` })).id);
  }
  return ids;
}

function here(): TestStudio {
  if (!studio) throw new Error('no studio');
  return studio;
}

async function train(over: Partial<TrainingInput> = {}): Promise<Training> {
  const images = over.images ?? (await uploads(3)).map((image) => ({ image }));
  return here().client.call('train', { body: { style_name: 'Ink', ...over, images } });
}

const get = (id: number) => here().client.call('getTraining', { params: { id } });
const files = (folder: string) => here().stored.names(folder);
/** Work folders of programs, which lie on this machine wherever the files are. */
const runs = async () => (await readdir(path.join(here().dataDir, 'runs')).catch(() => [])).sort();

async function refusal(work: Promise<unknown>): Promise<StudioError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof StudioError)) throw new Error('it was not refused');
  return error;
}

/** Its program takes one more step before it learns of the cancel. */
class LateTrainer extends ScriptedTrainer {
  override async run(_job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    ctx.step(1, 1);
    await untilAborted(ctx.signal).catch(() => undefined);
    ctx.step(2, 0.5);
    await ctx.saveCheckpoint(2, Buffer.from('2'));
    throw ctx.signal.reason;
  }
}

/** Progress reaches the rows once a second. */
const WRITTEN = { timeout: 10_000 };
/** Four processes begin before the first step of a program. */
const BEGUN = { timeout: 60_000 };
const WITH_PROGRAM = { timeout: 150_000 };

describe('a training', () => {
  it('ends as a style with its file, its loss and a sheet of samples', async () => {
    const { trainer } = await start();
    const [first = '', ...others] = await uploads(3);
    const images = [{ image: first, caption: 'a cat' }, ...others.map((image) => ({ image }))];
    const made = await train({ images, style_type: 'vfx', trigger_words: 'inky' });
    expect(made).toMatchObject({
      style_name: 'Ink',
      trainer: 'scripted-lora',
      params: { steps: 6, lora_rank: 8 },
    });
    await here().ended(made.id);

    const run = await get(made.id);
    expect(run).toMatchObject({ status: 'completed', progress: 1, step: 6, family: 'scripted' });
    expect(run.loss.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(run.images[0]).toEqual({ id: first, url: `/uploads/${first}.png`, caption: 'a cat' });
    expect(trainer.runs[0]?.job.pictures.map(({ caption }) => caption)).toEqual([
      'inky, a cat',
      'inky',
      'inky',
    ]);

    const style = await here().client.call('getStyle', { params: { id: run.style_id ?? 0 } });
    expect(style).toMatchObject({
      name: 'Ink',
      type: 'vfx',
      trigger_words: 'inky',
      is_trained: true,
      family: 'scripted',
    });
    const file = await fetch(here().url + run.output_lora_path);
    expect(await file.text()).toBe('lora after 6');
    expect(file.headers.get('content-disposition')).toContain('Ink.safetensors');
    expect((await fetch(here().url + run.preview_url)).headers.get('content-type')).toBe('image/png');
    await expect.poll(() => files('training')).toEqual([]);
  });

  it('ends as a style without a picture where its trainer paints no samples', async () => {
    const trainer = new ScriptedTrainer();
    trainer.paintsSamples = false;
    await start(trainer);
    const { id } = await train();
    await here().ended(id);
    const run = await get(id);
    expect(run).toMatchObject({ status: 'completed', preview_url: null, step: 6 });
    expect(run.style_id).not.toBeNull();
    const { items } = await here().client.tasks({ kind: 'training' });
    expect(items.map((item) => item.id)).toEqual([id]);
  });

  it('says what it does and when its trainer was last heard, and neither once it has ended', async () => {
    const { trainer } = await start();
    const { arrived, open } = gate(trainer, 3);
    trainer.startsWith = 'caching';
    const before = Date.now();
    const { id } = await train();
    await arrived;
    await expect.poll(async () => (await get(id)).phase, WRITTEN).toBe('training');
    const { heard_at } = await get(id);
    expect(Date.parse(heard_at ?? '')).toBeGreaterThanOrEqual(before);
    open();
    await here().ended(id);
    expect(await get(id)).toMatchObject({ phase: null, heard_at: null, log_url: null });
  });

  it('shows what its program wrote, until it is completed', WITH_PROGRAM, async () => {
    await startWithProgram({ stepMs: 100 });
    const { id } = await train({ params: { steps: 1000 } });
    await expect.poll(async () => (await get(id)).step, BEGUN).toBeGreaterThan(1);
    const { log_url } = await get(id);
    const log = await fetch(here().url + log_url);
    expect(log.headers.get('content-type')).toContain('text/plain');
    expect(await log.text()).toContain('1/1000 [');
    await here().client.call('cancelTask', { params: { id } });
    await here().ended(id);
    expect((await get(id)).log_url).toBe(log_url);
  });

  it('says that its lane is paused, until the lane is resumed', async () => {
    const trainer = new ScriptedTrainer();
    await start(trainer);
    const pause = (paused: boolean) =>
      here().client.call('pauseLane', { params: { lane: trainer.lane }, body: { paused } });
    await pause(true);
    const { id } = await train();
    expect(await get(id)).toMatchObject({ status: 'queued', paused_lane: trainer.lane, waits_for: null });
    await pause(false);
    await here().ended(id);
    expect(await get(id)).toMatchObject({ status: 'completed', paused_lane: null });
  });

  it('waits while another trainer computes on its device', async () => {
    const [one, two] = [new ScriptedTrainer(), new ScriptedTrainer('scripted', 'second-lora')];
    const elsewhere = new ScriptedTrainer('scripted', 'third-lora', 'gpu 0');
    studio = await startStudio({ engines: [new ScriptedEngine()], trainers: [one, two, elsewhere] });
    const { arrived, open } = gate(one, 2);
    const first = await train();
    await arrived;
    const second = await train({ style_name: 'Wash', trainer: 'second-lora' });
    const third = await train({ style_name: 'Oil', trainer: 'third-lora' });
    await here().ended(third.id);
    expect(two.runs).toEqual([]);
    open();
    await here().ended(first.id);
    await here().ended(second.id);
    expect((await get(second.id)).status).toBe('completed');
  });

  it.each([
    { cancelAt: 1, resume: 0 },
    { cancelAt: 4, resume: 3 },
  ])(
    'that is run again and waits shows its checkpoint of step $resume, also after a cancel',
    async ({ cancelAt, resume }) => {
      const [one, two] = [new ScriptedTrainer(), new ScriptedTrainer('scripted', 'second-lora')];
      studio = await startStudio({ engines: [new ScriptedEngine()], trainers: [one, two] });
      const stopped = gate(two, cancelAt);
      const { id } = await train({ trainer: 'second-lora' });
      await stopped.arrived;
      await here().client.call('cancelTask', { params: { id } });
      await expect.poll(async () => (await get(id)).resume_step, WRITTEN).toBe(resume);
      const busy = gate(one, 2);
      const first = await train({ style_name: 'Wash' });
      await busy.arrived;

      await here().client.call('retryTask', { params: { id } });
      const waiting = { phase: 'waiting', step: resume, heard_at: null, waits_for: first.id };
      await expect.poll(() => get(id), WRITTEN).toMatchObject({ status: 'running', ...waiting });
      expect((await get(id)).loss.length).toBe(resume);
      expect((await get(first.id)).waits_for).toBeNull();
      const task = () => here().client.call('getTask', { params: { id } });
      await expect.poll(task, WRITTEN).toMatchObject({ status: 'running', waits_behind: 1 });
      await here().client.call('cancelTask', { params: { id } });
      expect(await get(id)).toMatchObject({ status: 'cancelled', step: resume, phase: null });

      await here().client.call('retryTask', { params: { id } });
      busy.open();
      await here().ended(first.id);
      expect(await here().ended(id)).toMatchObject({ status: 'completed' });
      expect(two.runs.at(-1)?.steps[0]).toBe(resume + 1);
    },
  );

  it('that failed and waits again says nothing of that try', async () => {
    const [one, two] = [new ScriptedTrainer(), new ScriptedTrainer('scripted', 'second-lora')];
    studio = await startStudio({ engines: [new ScriptedEngine()], trainers: [one, two] });
    two.before = (step, run) => {
      if (step === 2 && run <= 3) throw new StudioError('out_of_memory', { data: { engine: 'x' } });
    };
    const { id } = await train({ trainer: 'second-lora' });
    expect((await here().ended(id)).status).toBe('failed');
    expect(await get(id)).toMatchObject({ step: 1, resume_step: 0 });
    const busy = gate(one, 2);
    const first = await train({ style_name: 'Wash' });
    await busy.arrived;
    await here().client.call('retryTask', { params: { id } });
    await expect
      .poll(() => get(id), WRITTEN)
      .toMatchObject({ phase: 'waiting', step: 0, progress: 0, loss: [] });
    await here().client.call('cancelTask', { params: { id } });
    expect(await get(id)).toMatchObject({ status: 'cancelled', step: 0, progress: 0 });
    busy.open();
    await here().ended(first.id);
  });

  it('is found in the history under the name of its style', async () => {
    await start();
    const { id } = await train({ style_name: 'Golden icons' });
    await here().ended(id);
    const { items } = await here().client.tasks({ kind: 'training', text: 'golden' });
    expect(items.map((item) => item.id)).toEqual([id]);
    const listed = await here().client.call('listTraining', {});
    expect(listed.map((run) => run.id)).toEqual([id]);
  });

  it('says how many captions it has, and warns of pictures that are the same or very small', async () => {
    await start();
    const [one = '', two = ''] = await uploads(2);
    const [again = ''] = await uploads(1);
    const images = [{ image: one, caption: 'a cat' }, { image: two }, { image: again, caption: ' ' }];
    const made = await train({ images });
    expect(made.captioned).toBe(1);
    expect(made.notices).toEqual([
      {
        en: 'The same picture 2 times: #1, #3. It teaches no more than once.',
        zh: '同一张图片出现 2 次：#1、#3。重复的图片不会带来更多效果。',
      },
      {
        en: 'Smaller than 64 pixels, so little of the style can be seen: #1, #2, #3.',
        zh: '小于 64 像素，难以体现画风：#1、#2、#3。',
      },
    ]);
    expect(await get(made.id)).toMatchObject({ captioned: 1, notices: made.notices });
    await here().ended(made.id);
  });

  it('takes one picture twice', async () => {
    const { trainer } = await start();
    const [one = ''] = await uploads(1);
    const { id } = await train({ images: [{ image: one }, { image: one, caption: 'again' }] });
    await here().ended(id);
    expect(trainer.runs[0]?.job.pictures).toHaveLength(2);
  });

  it('that was cancelled goes on where it was when it is run again', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 4);
    const { id } = await train();
    await stop.arrived;
    await here().client.call('cancelTask', { params: { id } });
    await here().client.call('retryTask', { params: { id } });
    await here().ended(id);
    expect(trainer.runs.map(({ steps }) => steps)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect((await get(id)).loss.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('of a trainer without losses shows its step', async () => {
    const { trainer } = await start();
    trainer.measures = 'never';
    const stop = gate(trainer, 31);
    const { id } = await train({ params: { steps: 33 } });
    await stop.arrived;
    await expect.poll(async () => (await get(id)).step, WRITTEN).toBe(30);
    stop.open();
    expect(await here().ended(id)).toMatchObject({ status: 'completed' });
  });

  it('that resumes reports its progress before its next step', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 4);
    const { id } = await train();
    await stop.arrived;
    await here().client.call('cancelTask', { params: { id } });
    let goOn = () => {};
    trainer.before = (step) => (step === 4 ? new Promise((resolve) => (goOn = resolve)) : undefined);
    await here().client.call('retryTask', { params: { id } });
    await expect.poll(async () => (await get(id)).progress, WRITTEN).toBeCloseTo((0.97 * 3) / 6);
    goOn();
    await here().ended(id);
  });

  it('that failed goes on from its last checkpoint', async () => {
    const { trainer } = await start();
    trainer.before = (step, run) => {
      if (step === 4 && run <= 3) throw new StudioError('out_of_memory', { data: { engine: 'x' } });
    };
    const { id } = await train();
    expect(await here().ended(id)).toMatchObject({ status: 'failed', error: { code: 'out_of_memory' } });
    expect(await get(id)).toMatchObject({ step: 3, resume_step: 2, progress: 0.5 });
    expect((await here().client.call('getTask', { params: { id } })).progress).toBeCloseTo(0.5);
    expect((await here().client.tasks({ kind: 'training' })).items[0]?.progress).toBeCloseTo(0.5);
    await here().client.call('retryTask', { params: { id } });
    expect((await here().ended(id)).status).toBe('completed');
    expect(trainer.runs.at(-1)?.steps).toEqual([3, 4, 5, 6]);
  });

  it('that is stopped shows every step it took, and where it goes on, as soon as that is stored', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 6);
    const { id } = await train({ params: { steps: 9 } });
    await stop.arrived;
    const versions: number[] = [];
    here().studio.bus.subscribe('event', ({ event }) => versions.push(event.version));
    trainer.beforeStop = () => stop.opened;
    const { version } = await here().client.call('cancelTask', { params: { id } });
    // The trainer is still busy.
    expect(await get(id)).toMatchObject({ status: 'cancelled', resume_step: 4 });
    stop.open();
    await expect.poll(async () => (await get(id)).resume_step).toBe(5);
    const stopped = await get(id);
    expect((await here().client.call('getTask', { params: { id } })).progress).toBeCloseTo(5 / 9);
    expect(stopped.step).toBe(5);
    expect(stopped.loss.map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
    // A page that loaded it when it was cancelled gets an event to load it again.
    expect(stopped.version).toBeGreaterThan(version);
    expect(versions).toContain(stopped.version);
  });

  it('whose trainer dies as it is stopped keeps its curve and says that it goes on from its checkpoint', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 4);
    const { id } = await train();
    await stop.arrived;
    trainer.beforeStop = () => Promise.reject(new Error('killed'));
    await here().client.call('cancelTask', { params: { id } });
    await expect.poll(async () => (await get(id)).step).toBe(3);
    const stopped = await get(id);
    expect(stopped).toMatchObject({ status: 'cancelled', resume_step: 2, loss: { length: 3 } });
    trainer.before = () => {};
    await here().client.call('retryTask', { params: { id } });
    await here().ended(id);
    expect(trainer.runs.at(-1)?.steps[0]).toBe(3);
    expect((await get(id)).loss.map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('survives a restart of the server', async () => {
    const before = await startKept();
    const stop = gate(before.trainer, 4);
    const { id } = await train();
    await stop.arrived;
    await here().close();
    const { trainer } = await startKept();
    await here().ended(id);
    expect(trainer.runs.map(({ steps }) => steps)).toEqual([[4, 5, 6]]);
    expect((await get(id)).style_id).not.toBeNull();
  });

  it(
    'goes on with the program that its trainer left running over a restart of the server',
    WITH_PROGRAM,
    async () => {
      const options = { stepMs: 100 };
      const notes = await startWithProgram(options);
      const { id } = await train({ params: { steps: 30 } });
      await expect.poll(async () => (await get(id)).step, BEGUN).toBeGreaterThan(2);
      await here().close();
      await startWithProgram(options);
      expect(await here().ended(id, 60_000)).toMatchObject({ status: 'completed' });
      expect(readStarts(notes).map(({ stage }) => stage)).toEqual(['cache', 'train']);
      const run = await get(id);
      expect(run.loss.map(([step]) => step)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
      expect(run.style_id).not.toBeNull();
      await expect.poll(() => runs()).toEqual([]);
    },
  );

  it(
    'stops the program of its trainer when it is cancelled, and removes its folder when it is deleted',
    WITH_PROGRAM,
    async () => {
      // It has no time to end within the test.
      const notes = await startWithProgram({ stepMs: 100, saveEvery: 3 });
      const { id } = await train({ params: { steps: 1000 } });
      await expect.poll(async () => (await get(id)).step, BEGUN).toBeGreaterThan(4);
      await here().client.call('cancelTask', { params: { id } });
      await expect.poll(async () => (await get(id)).resume_step, BEGUN).toBeGreaterThan(1);
      const isRunning = ({ pid }: { pid: number }) => existsSync(`/proc/${pid}`);
      await expect.poll(() => readStarts(notes).some(isRunning), { timeout: 20_000 }).toBe(false);
      expect(await runs()).toEqual([String(id)]);
      const written = (await readdir(path.join(here().dataDir, 'runs', String(id)))).length;
      await here().client.call('deleteTask', { params: { id } });
      await expect.poll(() => runs()).toEqual([]);
      expect(written).toBeGreaterThan(1);
    },
  );

  it('that takes a step after its cancel shows the step of its checkpoint', async () => {
    const { client } = await start(new LateTrainer());
    const { id } = await train();
    await expect.poll(async () => (await get(id)).step, WRITTEN).toBe(1);
    await client.call('cancelTask', { params: { id } });
    await expect.poll(async () => (await get(id)).resume_step, WRITTEN).toBe(2);
    expect((await get(id)).step).toBe(2);
  });

  it('that is run again after its style was made makes no second style', async () => {
    await startKept();
    const { id } = await train();
    await here().ended(id);
    await here().close();
    await startKept(undefined, (db) =>
      db.write(async (trx) => {
        await trx
          .updateTable('tasks')
          .set({ status: 'queued', completed_at: null })
          .where('id', '=', id)
          .execute();
        await trx.updateTable('frames').set({ status: 'queued' }).where('task_id', '=', id).execute();
        await trx.deleteFrom('outputs').where('task_id', '=', id).execute();
      }),
    );
    expect((await here().ended(id)).status).toBe('completed');
    const styles = await here().client.call('listStyles', {});
    expect(styles.filter((style) => style.is_trained)).toHaveLength(1);
  });

  it('whose worker lost the task makes no style, writes no checkpoint and no progress', async () => {
    const { trainer, studio } = await start();
    const stop = gate(trainer, 4);
    const { id } = await train();
    await stop.arrived;
    const { db } = studio.studio;
    const theirs = { lease: 'another-worker/1', lease_until: Date.now() + 60_000 };
    await db.write((trx) => trx.updateTable('tasks').set(theirs).where('id', '=', id).execute());
    stop.open();
    await expect.poll(() => trainer.runs[0]?.steps.at(-1)).toBe(6);
    await expect.poll(() => files('loras')).toEqual(['trained-1.safetensors']);
    await expect.poll(async () => (await get(id)).step).toBe(2);
    expect(String(await here().stored.read(`training/${id}.checkpoint`))).toBe('2');
    expect(await get(id)).toMatchObject({ status: 'running', style_id: null, output_lora_path: null });
    expect((await here().client.call('listStyles', {})).some((style) => style.is_trained)).toBe(false);
  });

  it('that is cancelled as it ends leaves no file of a style', async () => {
    const { trainer } = await start();
    const { id } = await train();
    await expect.poll(() => trainer.runs[0]?.steps.length ?? 0).toBeGreaterThan(0);
    await here()
      .client.call('cancelTask', { params: { id } })
      .catch(() => undefined);
    const { status } = await here().ended(id);
    const kept = status === 'completed' ? 1 : 0;
    await expect.poll(async () => (await files('loras')).length).toBe(kept);
  });

  it('waits for the one before it, while pictures are painted', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 2);
    const first = await train();
    await stop.arrived;
    const second = await train({ style_name: 'Oil' });
    const painting = await here().client.call('generate', { body: { prompt: 'a cat' } });
    expect((await here().ended(painting.id)).status).toBe('completed');
    expect((await get(second.id)).status).toBe('queued');
    stop.open();
    await here().ended(first.id);
    expect((await here().ended(second.id)).status).toBe('completed');
  });

  it('that is deleted leaves no checkpoint behind', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 4);
    const { id } = await train();
    await stop.arrived;
    expect(await files('training')).toEqual([`${id}.checkpoint`]);
    await here().client.call('deleteTask', { params: { id } });
    await expect.poll(() => files('training')).toEqual([]);
    expect((await here().client.call('listStyles', {})).some((style) => style.is_trained)).toBe(false);
  });

  it('whose name was given away meanwhile gets a number', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 2);
    const { id } = await train();
    await stop.arrived;
    await here().client.call('createStyle', { body: { name: 'Ink' } });
    stop.open();
    await here().ended(id);
    const names = (await here().client.call('listStyles', {})).map(({ name }) => name);
    expect(names).toContain('Ink 2');
  });

  it.each([false, true])(
    'sends each point of its loss on the socket, and the whole curve on request; measured later: %j',
    async (later) => {
      const { trainer } = await start();
      trainer.measures = later ? 'after its step' : 'with its step';
      const stop = gate(trainer, 4);
      const heard: unknown[] = [];
      here().studio.bus.subscribe('event', ({ event }) => heard.push(event.loss));
      const { id } = await train();
      await stop.arrived;
      await expect.poll(() => heard, WRITTEN).toContainEqual([3, 0.33333]);
      await expect
        .poll(() => get(id), WRITTEN)
        .toMatchObject({ status: 'running', step: 3, loss: { length: 3 } });
      stop.open();
      await here().ended(id);
    },
  );
});

describe('a training is refused', () => {
  const cases: [string, Partial<TrainingInput>, string, string][] = [
    ['too many steps', { params: { steps: 101 } }, 'training_param', 'params.steps'],
    ['a rank the trainer does not have', { params: { lora_rank: 16 } }, 'training_param', 'params.lora_rank'],
    ['half a step', { params: { steps: 2.5 } }, 'invalid_request', 'params.steps'],
    ['an unknown trainer', { trainer: 'nobody' }, 'trainer_not_found', 'trainer'],
    ['the name of an existing style', { style_name: '基础风格' }, 'style_name_taken', 'style_name'],
    ['no name', { style_name: ' ' }, 'invalid_request', 'style_name'],
    ['no pictures', { images: [] }, 'invalid_request', 'images'],
  ];
  it('for what the trainer does not accept', async () => {
    await start();
    for (const [what, over, code, field] of cases)
      expect(await refusal(train(over)), what).toMatchObject({ code, field });
  });

  it('for fewer or more pictures than it takes', async () => {
    await start();
    const ids = await uploads(5);
    for (const count of [1, 5]) {
      const images = ids.slice(0, count).map((image) => ({ image }));
      const error = await refusal(train({ images }));
      expect(error).toMatchObject({
        code: 'training_images',
        field: 'images',
        data: { min: 2, max: 4, count },
      });
    }
  });

  it('for a caption that was read in another encoding, naming its picture', async () => {
    await start();
    const [one = '', two = ''] = await uploads(2);
    const error = await refusal(
      train({ images: [{ image: one }, { image: two, caption: '\ufffd\ufffdɫ' }] }),
    );
    expect(error).toMatchObject({ code: 'caption_unreadable', status: 422, field: 'images.1.caption' });
    expect(error.message).toBe('The caption of picture 2 cannot be read as text. Save it as UTF-8.');
  });

  it('for a picture that is not here', async () => {
    await start();
    const [one = ''] = await uploads(1);
    const error = await refusal(train({ images: [{ image: one }, { image: '77_0' }] }));
    expect(error).toMatchObject({ code: 'image_not_found', field: 'images.1.image' });
  });

  it('under the name of a run that is still going on', async () => {
    const { trainer } = await start();
    const stop = gate(trainer, 2);
    await train();
    await stop.arrived;
    expect(await refusal(train())).toMatchObject({ code: 'style_name_taken', field: 'style_name' });
    stop.open();
  });

  it('where the trainer lacks something, with its cure', async () => {
    const { trainer } = await start();
    const cure = { en: 'Check it out again.', zh: '请重新检出。' };
    trainer.obstacles = [{ what: 'weights', name: 'step.onnx', cure }];
    expect(await refusal(train())).toMatchObject({ code: 'models_missing', field: 'trainer' });
    const [offer] = await here().client.call('listTrainers', {});
    expect(offer).toMatchObject({ available: false, missing: [{ name: 'step.onnx', cure }] });
  });
});

describe('a trained style', () => {
  async function trained(family = 'scripted', engine?: ScriptedEngine) {
    const parts = await start(new ScriptedTrainer(family), engine);
    const { id } = await train({ trigger_words: 'inky' });
    await here().ended(id);
    const run = await get(id);
    return { ...parts, run, style_id: run.style_id ?? 0 };
  }

  it('paints with its own family where none is named', async () => {
    const { engine, style_id } = await trained();
    const task = await here().client.call('generate', { body: { prompt: 'a cat', style_id } });
    expect(task.choice).toMatchObject({ family: 'scripted', ignored: [] });
    await here().ended(task.id);
    const request = engine.runs.at(-1)?.request;
    expect(request && promptOf(request)).toBe('inky, a cat');
    expect(request).toMatchObject({
      prompt: 'a cat',
      style: { name: 'Ink', family: 'scripted', lora_path: expect.stringMatching(/^loras\//) },
    });
  });

  it('is refused by another family, and by edits', async () => {
    const { style_id } = await trained();
    const other = refusal(
      here().client.call('generate', { body: { prompt: 'a cat', style_id, family: 'starter' } }),
    );
    expect(await other).toMatchObject({
      code: 'style_family',
      field: 'family',
      data: { family: [{ en: 'Scripted' }] },
    });
    const [image = ''] = await uploads(1);
    const edit = refusal(here().client.call('edit', { body: { prompt: 'blue', images: [image], style_id } }));
    expect(await edit).toMatchObject({ code: 'style_family', field: 'style_id' });
  });

  it('takes its file with it when it is deleted', async () => {
    const { run, style_id } = await trained();
    await here().client.call('deleteStyle', { params: { id: style_id } });
    expect(await files('loras')).toEqual([]);
    expect((await fetch(here().url + run.output_lora_path)).status).toBe(404);
    expect(await get(run.id)).toMatchObject({ style_id: null, output_lora_path: null });
  });

  it('stays while a task waits to be painted with it, which says which', async () => {
    const { client, style_id } = await trained(
      'scripted',
      new ScriptedEngine((_frame, { signal }) => untilAborted(signal)),
    );
    const task = await client.call('generate', { body: { prompt: 'a cat', style_id } });
    const inUse = { code: 'style_in_use', status: 409, data: { task: task.id } };
    expect(await refusal(client.call('deleteStyle', { params: { id: style_id } }))).toMatchObject(inUse);
    const other = client.call('updateStyle', {
      params: { id: style_id },
      body: { lora_path: 'mine.safetensors' },
    });
    expect(await refusal(other)).toMatchObject(inUse);
    expect(await files('loras')).toHaveLength(1);
    await client.call('cancelTask', { params: { id: task.id } });
    await client.call('deleteStyle', { params: { id: style_id } });
    expect(await files('loras')).toEqual([]);
  });

  it('outlives the run it came from', async () => {
    const { run, style_id } = await trained();
    await here().client.call('deleteTask', { params: { id: run.id } });
    expect((await fetch(here().url + run.output_lora_path)).status).toBe(200);
    expect(await here().client.call('getStyle', { params: { id: style_id } })).toMatchObject({
      is_trained: true,
    });
  });
});
