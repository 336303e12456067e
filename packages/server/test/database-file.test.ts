/** Backup, migration and restore of the database beside a real server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { Migrator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Config, readConfig } from '../src/config.ts';
import { migrations } from '../src/db/migrations.ts';
import { connectSqlite } from '../src/db/sqlite-connection.ts';
import { examineFile } from '../src/db/sqlite-file.ts';
import { backupDatabase } from '../src/maintenance/backup-database.ts';
import { migrateDatabase } from '../src/maintenance/migrate-database.ts';
import { restoreDatabase } from '../src/maintenance/restore-database.ts';
import { StartProblem } from '../src/start-problem.ts';
import { serverDir } from './places.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { emptyDatabase } from './test-database.ts';
import { testLayout } from './test-layout.ts';

const MAIN = path.join(serverDir, 'dist', 'main.js');

let folder: string;
let dataDir: string;
let file: string;
let config: Config;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-file-'));
  dataDir = path.join(folder, 'data');
  file = path.join(dataDir, 'limner.db');
  config = configOf(dataDir);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const configOf = (dir: string) => readConfig(testLayout, { LIMNER_DATA_DIR: dir });
const start = (dir = dataDir) =>
  startStudio({ engines: [new ScriptedEngine()], dataDir: dir, dialect: 'sqlite', files: 'disk' });

async function paint(studio: TestStudio): Promise<number> {
  const { id } = await studio.client.call('generate', { body: { prompt: 'a key' } });
  await studio.ended(id);
  return id;
}

async function paintedIn(dir = dataDir): Promise<void> {
  const studio = await start(dir);
  await paint(studio);
  await studio.close();
}

async function refusal(work: Promise<unknown>): Promise<StartProblem> {
  const error = await work.then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(StartProblem);
  return error as StartProblem;
}

const restore = (source: string, foreign = false) => restoreDatabase(config, { source, foreign });

describe('a backup', () => {
  it('is taken of a running server that writes all the time, complete, checked and for its owner only', async () => {
    const studio = await start();
    await paint(studio);
    let isOver = false;
    const writing = (async () => {
      while (!isOver) await paint(studio);
    })();
    const target = path.join(folder, 'kept.db');
    const made = await backupDatabase(config, target);
    isOver = true;
    await writing;
    await studio.close();

    expect(made).toMatchObject({ file: target, size_bytes: (await stat(target)).size, pending: [] });
    expect(made.sha256).toMatch(/^[\da-f]{64}$/);
    expect(made.tasks).toBeGreaterThanOrEqual(1);
    expect((await stat(target)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['data', 'kept.db']);
    const copy = new DatabaseSync(target, { readOnly: true });
    expect(copy.prepare('select count(*) as n from tasks').get()).toMatchObject({ n: made.tasks });
    copy.close();
    expect(await readdir(folder)).toEqual(['data', 'kept.db']);
  });

  it('has a dated name beside the database, or in the folder that is named, and counts as a copy', async () => {
    await paintedIn();
    const beside = await backupDatabase(config, null);
    expect(path.dirname(beside.file)).toBe(dataDir);
    expect(path.basename(beside.file)).toMatch(/^limner-backup-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.db$/);
    expect(path.dirname((await backupDatabase(config, folder)).file)).toBe(folder);
    const studio = await start();
    const { parts } = await studio.client.call('storage', {});
    await studio.close();
    expect(parts.find(({ part }) => part === 'backups')).toMatchObject({
      files: 1,
      size_bytes: beside.size_bytes,
    });
  });

  it('never replaces another of the same second', async () => {
    await paintedIn();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 31, 12) });
    try {
      const made = [];
      for (let n = 0; n < 3; n += 1) made.push(path.basename((await backupDatabase(config, null)).file));
      expect(made).toEqual(['', '-2', '-3'].map((number) => `limner-backup-2026-01-31T12-00-00${number}.db`));
      const kept = [];
      for (const name of made.slice(0, 2)) {
        const source = path.join(dataDir, name);
        kept.push(path.basename((await restore(source)).kept ?? ''));
      }
      expect(kept).toEqual(
        ['', '-2'].map((number) => `limner-before-restore-2026-01-31T12-00-00${number}.db`),
      );
      expect(await readdir(dataDir)).toEqual(expect.arrayContaining([...made, ...kept]));
    } finally {
      vi.useRealTimers();
    }
  });

  it('replaces nothing and makes no folder', async () => {
    await paintedIn();
    const target = path.join(folder, 'kept.db');
    await writeFile(target, 'mine');
    expect((await refusal(backupDatabase(config, target))).texts.en).toContain('exists already');
    expect(await readFile(target, 'utf8')).toBe('mine');
    const nowhere = path.join(folder, 'not-mounted', 'kept.db');
    expect((await refusal(backupDatabase(config, nowhere))).texts.en).toContain('There is no folder');
    const noFolder = `${path.join(folder, 'backups')}${path.sep}`;
    expect((await refusal(backupDatabase(config, noFolder))).texts.en).toContain('There is no folder');
    expect((await readdir(folder)).sort()).toEqual(['data', 'kept.db']);
  });

  it('of a damaged database is refused, and none is left', async () => {
    await paintedIn();
    const bytes = await readFile(file);
    await rm(file);
    await writeFile(file, bytes.fill(7, 4096 * 3, 4096 * 9));
    const { texts } = await refusal(backupDatabase(config, path.join(folder, 'kept.db')));
    expect(texts.en).toMatch(/damaged/);
    expect(await readdir(folder)).toEqual(['data']);
  });

  it('of Postgres, or of no database, is refused with what to do', async () => {
    expect((await refusal(backupDatabase(config, null))).texts.en).toContain('There is no database at');
    const postgres = readConfig(testLayout, { DATABASE_URL: 'postgres://u:p@127.0.0.1/limner' });
    expect((await refusal(backupDatabase(postgres, null))).texts.en).toContain('pg_dump');
  });

  it('that is stopped at any moment is there complete or not at all', async () => {
    await paintedIn();
    const filler = connectSqlite(file);
    filler.control.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
      insert into facts select 'filler ' || i, hex(zeroblob(1000000)) from n`);
    await filler.kysely.destroy();
    const target = path.join(folder, 'kept.db');
    for (const waitMs of [60, 120, 180, 240, 300, 400]) {
      const env = { ...process.env, LIMNER_DATA_DIR: dataDir, LC_ALL: 'C' };
      const child = spawn(process.execPath, [MAIN, 'backup', target], { env, stdio: 'ignore' });
      await pause(waitMs);
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const made = (await readdir(folder)).filter((name) => name !== 'data');
      if (made.length === 0) continue;
      const parts = made.filter((name) => name !== 'kept.db');
      // Node had not started: nothing could remove it.
      expect(child.signalCode === 'SIGTERM' ? [] : parts).toEqual([]);
      if (made.includes('kept.db')) expect((await examineFile(target, target)).tasks).toBe(1);
      for (const name of made) await rm(path.join(folder, name));
    }
  });
});

describe('a restore', () => {
  it('brings the backup back, keeps the present database, and newer pictures can be recovered', async () => {
    const studio = await start();
    const first = await paint(studio);
    const { file: kept } = await backupDatabase(config, path.join(folder, 'kept.db'));
    const second = await paint(studio);
    await studio.close();

    const result = await restore(kept);
    expect(result).toMatchObject({ file, tasks: 1, pictures: 1, pending: [] });
    expect(path.basename(result.kept ?? '')).toMatch(/^limner-before-restore-.*\.db$/);
    const old = new DatabaseSync(result.kept ?? '', { readOnly: true });
    expect(old.prepare('select id from tasks order by id').all()).toMatchObject([
      { id: first },
      { id: second },
    ]);
    old.close();

    const again = await start();
    const items = (await again.client.tasks()).items.map(({ id }) => id);
    expect(items).toEqual([first]);
    await expect.poll(setAside, { timeout: 20_000 }).toEqual([`${second}_0.png`]);
    await again.client.call('repair', { body: {} });
    expect((await again.client.tasks()).items.map(({ id }) => id)).toEqual([second, first]);
    await again.close();
  });

  const setAside = async (): Promise<string[]> => {
    const aside = path.join(dataDir, 'set-aside');
    const entries = await readdir(aside, { recursive: true }).catch(() => []);
    return entries.filter((entry) => entry.endsWith('.png')).map((entry) => path.basename(entry));
  };

  it('is refused while a server runs, and changes nothing', async () => {
    const studio = await start();
    await paint(studio);
    const { file: kept } = await backupDatabase(config, path.join(folder, 'kept.db'));
    const problem = await refusal(restore(kept));
    expect(problem.exitCode).toBe(3);
    expect(problem.texts.en).toContain('Another Limner is using');
    expect((await readdir(dataDir)).filter((name) => /restor/.test(name))).toEqual([]);
    await paint(studio);
    await studio.close();
  });

  const ofAnother = async (): Promise<string> => {
    const other = path.join(folder, 'other');
    await paintedIn(other);
    return path.join(other, 'limner.db');
  };
  const written = async (content: string | Buffer): Promise<string> => {
    const target = path.join(folder, 'source.db');
    await writeFile(target, content);
    return target;
  };
  const ofProgram = async (): Promise<string> => {
    const target = path.join(folder, 'notes.db');
    const notes = new DatabaseSync(target);
    notes.exec('create table notes (text)');
    notes.close();
    return target;
  };
  const ofNewer = async (): Promise<string> => {
    const { file: target } = await backupDatabase(config, path.join(folder, 'newer.db'));
    const newer = new DatabaseSync(target);
    newer.exec("insert into kysely_migration values ('9999_future', '2030-01-01')");
    newer.close();
    return target;
  };

  it.each([
    ['of another installation', ofAnother, /another installation.*--of-another-installation/],
    ['that is empty', () => written(''), /not a database of Limner/],
    ['that is a letter', () => written('dear aunt '.repeat(1000)), /damaged or is not a database/],
    [
      'that is half',
      async () => written((await readFile(file)).subarray(0, 20_480)),
      /damaged|not a database of Limner/,
    ],
    ['of another program', ofProgram, /not a database of Limner/],
    ['of a newer Limner', ofNewer, /newer Limner/],
    ['that is not there', async () => path.join(folder, 'nowhere.db'), /Cannot read/],
    ['that is a folder', async () => folder, /Cannot read/],
    ['that is the present one', async () => file, /is the present database/],
  ])('from a file %s is refused, and the present database stays as it is', async (_, make, sentence) => {
    await paintedIn();
    const source = await make();
    const before = await readFile(file);
    const names = (await readdir(dataDir)).sort();
    const { texts } = await refusal(restore(source));
    expect(texts.en).toMatch(sentence);
    expect(texts.zh).not.toBe('');
    expect((await readFile(file)).equals(before)).toBe(true);
    expect((await readdir(dataDir)).sort()).toEqual(names);
    await (await start()).close();
  });

  it('of another installation is made this one’s by the word, and the start accepts it', async () => {
    await paintedIn();
    const source = await ofAnother();
    const { kept } = await restore(source, true);
    expect(kept).not.toBeNull();
    const studio = await start();
    expect((await studio.client.tasks()).items).toHaveLength(1);
    await studio.close();
  });

  it('replaces a damaged database, which is kept with its log', async () => {
    await paintedIn();
    const { file: kept } = await backupDatabase(config, path.join(folder, 'kept.db'));
    await rm(file);
    await writeFile(file, 'not a database at all');
    await writeFile(`${file}-wal`, 'what was not merged');
    const result = await restore(kept);
    expect(await readFile(result.kept ?? '', 'utf8')).toBe('not a database at all');
    expect(await readFile(`${result.kept}-wal`, 'utf8')).toBe('what was not merged');
    const studio = await start();
    expect((await studio.client.tasks()).items).toHaveLength(1);
    await studio.close();
  });

  it('keeps the log of a database that another program reads, with what is only in it', async () => {
    await paintedIn();
    const { file: source } = await backupDatabase(config, path.join(folder, 'kept.db'));
    const reader = new DatabaseSync(file);
    reader.exec('begin');
    reader.prepare('select count(*) from tasks').get();
    const writer = new DatabaseSync(file);
    writer.exec("insert into facts (key, value) values ('only in the log', 'yes')");
    writer.close();
    const { kept } = await restore(source);
    reader.close();
    const before = new DatabaseSync(kept ?? '');
    expect(before.prepare("select value from facts where key = 'only in the log'").get()).toEqual({
      value: 'yes',
    });
    before.close();
  });

  it('takes a copy with its log beside it, and gives a lost data folder its database back', async () => {
    const studio = await start();
    await paint(studio);
    const source = path.join(folder, 'copied.db');
    await copyFile(file, source);
    await copyFile(`${file}-wal`, `${source}-wal`);
    await studio.close();
    await rm(file);
    expect(await restore(source)).toMatchObject({ tasks: 1, kept: null });
    const again = await start();
    expect((await again.client.tasks()).items).toHaveLength(1);
    await again.close();
  });
});

describe('a migration without serving', () => {
  const older = async (): Promise<void> => {
    await paintedIn();
    await rm(file);
    const old = connectSqlite(file);
    await new Migrator({ db: old.kysely, provider: migrations('sqlite') }).migrateTo('0001_first');
    old.control.exec("insert into facts values ('of', 'old')");
    await old.kysely.destroy();
  };

  it('says which steps ran and where the copy is; the second time nothing', async () => {
    await older();
    const { exists, steps, copy } = await migrateDatabase(config);
    expect(exists).toBe(true);
    expect(steps).toEqual(Object.keys(await migrations('sqlite').getMigrations()).slice(1));
    const before = new DatabaseSync(copy ?? '', { readOnly: true });
    expect(before.prepare("select name from sqlite_master where name = 'presets'").all()).toEqual([]);
    before.close();
    expect(await migrateDatabase(config)).toEqual({ exists: true, steps: [], copy: null });
  });

  it('makes no database where there is none', async () => {
    expect(await migrateDatabase(config)).toEqual({ exists: false, steps: [], copy: null });
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });

  it('makes the tables of a new Postgres, where one is installed', async (context) => {
    const place = await emptyDatabase();
    if (place?.address?.dialect !== 'postgres') return context.skip();
    try {
      const postgres = readConfig(testLayout, { DATABASE_URL: place.address.url });
      const all = Object.keys(await migrations('postgres').getMigrations());
      expect(await migrateDatabase(postgres)).toEqual({ exists: true, steps: all, copy: null });
      expect(await migrateDatabase(postgres)).toEqual({ exists: true, steps: [], copy: null });
    } finally {
      await place.remove();
    }
  });

  it('is refused while a server runs, and for the database of a newer Limner', async () => {
    const studio = await start();
    await paint(studio);
    expect((await refusal(migrateDatabase(config))).exitCode).toBe(3);
    await studio.close();
    const newer = connectSqlite(file);
    newer.control.exec("insert into kysely_migration values ('9999_future', '2030-01-01')");
    await newer.kysely.destroy();
    expect((await refusal(migrateDatabase(config))).texts.en).toContain('newer Limner');
  });
});
