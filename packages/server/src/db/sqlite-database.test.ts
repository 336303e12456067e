import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { OWNER } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import { Migrator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { openSearch } from '../search/open.ts';
import { StartProblem } from '../start-problem.ts';
import { listTasks } from '../tasks/store/task-pages.ts';
import { migrations } from './migrations.ts';
import { connectSqlite } from './sqlite-connection.ts';
import { SqliteDatabase } from './sqlite-database.ts';

let folder: string;
let file: string;
let db: SqliteDatabase;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-db-'));
  file = path.join(folder, 'limner.db');
  db = await SqliteDatabase.open(file);
});

afterEach(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const trash = (name: string) => db.write((trx) => trx.insertInto('trash').values({ file: name }).execute());
const names = async () =>
  (await db.read.selectFrom('trash').select('file').orderBy('file').execute()).map((row) => row.file);

describe('writes that arrive together', () => {
  it('are all kept; a failed one rolls back only itself', async () => {
    const outcomes = await Promise.allSettled([
      trash('a'),
      db.write(async (trx) => {
        await trx.insertInto('trash').values({ file: 'half' }).execute();
        throw new Error('changed my mind');
      }),
      trash('a'),
      trash('b'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(await names()).toEqual(['a', 'b']);
  });

  it('resolve at the commit if they need not wait for the disk', async () => {
    const committed: string[] = [];
    const insert = (name: string, durable: boolean) =>
      db
        .write((trx) => trx.insertInto('trash').values({ file: name }).execute(), { durable })
        .then(() => committed.push(name));
    await Promise.all([insert('waits', true), insert('does not', false)]);
    expect(committed).toEqual(['does not', 'waits']);
    expect(await names()).toEqual(['does not', 'waits']);
  });
});

it('refuses values SQLite would store as something else', async () => {
  const odd = new Date() as unknown as string;
  await expect(trash(odd)).rejects.toThrow(/cannot be bound/);
  await expect(trash('a')).resolves.toBeDefined();
});

it('opens an up-to-date file unchanged, and copies an older file before a migration', async () => {
  await trash('a');
  await db.close();
  db = await SqliteDatabase.open(file);
  expect(await names()).toEqual(['a']);
  expect((await readdir(folder)).filter((name) => name.includes('-before-'))).toEqual([]);
  await db.close();

  await rm(file);
  const old = connectSqlite(file);
  await new Migrator({ db: old.kysely, provider: migrations('sqlite') }).migrateTo('0001_first');
  old.control.exec("insert into trash values ('of old')");
  await old.kysely.destroy();
  db = await SqliteDatabase.open(file);
  const copies = (await readdir(folder)).filter((name) => name.includes('-before-'));
  expect(copies).toHaveLength(1);
  const copy = new DatabaseSync(path.join(folder, copies[0] ?? ''));
  expect(copy.prepare('select file from trash').all()).toEqual([expect.objectContaining({ file: 'of old' })]);
  expect(copy.prepare("select name from sqlite_master where name = 'presets'").all()).toEqual([]);
  copy.close();
  expect(await names()).toEqual(['of old']);
});

it('is one complete file after it is closed', async () => {
  await trash('a');
  await db.close();
  const copy = path.join(folder, 'copied.db');
  await copyFile(file, copy);
  db = await SqliteDatabase.open(copy);
  expect(await names()).toEqual(['a']);
});

it('does not repeat the copy of a killed start, and removes incomplete copies', async () => {
  await db.close();
  const old = () => {
    const { control, kysely } = connectSqlite(file);
    return { control, close: () => kysely.destroy(), kysely };
  };
  await rm(file);
  const first = old();
  await new Migrator({ db: first.kysely, provider: migrations('sqlite') }).migrateTo('0001_first');
  first.control.exec("insert into trash values ('of old'); pragma wal_checkpoint(truncate)");
  await first.close();
  const before = path.join(folder, 'before.db');
  await copyFile(file, before);
  /** A new file: in this process, prepared statements keep the shared memory of the old one. */
  const putBack = async () => {
    for (const part of ['', '-wal', '-shm']) await rm(`${file}${part}`, { force: true });
    await copyFile(before, file);
  };
  const copies = async () => (await readdir(folder)).filter((name) => name.includes('-before-'));
  const start = async () => {
    db = await SqliteDatabase.open(file);
    await db.close();
  };
  await start();
  const [copy = ''] = await copies();
  for (const half of ['.part', '.part-journal'])
    await copyFile(before, path.join(folder, copy.replace('.db', `0.db${half}`)));
  await putBack();
  await start();
  expect(await copies()).toEqual([copy]);
  await putBack();
  const more = old();
  more.control.exec("insert into trash values ('of later'); pragma wal_checkpoint(truncate)");
  await more.close();
  await start();
  expect(await copies()).toHaveLength(2);
});

describe('a file that cannot be used', () => {
  it('is named as damaged, with the existing copies, and is not changed', async () => {
    await db.close();
    const broken = Buffer.concat([(await readFile(file)).subarray(0, 100), Buffer.alloc(8000, 7)]);
    await writeFile(path.join(folder, 'limner-before-0003_x-1.db'), '');
    for (const bytes of [
      broken,
      Buffer.from('not a database at all, but long enough to be read as one'.repeat(9)),
    ]) {
      await writeFile(file, bytes);
      const problem = await SqliteDatabase.open(file).catch((error) => error);
      expect(problem).toBeInstanceOf(StartProblem);
      expect(problem.texts.en).toContain(`${file} is damaged`);
      expect(problem.texts.en).toContain('limner-before-0003_x-1.db');
      expect(problem.texts.zh).toContain('已损坏');
      expect((await readFile(file)).equals(bytes)).toBe(true);
    }
  });

  it('in a folder that does not exist is named with the cure', async () => {
    const problem = await SqliteDatabase.open(path.join(folder, 'nowhere', 'x.db')).catch((error) => error);
    expect(problem).toBeInstanceOf(StartProblem);
    expect(problem.texts.en).toMatch(/nowhere.*cannot be opened for writing.*LIMNER_DATA_DIR/s);
  });
});

it('finds older tasks by pairs of Chinese characters too', async () => {
  await db.close();
  await rm(file);
  const old = connectSqlite(file);
  await new Migrator({ db: old.kysely, provider: migrations('sqlite') }).migrateTo('0001_first');
  old.control.exec(`
    insert into tasks (kind, status, lane, priority, family, prompt, search_text, plan, total_frames, version, created_at)
    values ('generation', 'completed', 'starter', 0, 'starter', '红色的龙', '红 色 的 龙', '{}', 1, 1, 1)`);
  await old.kysely.destroy();
  db = await SqliteDatabase.open(file);
  const { rows } = await listTasks(OWNER, db, openSearch(db, createLog('silent')), {
    text: '红色',
    limit: 5,
  });
  expect(rows.map(({ prompt }) => prompt)).toEqual(['红色的龙']);
});
