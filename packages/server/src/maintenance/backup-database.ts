/**
 * Copies the database to a file while a server may be writing to it. The file is there complete and checked, or not at
 * all: it is written under another name, which is removed if the copy fails or is interrupted.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, rmSync, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backup } from '@photostructure/sqlite';
import type { Config } from '../config.ts';
import { connectSqlite } from '../db/sqlite-connection.ts';
import { type DatabaseFacts, examineFile } from '../db/sqlite-file.ts';
import { sqliteProblem } from '../db/sqlite-problem.ts';
import { toStudioError } from '../error.ts';
import { StartProblem } from '../start-problem.ts';
import { flush, freeDatedName, linkOrCopy, noDatabase, sqliteFileOf } from './database-file.ts';

export interface DatabaseBackup extends DatabaseFacts {
  file: string;
  size_bytes: number;
  sha256: string;
}

/** `target`: a new file, or a folder for one with a dated name; null: beside the database. */
export async function backupDatabase(config: Config, target: string | null): Promise<DatabaseBackup> {
  const database = sqliteFileOf(config);
  if (!existsSync(database)) throw noDatabase(database);
  const place = placeOf(database, target);
  const file = place();
  if (existsSync(file)) throw taken(file);
  if (!existsSync(path.dirname(file))) throw noFolder(path.dirname(file));
  const part = `${file}.part-${process.pid}`;
  const discard = () => rmSync(part, { force: true });
  process.once('exit', discard);
  try {
    await copy(database, part);
    const facts = await examineFile(part, database);
    const sha256 = await settled(part);
    const given = await give(part, place);
    return { file: given, size_bytes: (await stat(given)).size, sha256, ...facts };
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(file);
    throw toStudioError(error).code === 'disk_full' ? diskFull(file, error) : sqliteProblem(error, database);
  } finally {
    discard();
    process.off('exit', discard);
  }
}

/** Returns the name; a dated one is free at each call. */
function placeOf(database: string, target: string | null): () => string {
  const { dir, name } = path.parse(database);
  const isFolder =
    target !== null &&
    (target.endsWith(path.sep) || statSync(target, { throwIfNoEntry: false })?.isDirectory());
  if (target !== null && !isFolder) return () => target;
  return () => freeDatedName(target ?? dir, name, 'backup', new Date());
}

/** Another backup may have taken the name since. @throws `EEXIST` for a name that was asked for */
async function give(part: string, place: () => string): Promise<string> {
  for (let before: string | null = null; ; ) {
    const file = place();
    try {
      await linkOrCopy(part, file);
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || file === before) throw error;
      before = file;
    }
  }
}

/** In one step: in several, each write of a running server would start the copy anew. */
async function copy(database: string, part: string): Promise<void> {
  // The database has the tokens of ComfyUI servers.
  await (await open(part, 'wx', 0o600)).close();
  const { control, kysely } = connectSqlite(database, { readOnly: true });
  try {
    await backup(control, part, { rate: -1 });
  } finally {
    await kysely.destroy();
  }
}

/** Waits until the file is on the disk. @returns its SHA-256. */
async function settled(part: string): Promise<string> {
  await flush(part);
  const hash = createHash('sha256');
  await pipeline(createReadStream(part), hash);
  return hash.digest('hex');
}

const taken = (file: string): StartProblem =>
  new StartProblem({
    en: `${file} exists already, and a backup replaces nothing. Choose another name, or a folder.`,
    zh: `${file} 已存在，备份不会覆盖任何文件。请换个名称，或给出文件夹。`,
  });

const noFolder = (folder: string): StartProblem =>
  new StartProblem({ en: `There is no folder ${folder}.`, zh: `没有文件夹 ${folder}。` });

const diskFull = (file: string, cause: unknown): StartProblem =>
  new StartProblem(
    {
      en: `The disk of ${file} is full. No backup was made.`,
      zh: `${file} 所在的磁盘已满。没有生成备份。`,
    },
    { cause },
  );
