/** Repairs that meet: in one process, in two processes of a database, and after one was suspended in the middle. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type FrameRecipe,
  OWNER,
  PICTURE_TEXT_KEYWORD,
  pictureText,
  Recipe,
  type StudioError,
} from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { withText } from '../src/images/png-text.ts';
import { Repair } from '../src/repair/repair.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const SOON = { timeout: 20_000 };
const TASKS = 12;
const FRAMES = 8;
const summary = { en: 'Made by a script.', zh: '由脚本生成。' };
const provenance = { engine: 'scripted', family: 'scripted', summary, details: {} };

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe.each(await testDialects())('repairs at once, on %s', (_, dialect) => {
  let studio: TestStudio;
  let hold = gate();
  let isHeld: () => Promise<boolean>;

  beforeEach(async () => {
    hold = gate();
    isHeld = async () => false;
    studio = await startStudio({ dialect, files: 'disk', engines: [new ScriptedEngine()] });
  });
  afterEach(async () => {
    hold.open();
    await studio.close();
  });

  /** Waits at the gate before each transaction while `isHeld`. */
  const held = (db: Database): Database => ({
    dialect: db.dialect,
    read: db.read,
    write: async (work, options) => {
      if (await isHeld()) await hold.opened;
      return db.write(work, options);
    },
    size: () => db.size(),
    close: () => db.close(),
  });

  /** As the desk of another process has it. */
  function desk(
    holder: string,
    db = studio.studio.db,
    { blobs = studio.studio.blobs, stopping = studio.studio.stopping } = {},
  ): Repair {
    const { bus, news, log, search, starNotes } = studio.studio;
    const beforeMs = () => Date.now() - 3_600_000;
    return new Repair({
      db,
      blobs,
      bus,
      news,
      log,
      search,
      starNotes,
      trainers: [],
      holder,
      beforeMs,
      stopping,
    });
  }

  async function asideTasks(tasks: number): Promise<void> {
    const folder = studio.onDisk('set-aside/2026-01-02/outputs');
    await mkdir(folder, { recursive: true });
    for (let task = 1; task <= tasks; task += 1)
      for (let frame = 0; frame < FRAMES; frame += 1) {
        const recipe = Recipe.parse({ kind: 'generation', family: 'scripted', seed: 100 * task + frame });
        const png = withText(tinyPng, PICTURE_TEXT_KEYWORD, pictureText(recipe as FrameRecipe, provenance));
        await writeFile(path.join(folder, `${task}_${frame}.png`), png);
      }
  }

  async function expectWholeTasks(tasks: number): Promise<void> {
    const { items } = await studio.client.tasks({ limit: 200 });
    expect(items.map(({ id, total_frames }) => [id, total_frames]).sort(([a = 0], [b = 0]) => a - b)).toEqual(
      Array.from({ length: tasks }, (_, at) => [at + 1, FRAMES]),
    );
    expect(await readdir(studio.onDisk('outputs'))).toHaveLength(tasks * FRAMES);
  }

  const outputs = async () => (await readdir(studio.onDisk('outputs'))).length;

  it('of two processes never split a task', async () => {
    await asideTasks(TASKS);
    const run = (repair: Repair) => repair.run(OWNER, { dry_run: false });
    const outcomes = await Promise.allSettled([run(desk('one')), run(desk('other'))]);
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => (reason as StudioError).code)).toEqual(['repair_running']);
    await expectWholeTasks(TASKS);
  });

  it('one that was suspended among the files of a task loses it whole to the next', async () => {
    await asideTasks(1);
    isHeld = async () => (await outputs()) > 0;
    const suspended = desk('one', held(studio.studio.db)).run(OWNER, { dry_run: false });
    const ended = suspended.then(
      () => 'done',
      (error: StudioError) => error.code,
    );
    await expect.poll(outputs, SOON).toBe(FRAMES);
    // Its lease has expired.
    await studio.studio.db.write((trx) => trx.deleteFrom('leases').execute());
    const taken = await desk('other').run(OWNER, { dry_run: false });
    expect(taken).toMatchObject({ task_ids: [1], outputs: FRAMES, left_files: 0 });
    isHeld = async () => false;
    hold.open();
    expect(await ended).toBe('repair_running');
    await expectWholeTasks(1);
    for (const address of (await studio.client.call('getTask', { params: { id: 1 } })).output_paths)
      expect((await fetch(studio.url + address)).status).toBe(200);
  });

  it('of one process are one, and tell everybody how far they are', async () => {
    await asideTasks(TASKS);
    isHeld = async () => (await outputs()) > 5 * FRAMES;
    const one = desk('one', held(studio.studio.db));
    const first = one.run(OWNER, { dry_run: false });
    await expect.poll(outputs, SOON).toBe(6 * FRAMES);
    const second = one.run(OWNER, { dry_run: false });
    await expect(one.run(OWNER, { dry_run: true })).rejects.toMatchObject({ code: 'repair_running' });
    expect(await one.state(OWNER)).toMatchObject({
      running: true,
      phase: 'recovery',
      done: 5 * FRAMES,
      total: TASKS * FRAMES,
      result: null,
    });
    // Another process reads it from the database.
    expect(await studio.client.call('repairState', {})).toMatchObject({ running: true, result: null });
    await expect(studio.client.call('repair', { body: {} })).rejects.toMatchObject({
      code: 'repair_running',
    });
    isHeld = async () => false;
    hold.open();
    const result = await first;
    expect(await second).toEqual(result);
    expect(result).toMatchObject({ tasks: TASKS, outputs: TASKS * FRAMES });
    for (const state of [await one.state(OWNER), await studio.client.call('repairState', {})])
      expect(state).toMatchObject({ running: false, done: TASKS * FRAMES, result });
    await expectWholeTasks(TASKS);
  });

  it('end between two files when the server stops, and the next one carries on', async () => {
    await asideTasks(TASKS);
    const stop = new AbortController();
    let listed = 0;
    const blobs = Object.create(studio.studio.blobs) as typeof studio.studio.blobs;
    blobs.list = async function* (prefix) {
      for await (const file of studio.studio.blobs.list(prefix)) {
        listed += 1;
        if (listed === FRAMES) stop.abort();
        yield file;
      }
    };
    const ended = await desk('one', studio.studio.db, { blobs, stopping: stop.signal }).run(OWNER, {
      dry_run: false,
    });
    expect([listed, ended.tasks]).toEqual([FRAMES, 0]);
    expect(await desk('one').run(OWNER, { dry_run: false })).toMatchObject({ tasks: TASKS, left_files: 0 });
    await expectWholeTasks(TASKS);
  });
});
