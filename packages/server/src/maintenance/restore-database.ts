/**
 * Replaces the database by a file, which is copied and checked first. The present database is kept beside it under a
 * dated name. At every moment there is a complete database under its own name: the new one takes the place of the old
 * one by a rename, and the old one has its second name before that.
 */
import { existsSync } from 'node:fs';
import { access, chmod, constants, copyFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { assignToInstallation, type DatabaseFacts, examineFile, mergeLog } from '../db/sqlite-file.ts';
import { sqliteProblem } from '../db/sqlite-problem.ts';
import { StartProblem } from '../start-problem.ts';
import { createFolder } from '../storage/create-folder.ts';
import { lockDatabaseFile, lockDataDir } from '../storage/data-lock.ts';
import { folderId } from '../storage/installation.ts';
import { copyDurably, flush, freeDatedName, linkOrCopy, sqliteFileOf } from './database-file.ts';

export interface RestoredDatabase extends DatabaseFacts {
  file: string;
  /** The database that was there before; null: there was none. */
  kept: string | null;
}

export interface RestoreOptions {
  source: string;
  /** Also accepts the database of another installation, and gives it to this one. */
  foreign: boolean;
}

/** @throws StartProblem, before anything is changed */
export async function restoreDatabase(config: Config, options: RestoreOptions): Promise<RestoredDatabase> {
  const file = sqliteFileOf(config);
  await assertSource(options.source, file);
  for (const folder of [config.dataDir, path.dirname(file)]) await createFolder(folder);
  const locks = [lockDataDir(config.dataDir)];
  const part = `${file}.restoring`;
  try {
    locks.push(lockDatabaseFile(file));
    await copyWhole(options.source, part);
    // The source may be on a medium that cannot be written.
    await chmod(part, (await stat(file).catch(() => null))?.mode ?? 0o600);
    const facts = await examineFile(part, options.source);
    const id = await folderId(config.dataDir);
    if (id !== null && isForeign(facts, id)) {
      if (!options.foreign) throw ofAnotherInstallation(options.source, config.dataDir);
      assignToInstallation(part, id);
    }
    await flush(part);
    const kept = await replace(file, part);
    return { file, kept, ...facts };
  } catch (error) {
    throw error instanceof StartProblem ? error : sqliteProblem(error, file);
  } finally {
    // Without the second lock the copy may be another restore's.
    if (locks.length === 2) for (const name of [part, `${part}-wal`]) await rm(name, { force: true });
    for (const lock of locks.reverse()) lock.release();
  }
}

async function assertSource(source: string, file: string): Promise<void> {
  const found = await stat(source).catch(() => null);
  const readable = await access(source, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!found?.isFile() || !readable) throw unreadable(source);
  const present = await stat(file).catch(() => null);
  if (present && present.ino === found.ino && present.dev === found.dev) throw isPresent(source);
}

/** With its log: the copy of a database that was not closed is complete only with it. */
async function copyWhole(source: string, part: string): Promise<void> {
  for (const suffix of ['', '-wal']) {
    await rm(part + suffix, { force: true });
    if (suffix === '' || existsSync(source + suffix)) await copyFile(source + suffix, part + suffix);
  }
}

/** As at a start: a database without an id is from before there were ids, if it has tasks. */
const isForeign = ({ installation, tasks }: DatabaseFacts, id: string): boolean =>
  installation === null ? tasks === 0 : installation !== id;

/** @returns the name under which the present database is kept. */
async function replace(file: string, part: string): Promise<string | null> {
  if (!existsSync(file)) {
    await rename(part, file);
    return null;
  }
  const { dir, name } = path.parse(file);
  const kept = freeDatedName(dir, name, 'before-restore', new Date());
  // Copied first: SQLite deletes the log of a database that has lost all its pages.
  const log = await stat(`${file}-wal`).catch(() => null);
  if (log && log.size > 0) await copyDurably(`${file}-wal`, `${kept}-wal`);
  if (mergeLog(file)) await rm(`${kept}-wal`, { force: true });
  await linkOrCopy(file, `${kept}.part`);
  // A log of the old database would be read into the new one.
  for (const suffix of ['-wal', '-shm']) await rm(file + suffix, { force: true });
  await rename(part, file);
  await rename(`${kept}.part`, kept);
  return kept;
}

const unreadable = (source: string): StartProblem =>
  new StartProblem({ en: `Cannot read ${source}.`, zh: `无法读取 ${source}。` });

const isPresent = (source: string): StartProblem =>
  new StartProblem({
    en: `${source} is the present database. Name a backup of it.`,
    zh: `${source} 就是当前的数据库。请给出它的备份。`,
  });

const ofAnotherInstallation = (source: string, dataDir: string): StartProblem =>
  new StartProblem({
    en: `${source} is the database of another installation, not of ${dataDir}: it knows none of the pictures there. Nothing was changed. To use it anyway, repeat the command with --of-another-installation; files without an entry are then set aside, not deleted.`,
    zh: `${source} 是另一个安装的数据库，不属于 ${dataDir}，其中没有那里的图片的记录。没有改动任何内容。若仍要使用，请加 --of-another-installation 再执行一次；没有记录的文件会另行存放，不会删除。`,
  });
