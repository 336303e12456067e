import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StartProblem } from '../src/start-problem.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let dataDir: string;
let elsewhere: string;
const start = (environ = {}, dir = dataDir) =>
  startStudio({ engines: [new ScriptedEngine()], dataDir: dir, environ });

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-paired-'));
  elsewhere = await mkdtemp(path.join(os.tmpdir(), 'limner-elsewhere-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await rm(elsewhere, { recursive: true, force: true });
});

async function paint(studio: TestStudio): Promise<string[]> {
  const { id } = await studio.client.call('generate', { body: { prompt: 'a key', batch_size: 2 } });
  return (await studio.ended(id)).output_paths;
}

async function refusal(starting: Promise<TestStudio>): Promise<StartProblem> {
  const problem = await starting.then(
    async (studio) => {
      await studio.close();
      return null;
    },
    (error: unknown) => error,
  );
  expect(problem).toBeInstanceOf(StartProblem);
  return problem as StartProblem;
}

const outputs = () => readdir(path.join(dataDir, 'outputs'));

describe('a data folder with pictures', () => {
  it('is refused with another database, a missing one or one without its log, and stays as it is', async () => {
    const studio = await start();
    const paths = await paint(studio);
    await studio.close();
    const before = await outputs();
    expect(before).toHaveLength(2);
    const own = path.join(dataDir, 'limner.db');
    const kept = path.join(elsewhere, 'kept.db');
    await copyFile(own, kept);

    const other = `sqlite:${path.join(elsewhere, 'other.db')}`;
    const problem = await refusal(start({ DATABASE_URL: other }));
    expect(problem.exitCode).toBe(2);
    expect(problem.texts.en).toMatch(
      /another database; this one is new and empty.*DATABASE_URL.*installation\.id/s,
    );
    expect(problem.texts.zh).toContain('不会删除');

    await rm(own);
    await refusal(start());
    const strange = await start({}, elsewhere);
    await paint(strange);
    await strange.close();
    await copyFile(path.join(elsewhere, 'limner.db'), own);
    expect((await refusal(start())).texts.en).toContain('belongs to another data folder');
    expect(await outputs()).toEqual(before);

    await copyFile(kept, own);
    const again = await start();
    for (const address of paths) expect((await fetch(again.url + address)).status).toBe(200);
    await again.close();
  });

  it('is refused with a database that is damaged in the middle, with the path and the cure', async () => {
    const studio = await start();
    await paint(studio);
    await studio.close();
    const own = path.join(dataDir, 'limner.db');
    const open = new DatabaseSync(own, { readOnly: true });
    const found = open.prepare("select rootpage from sqlite_schema where name = 'facts'").get();
    open.close();
    const { rootpage: page } = found as { rootpage: number };
    const bytes = await readFile(own);
    await writeFile(own, bytes.fill(0xff, (page - 1) * 4096, page * 4096));
    const { texts } = await refusal(start());
    expect(texts.en).toMatch(/limner\.db is damaged.*Replace it with a backup/);
    expect(texts.zh).toContain('已损坏');
    expect(await outputs()).toHaveLength(2);
  });

  it('goes on with another database once its id was taken away', async () => {
    const studio = await start();
    await paint(studio);
    await studio.close();
    await rm(path.join(dataDir, 'installation.id'));
    const other = `sqlite:${path.join(elsewhere, 'other.db')}`;
    await (await start({ DATABASE_URL: other })).close();
    expect((await readFile(path.join(dataDir, 'installation.id'), 'utf8')).trim()).toMatch(/^[\da-f-]{36}$/);
    await refusal(start());
  });
});

describe('with a wrong database nothing of a folder is lost', () => {
  const own = () => path.join(dataDir, 'limner.db');
  const kept = () => path.join(elsewhere, 'kept.db');
  const ofAnother = async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-strange-'));
    const strange = await start({}, folder);
    await paint(strange);
    await strange.close();
    await copyFile(path.join(folder, 'limner.db'), own());
    await rm(folder, { recursive: true });
  };
  /** Another file in its place: this process may still have the old one open. */
  const replace = async (bytes: Buffer | string) => {
    await rm(own());
    await writeFile(own(), bytes);
  };
  const damage = async () => {
    const bytes = await readFile(own());
    await replace(Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 7)]));
  };

  it.each([
    ['that is missing', () => rm(own()), /new and empty.*DATABASE_URL/s],
    ['that is empty', () => replace(''), /new and empty.*DATABASE_URL/s],
    ['of another folder', ofAnother, /belongs to another data folder/],
    ['that is damaged', damage, /limner\.db/],
    ['that is no database', () => replace('a letter to my aunt'), /limner\.db/],
  ])('%s: the start is refused, and with its own all is there', async (_, spoil, sentence) => {
    const studio = await start();
    const paths = await paint(studio);
    await studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
    await studio.close();
    await copyFile(own(), kept());
    const files = () =>
      Promise.all(['outputs', 'uploads'].map((folder) => readdir(path.join(dataDir, folder))));
    const before = await files();
    await spoil();
    const problem = await refusal(start());
    expect(problem.texts.en).toMatch(sentence);
    expect(problem.texts.zh).toMatch(/[\u3400-\u9fff]/);
    expect(await files()).toEqual(before);

    await copyFile(kept(), own());
    const again = await start();
    for (const address of paths) expect((await fetch(again.url + address)).status).toBe(200);
    expect(await again.client.call('repair', { body: { dry_run: true } })).toMatchObject({
      tasks: 0,
      uploads: 0,
      left_files: 0,
    });
    await again.close();
  });

  it('whose own is gone for good: everything comes back from the files', async () => {
    const studio = await start();
    const paths = await paint(studio);
    const upload = await studio.client.call('upload', {
      file: new Blob([new Uint8Array(tinyPng)]),
      fileName: 'a.png',
    });
    await studio.close();
    await rm(own());
    await rm(path.join(dataDir, 'installation.id'));
    const again = await start();
    expect(await again.client.call('repair', { body: {} })).toMatchObject({
      task_ids: [1],
      outputs: 2,
      uploads: 1,
    });
    for (const address of [...paths, upload.url]) expect((await fetch(again.url + address)).status).toBe(200);
    expect((await again.client.call('getTask', { params: { id: 1 } })).prompt).toBe('a key');
    await again.close();
  });
});

it('a folder without the pictures of its database is refused, until it is said that they are lost', async () => {
  const first = await start();
  const [picture = ''] = await paint(first);
  await first.close();
  const DATABASE_URL = `sqlite:${path.join(dataDir, 'limner.db')}`;
  const problem = await refusal(start({ DATABASE_URL }, elsewhere));
  expect(problem.exitCode).toBe(2);
  expect(problem.texts.en).toMatch(/has pictures.*LIMNER_DATA_DIR.*installation\.id/s);
  expect(await readdir(elsewhere)).not.toContain('installation.id');
  const again = await start();
  expect((await fetch(again.url + picture)).status).toBe(200);
  await again.close();

  const [id = ''] = /[\da-f-]{36}/.exec(problem.texts.zh) ?? [];
  await writeFile(path.join(elsewhere, 'installation.id'), id);
  await (await start({ DATABASE_URL }, elsewhere)).close();
});

it('pictures made after a backup are set aside when it is put back, and come back from there', async () => {
  const first = await start();
  await paint(first);
  await first.close();
  const backup = path.join(elsewhere, 'backup.db');
  await copyFile(path.join(dataDir, 'limner.db'), backup);
  const second = await start();
  const [later = ''] = await paint(second);
  const bytes = await readFile(path.join(dataDir, later));
  await second.close();
  await copyFile(backup, path.join(dataDir, 'limner.db'));
  const past = new Date(Date.now() - 60_000);
  for (const name of await outputs()) await utimes(path.join(dataDir, 'outputs', name), past, past);

  const restored = await start();
  const aside = path.join(dataDir, 'set-aside', new Date().toISOString().slice(0, 10), later);
  await vi.waitFor(async () => expect((await readFile(aside)).equals(bytes)).toBe(true), 10_000);
  const { parts } = await restored.client.call('storage', {});
  expect(parts.find(({ part }) => part === 'set_aside')?.files).toBeGreaterThan(0);
  expect((await outputs()).sort()).toEqual(['1_0.png', '1_1.png']);
  expect(await restored.client.call('repair', { body: {} })).toMatchObject({ task_ids: [2], outputs: 2 });
  expect(Buffer.from(await (await fetch(restored.url + later)).arrayBuffer()).equals(bytes)).toBe(true);
  await restored.close();
});

it('a database is used by one Limner, wherever the data folder of the other is', async () => {
  const studio = await start();
  const problem = await refusal(
    start({ DATABASE_URL: `sqlite:${path.join(dataDir, 'limner.db')}` }, elsewhere),
  );
  expect([problem.exitCode, problem.texts.en]).toEqual([3, expect.stringContaining('is using the database')]);
  await studio.close();
});
