import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Migrator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  it('are all kept, and one that fails takes only itself back', async () => {
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

  it('are told at the commit where nobody asked to wait for the disk', async () => {
    const told: string[] = [];
    const insert = (name: string, durable: boolean) =>
      db
        .write((trx) => trx.insertInto('trash').values({ file: name }).execute(), { durable })
        .then(() => told.push(name));
    await Promise.all([insert('waits', true), insert('does not', false)]);
    expect(told).toEqual(['does not', 'waits']);
    expect(await names()).toEqual(['does not', 'waits']);
  });

  it('are seen by readers only when they are durable', async () => {
    let seen: string[] = [];
    await db.write(async (trx) => {
      await trx.insertInto('trash').values({ file: 'a' }).execute();
      seen = await names();
    });
    expect(seen).toEqual([]);
    expect(await names()).toEqual(['a']);
  });
});

it('refuses values SQLite would store as something else', async () => {
  const odd = new Date() as unknown as string;
  await expect(trash(odd)).rejects.toThrow(/cannot be bound/);
  await expect(trash('a')).resolves.toBeDefined();
});

it('opens an up-to-date file as it is, and copies one before it changes its tables', async () => {
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
  const { rows } = await listTasks(db, { text: '红色', limit: 5 });
  expect(rows.map(({ prompt }) => prompt)).toEqual(['红色的龙']);
});
