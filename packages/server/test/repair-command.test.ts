/**
 * `limner tasks check` and `repair` as a user runs them: the built program over data that was damaged in eleven ways, with
 * sound tasks, pictures, uploads, styles and presets beside. Without a server, and beside one that runs on the data.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type FindingKind, type RepairResult, type Task, UNTOUCHED_SETTINGS } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository } from './places.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';
import { ServerProcess } from './server-process.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const LIMNER = path.join(repository, 'packages', 'cli', 'dist', 'main.js');
const PAST = new Date(Date.now() - 7_200_000);
/** No worker takes tasks of this lane. */
const NOWHERE = 'nowhere';
const ASIDE = 'set-aside/2026-01-02';
/** What a start and a repair note of themselves, and the search table's own pages. */
const OF_THE_PROGRAM = /^(facts|leases|processes|sqlite_|kysely_|search_due|task_search)/;
const OF_THE_STUDIO = ['outputs', 'uploads', 'loras', 'set-aside', 'stars'];

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-repair-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const at = (...key: string[]) => path.join(dataDir, ...key);

function withRows<T>(work: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(at('limner.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** All rows by table, as text. */
const rows = (): Record<string, string[]> =>
  withRows((db) => {
    const tables = db.prepare("select name from sqlite_master where type = 'table' order by name").all();
    const names = (tables as { name: string }[]).map(({ name }) => name);
    return Object.fromEntries(
      names
        .filter((name) => !OF_THE_PROGRAM.test(name))
        .map((name) => [
          name,
          db
            .prepare(`select * from ${name}`)
            .all()
            .map((row) => JSON.stringify(row))
            .sort(),
        ]),
    );
  });

/** Hashes by path. */
async function files(): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const folder of OF_THE_STUDIO.filter((name) => existsSync(at(name))))
    for (const entry of await readdir(at(folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const file = path.join(entry.parentPath, entry.name);
        all[path.relative(dataDir, file)] = createHash('sha256')
          .update(await readFile(file))
          .digest('hex');
      }
  return all;
}

interface Ended {
  code: number;
  out: string;
  err: string;
}

const limner = (...argv: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    // Port 0: no server of somebody else on this machine.
    const env = { ...process.env, LIMNER_DATA_DIR: dataDir, PORT: '0', COMFYUI_URL: 'none', LC_ALL: 'C' };
    execFile(process.execPath, [LIMNER, ...argv], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
const result = ({ out }: Ended): RepairResult => JSON.parse(out);
const namesOf = ({ findings }: RepairResult) =>
  Object.fromEntries(findings.map(({ kind, names }) => [kind, [...names].sort()])) as Record<
    FindingKind,
    string[]
  >;

interface Made {
  /** Tasks that nothing is done to. */
  sound: number[];
  damaged: Record<(typeof DAMAGED)[number], number>;
  /** Each has an upload of its own. */
  asideUpload: string;
}

const DAMAGED = [
  'ended',
  'waiting',
  'disagrees',
  'totals',
  'entered',
  'gone',
  'asideByRecipe',
  'frameless',
  'unfinished',
  'aside',
] as const;

/** What a studio is full of after a while. */
async function fill(): Promise<Made> {
  const studio = await startStudio({
    dialect: 'sqlite',
    files: 'disk',
    dataDir,
    engines: [new ScriptedEngine()],
    trainers: [new ScriptedTrainer()],
  });
  const paint = async (body: object = {}): Promise<Task> => {
    const sent = { prompt: 'a brass key', family: 'scripted', batch_size: 2, seed: 5, ...body };
    return studio.ended((await studio.client.call('generate', { body: sent })).id);
  };
  const first = await paint();
  const sound = [first.id, await soundEdit(studio, paint, first), await soundTraining(studio)];
  const damaged = {} as Made['damaged'];
  for (const name of DAMAGED) damaged[name] = (await paint({ prompt: `a key, ${name}` })).id;
  const asideUpload = (await upload(studio, 77)).id;
  await studio.close();
  return { sound, damaged, asideUpload };
}

async function upload(studio: TestStudio, shade: number) {
  const background = { r: shade, g: shade, b: 90 };
  const png = await sharp({ create: { width: 12, height: 12, channels: 3, background } })
    .png()
    .toBuffer();
  return studio.client.call('upload', { file: new Blob([new Uint8Array(png)]), fileName: `${shade}.png` });
}

/** With a star, an upload that it reads, a preset that names it, and a neighbour in the bin. */
async function soundEdit(
  studio: TestStudio,
  paint: (body?: object) => Promise<Task>,
  first: Task,
): Promise<number> {
  await studio.client.call('starOutputs', { body: { outputs: [`${first.id}_0`], starred: true } });
  const { id: input_image } = await upload(studio, 10);
  const edit = await paint({ type: 'img2img', input_image });
  await studio.client.call('createPreset', {
    body: { name: 'mine', settings: { ...UNTOUCHED_SETTINGS, recipe: edit.recipe } },
  });
  const binned = await paint();
  await studio.client.call('deleteTask', { params: { id: binned.id } });
  return edit.id;
}

async function soundTraining(studio: TestStudio): Promise<number> {
  const images = [{ image: (await upload(studio, 20)).id }, { image: (await upload(studio, 30)).id }];
  const training = await studio.client.call('train', {
    body: { style_name: 'Ink', style_type: 'vfx', trigger_words: 'inky', images },
  });
  return (await studio.ended(training.id)).id;
}

async function setAside(key: string): Promise<void> {
  await mkdir(at(ASIDE, path.dirname(key)), { recursive: true });
  await rename(at(key), at(ASIDE, key));
}

async function damage({ damaged, asideUpload }: Made): Promise<void> {
  withRows((db) => {
    const run = (statement: string, ...values: (string | number)[]) => db.prepare(statement).run(...values);
    const forget = (task: number, frame: number) =>
      run('delete from outputs where task_id = ? and frame_index = ?', task, frame);
    const frame = (task: number, index: number, change: string) =>
      run(`update frames set ${change} where task_id = ? and frame_index = ?`, task, index);
    const task = (id: number, change: string) => run(`update tasks set ${change} where id = ?`, id);

    forget(damaged.ended, 1);
    frame(damaged.ended, 1, "status = 'queued', completed_at = null");
    task(damaged.waiting, `status = 'queued', lane = '${NOWHERE}', completed_at = null`);
    task(damaged.disagrees, "status = 'failed'");
    task(damaged.totals, 'total_frames = 7, stars = 3');
    forget(damaged.entered, 1);
    forget(damaged.gone, 0);
    forget(damaged.asideByRecipe, 0);
    run('delete from frames where task_id = ? and frame_index = 1', damaged.frameless);
    frame(damaged.unfinished, 0, "status = 'failed', error = null");
    task(damaged.unfinished, "status = 'partial'");
  });
  await rm(at(`outputs/${damaged.ended}_1.png`));
  await rm(at(`outputs/${damaged.gone}_0.png`));
  await setAside(`outputs/${damaged.asideByRecipe}_0.png`);
  await setAside(`outputs/${damaged.aside}_1.png`);
  await setAside(`uploads/${asideUpload}.png`);
  await writeFile(at('outputs/900_0.png'), tinyPng);
  await utimes(at('outputs/900_0.png'), PAST, PAST);
}

/** Of these tasks, and all rows that belong to none. */
function of(tasks: number[], all: Record<string, string[]>): Record<string, string[]> {
  const isTheirs = (table: string, text: string) => {
    const row = JSON.parse(text);
    const task = table === 'tasks' ? row.id : row.task_id;
    return task === undefined || task === null || tasks.includes(task);
  };
  return Object.fromEntries(
    Object.entries(all).map(([table, found]) => [table, found.filter((row) => isTheirs(table, row))]),
  );
}

const soundFiles = (sound: number[], all: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(all).filter(([file]) => {
      const task = /^outputs\/(\d+)_/.exec(file)?.[1];
      return !file.startsWith('set-aside') && (task === undefined || sound.includes(Number(task)));
    }),
  );

describe.each(['without a server', 'beside a server'])('limner tasks check and repair, %s', (how) => {
  let server: ServerProcess | null = null;
  afterEach(async () => {
    await server?.stop('SIGTERM');
    server = null;
  });

  it('changes nothing dry, then mends every damage and nothing else, and then finds none', async () => {
    const made = await fill();
    const isRunning = how === 'beside a server';
    if (isRunning)
      server = await ServerProcess.start('serve', {
        LIMNER_DATA_DIR: dataDir,
        COMFYUI_URL: 'none',
        LOG_LEVEL: 'error',
        // They set files without a row aside, at a time of their own.
        RUN_CHORES: 'false',
      });
    await damage(made);
    // What a start itself writes is no work of a check.
    expect((await limner('tasks', 'list')).code).toBe(0);

    const { damaged, sound, asideUpload } = made;
    const before = { rows: rows(), files: await files() };
    const check = await limner('tasks', 'check');
    expect([check.code, check.err]).toEqual([1, expect.anything()]);
    expect(check.out).toContain(
      'Tasks whose status contradicts their pictures: 1. Repair mends all of them.',
    );
    const dry = await limner('tasks', 'repair', '--dry-run', '--json');
    expect(dry.code).toBe(0);
    const plan = result(dry);
    expect(namesOf(plan)).toEqual({
      ended_with_work: [`${damaged.ended}`],
      waiting_without_work: [`${damaged.waiting}`],
      status_disagrees: [`${damaged.disagrees}`],
      totals_disagree: [`${damaged.totals}`],
      completed_without_output: [
        `${damaged.entered}_1`,
        `${damaged.gone}_0`,
        `${damaged.asideByRecipe}_0`,
      ].sort(),
      output_without_frame: [`${damaged.frameless}_1`],
      output_of_unfinished: [`${damaged.unfinished}_0`],
      output_file_missing: [`outputs/${damaged.aside}_1.png`],
      upload_file_missing: [`uploads/${asideUpload}.png`],
      file_without_row: ['outputs/900_0.png'],
    });
    expect({ rows: rows(), files: await files() }).toEqual(before);

    const repaired = await limner('tasks', 'repair', '--yes');
    expect([repaired.code, repaired.out]).toEqual([0, expect.stringMatching(/^Recovered: 1 task/)]);
    const after = { rows: rows(), files: await files() };
    expect(of(sound, after.rows)).toEqual(of(sound, before.rows));
    expect(soundFiles(sound, after.files)).toMatchObject(soundFiles(sound, before.files));
    const status = (task: number) =>
      after.rows.tasks?.map((row) => JSON.parse(row)).find(({ id }) => id === task)?.status;
    expect(DAMAGED.map((name) => [name, status(damaged[name])])).toEqual(
      DAMAGED.map((name) => [name, name === 'gone' ? 'partial' : 'completed']),
    );
    expect(status(900)).toBe('completed');
    expect(Object.keys(after.files).filter((file) => file.startsWith('set-aside'))).toEqual([]);

    const again = await limner('tasks', 'check', '--json');
    expect([again.code, result(again)]).toEqual([
      0,
      expect.objectContaining({ findings: [], tasks: 0, returned_files: 0, left_files: 0 }),
    ]);
    const second = await limner('tasks', 'repair', '--yes');
    expect(second.code).toBe(0);
    expect(rows()).toEqual(after.rows);
    expect(await files()).toEqual(after.files);
  }, 240_000);
});
