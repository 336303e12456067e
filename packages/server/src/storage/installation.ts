/**
 * One data folder, one database. Both carry the same id; a folder with another database is refused, because that
 * database has no rows for its files. The folder's id is in `installation.id`, the database's is a fact.
 * Processes that share a database also share the folder: while others run, a folder without an id is refused.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { keptFact, putFact, readFact } from '../db/facts.ts';
import { IN_USE, StartProblem } from '../start-problem.ts';
import { hasOutputs, hasTasks } from './installation-store.ts';

const ID_FILE = 'installation.id';
const ID_FACT = 'installation_id';
/** Of finished pictures; see `outputs/output-name.ts`. */
const OUTPUTS_FOLDER = 'outputs';
const TRIES = 10;
const PAUSE_MS = 200;

/**
 * `isOnly`: no other process uses the database now. Returns the id of both.
 * @throws StartProblem when folder and database belong to different installations.
 */
export async function pairFolderWithDatabase(
  dataDir: string,
  db: Database,
  isOnly: boolean,
): Promise<string> {
  const file = path.join(dataDir, ID_FILE);
  const database = await readFact(db, ID_FACT);
  const folder = await readId(file);
  if (folder === null) {
    if (database !== null && !isOnly) return untilWritten(file, dataDir, database);
    if (database !== null && (await isEmptied(dataDir, db))) throw withoutPictures(dataDir, database);
    return adopt(file, db);
  }
  if (database === folder) return folder;
  // A database from before there were ids, for example a restored backup.
  if (database !== null || !(await hasTasks(db.read))) throw foreign(dataDir, database === null);
  await db.write((trx) => putFact(trx, ID_FACT, folder));
  return folder;
}

/** The database has pictures, the folder none: it is another folder, or a volume that is not mounted. */
const isEmptied = async (dataDir: string, db: Database): Promise<boolean> =>
  (await hasOutputs(db.read)) &&
  (await readdir(path.join(dataDir, OUTPUTS_FOLDER))
    .catch(ifAbsent)
    .then((files) => (files ?? []).length === 0));

/** Processes that start together on a new folder all write the same id. */
async function adopt(file: string, db: Database): Promise<string> {
  const id = await keptFact(db, ID_FACT, randomUUID);
  await writeWhole(file, `${id}\n`);
  return id;
}

/** Waits for the id, which another process may be writing. */
async function untilWritten(file: string, dataDir: string, database: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    await pause(PAUSE_MS);
    const id = await readId(file);
    if (id !== null && id !== database) throw foreign(dataDir, false);
    if (id !== null) return id;
  }
  throw new StartProblem(
    {
      en: `Another Limner is using this database with another data folder than ${dataDir}. Processes that share a database share one folder: set LIMNER_DATA_DIR to that of the other, or stop it.`,
      zh: `另一个 Limner 正在使用这个数据库，但其数据文件夹不是 ${dataDir}。共用数据库的进程须共用一个文件夹：请将 LIMNER_DATA_DIR 设为对方的文件夹，或停止对方。`,
    },
    { exitCode: IN_USE },
  );
}

/** null: the folder has none yet. */
export const folderId = (dataDir: string): Promise<string | null> => readId(path.join(dataDir, ID_FILE));

const readId = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').then((text) => text.trim(), ifAbsent);

const ifAbsent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};

async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, text, { flush: true });
  await rename(part, file);
}

function withoutPictures(dataDir: string, id: string): StartProblem {
  const file = path.join(dataDir, ID_FILE);
  return new StartProblem({
    en: `This database has pictures, and ${dataDir} has none of their files. Set LIMNER_DATA_DIR to the folder of this database, or DATABASE_URL to another database. Nothing was changed. If the files are lost, start without them: write ${id} into ${file}.`,
    zh: `这个数据库中有图片，而 ${dataDir} 中没有这些图片的文件。请将 LIMNER_DATA_DIR 设为该数据库的数据文件夹，或将 DATABASE_URL 指向另一个数据库。没有改动任何内容。若文件确已丢失，可不带这些文件启动：将 ${id} 写入 ${file}。`,
  });
}

function foreign(dataDir: string, isNew: boolean): StartProblem {
  const file = path.join(dataDir, ID_FILE);
  return new StartProblem({
    en: `${dataDir} was used with another database; this one ${isNew ? 'is new and empty' : 'belongs to another data folder'}. Set DATABASE_URL to the database of this folder, restore its file from a backup, or choose another folder with LIMNER_DATA_DIR. Nothing was changed. To use this database anyway, delete ${file}: files without a row are then set aside, not deleted.`,
    zh: `${dataDir} 一直与另一个数据库配套使用，而当前数据库${isNew ? '是新的空库' : '属于另一个数据文件夹'}。请将 DATABASE_URL 指向该文件夹的数据库，或从备份恢复其文件，或用 LIMNER_DATA_DIR 另选文件夹。没有改动任何内容。若仍要使用当前数据库，请删除 ${file}：数据库中没有记录的文件会另行存放，不会删除。`,
  });
}
