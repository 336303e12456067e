/** `limner db copy`: all rows from SQLite to Postgres and back, on a real Postgres. */
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UNTOUCHED_SETTINGS } from '@limner/contract';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/open.ts';
import { copyDatabase } from '../src/maintenance/copy-database.ts';
import type { JobProgress } from '../src/maintenance/job-progress.ts';
import { testPostgres } from './postgres-server.ts';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { emptyDatabase, type TestDatabase } from './test-database.ts';
import { testLayout } from './test-layout.ts';

const { version } = await testPostgres();

/** Of a studio with something of everything, and with ids that were given and deleted. */
let template: string;
let kept: number;
let binned: number;
let dataDir: string;
let postgres: TestDatabase | null;
let studio: TestStudio | null = null;
beforeAll(async () => {
  template = await mkdtemp(path.join(os.tmpdir(), 'limner-db-copy-'));
  dataDir = template;
  if (version !== null) await live();
});
afterAll(() => rm(template, { recursive: true }));
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-db-copy-'));
  await cp(template, dataDir, { recursive: true });
  postgres = await emptyDatabase();
});
afterEach(async () => {
  await studio?.close();
  studio = null;
  await postgres?.remove();
  await rm(dataDir, { recursive: true });
});

const sqlite = (name = 'limner.db') => `sqlite:${path.join(dataDir, name)}`;
const address = () => (postgres?.address?.dialect === 'postgres' ? postgres.address.url : '');

const copy = (from: string, to: string, report: (progress: JobProgress) => void = () => undefined) =>
  copyDatabase(readConfig(testLayout, { LIMNER_DATA_DIR: dataDir, DATABASE_URL: from }), to, report);

async function start(url: string): Promise<TestStudio> {
  const engines = [new ScriptedEngine()];
  studio = await startStudio({ dataDir, dialect: 'sqlite', environ: { DATABASE_URL: url }, engines });
  return studio;
}

async function stop(): Promise<void> {
  await studio?.close();
  studio = null;
}

async function live(): Promise<void> {
  const { client, ended } = await start(sqlite());
  kept = (await client.call('generate', { body: { prompt: '红色的龙，a red dragon', batch_size: 3 } })).id;
  await ended(kept);
  await client.call('starOutputs', { body: { outputs: [`${kept}_1`], starred: true } });
  await client.call('deleteOutput', { params: { id: `${kept}_2` } });
  await client.call('createPreset', { body: { name: 'Mine', settings: UNTOUCHED_SETTINGS } });
  binned = (await client.call('generate', { body: { prompt: '蓝色的鸟' } })).id;
  await ended(binned);
  await client.call('deleteTask', { params: { id: binned } });
  await stop();
}

/** What clients see of the tasks, without the addresses. */
const tasksOf = async ({ client }: TestStudio) => (await client.tasks({})).items;

describe.skipIf(version === null)('a copy of the database', () => {
  it('has every row on Postgres and back, and goes on numbering where it was', async () => {
    const before = await tasksOf(await start(sqlite()));
    await stop();
    const shown: JobProgress[] = [];
    const { tables, to } = await copy(sqlite(), address(), (progress) => shown.push(progress));
    expect(tables).toContainEqual({ name: 'tasks', rows: 1, copied: 1 });
    expect(tables).toContainEqual({ name: 'outputs', rows: 2, copied: 2 });
    expect(shown.at(-1)).toMatchObject({ done: shown.at(-1)?.total });
    expect(to).toContain('postgres:');

    const { client, ended } = await start(address());
    expect(await tasksOf(studio as TestStudio)).toEqual(before);
    const found = await client.tasks({ text: '红色', starred: 'true' });
    expect(found.items.map(({ id }) => id)).toEqual([kept]);
    const { items } = await client.call('listBin', { query: {} });
    const item = items.find(({ task_id, kind }) => task_id === binned && kind === 'task');
    await client.call('restoreFromBin', { body: { items: [item?.id ?? 0] } });
    expect((await client.tasks({ text: '蓝色' })).items.map(({ id }) => id)).toEqual([binned]);
    const { id: next } = await client.call('generate', { body: { prompt: 'a key' } });
    expect(next).toBe(binned + 1);
    await ended(next);
    const after = await tasksOf(studio as TestStudio);
    await stop();

    await copy(address(), sqlite('back.db'));
    const back = await start(sqlite('back.db'));
    expect(await tasksOf(back)).toEqual(after);
    expect((await back.client.tasks({ text: '蓝色' })).items.map(({ id }) => id)).toEqual([binned]);
    expect((await back.client.call('generate', { body: { prompt: 'a lock' } })).id).toBe(next + 1);
  });

  it('goes on where it was interrupted, and is refused to a start until then', async () => {
    const interrupted = copy(sqlite(), address(), ({ part }) => {
      if (part === 'outputs') throw new Error('killed');
    });
    await expect(interrupted).rejects.toThrow('killed');
    await expect(start(address())).rejects.toThrow(/a copy that has not ended/);
    const { tables } = await copy(sqlite(), address());
    expect(tables.find(({ name }) => name === 'frames')).toMatchObject({ rows: 2, copied: 0 });
    expect((await tasksOf(await start(address()))).length).toBe(1);
  });

  it('is not made of or into what is in use, is not empty, or is of the same kind', async () => {
    await start(sqlite());
    await expect(copy(sqlite(), address())).rejects.toThrow(/Another Limner is using/);
    await stop();
    await expect(copy(sqlite(), sqlite('other.db'))).rejects.toThrow(/limner db backup/);
    await expect(copy(sqlite(), 'mysql://x')).rejects.toThrow(/no address of a database/);
    await copy(sqlite(), address());
    await expect(copy(sqlite(), address())).rejects.toThrow(/has rows already/);
    await start(address());
    await expect(copy(address(), sqlite('other.db'))).rejects.toThrow(/A Limner is using/);
  });

  it('names its argument, not a setting, where the target is wrong', async () => {
    const problems = async (to: string) => {
      const { texts } = await copy(sqlite(), to).catch((error) => error);
      for (const text of Object.values<string>(texts))
        expect(text).not.toMatch(/DATABASE_URL|LIMNER_DATA_DIR|sekret/);
      return texts as { en: string; zh: string };
    };
    const away = await problems('postgres://me:sekret@127.0.0.1:1/limner');
    expect(away.en).toContain('or correct the argument <to>, postgres://…@127.0.0.1:1/limner.');
    expect(away.zh).toContain('或更正 <to> 参数 postgres://…@127.0.0.1:1/limner。');
    const unknown = address().replace(/\/[^/?]*\?/, '/nowhere?');
    expect((await problems(unknown)).en).toContain('name another database in the argument <to>, postgres://');
  });

  it('into a file names its argument where the file is wrong', async () => {
    await writeFile(path.join(dataDir, 'junk.db'), 'junk'.repeat(1000));
    const texts = async (file: string) => {
      const { texts } = await copy(address(), `sqlite:${file}`).catch((error) => error);
      expect(texts.en).not.toMatch(/DATABASE_URL|LIMNER_DATA_DIR/);
      return texts as { en: string; zh: string };
    };
    const junk = path.join(dataDir, 'junk.db');
    expect((await texts(junk)).en).toContain(`name another database in the argument <to>, sqlite:${junk}`);
    expect((await texts(path.join(junk, 'x.db'))).zh).toContain('<to> 参数 sqlite:');
  });

  it('is refused where a row differs', async () => {
    await copyFile(path.join(dataDir, 'limner.db'), path.join(dataDir, 'changed.db'));
    const interrupted = copy(sqlite('changed.db'), address(), ({ part }) => {
      if (part === 'outputs') throw new Error('killed');
    });
    await expect(interrupted).rejects.toThrow('killed');
    const changed = await openDatabase({ dialect: 'sqlite', file: path.join(dataDir, 'changed.db') });
    await changed.write((trx) => sql`update frames set seed = '99' where frame_index = 0`.execute(trx));
    await changed.close();
    await expect(copy(sqlite('changed.db'), address())).rejects.toThrow(/rows of the table frames differ/);
    await expect(start(address())).rejects.toThrow(/a copy that has not ended/);
  });
});
