/**
 * One data folder, one database. Both carry the same id; a folder with another database is refused, because that
 * database has no rows for its files. The folder's id is in `installation.id`, the database's is a fact.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../db/database.ts';
import { readFact, writeFact } from '../db/facts.ts';
import { StartProblem } from '../start-problem.ts';

const ID_FILE = 'installation.id';
const ID_FACT = 'installation_id';

/** @throws StartProblem when folder and database belong to different installations. */
export async function pairFolderWithDatabase(dataDir: string, db: Database): Promise<void> {
  const file = path.join(dataDir, ID_FILE);
  const folder = await readFile(file, 'utf8').then((text) => text.trim(), ifAbsent);
  const database = await readFact(db, ID_FACT);
  if (folder === null) {
    const id = database ?? randomUUID();
    await writeFact(db, ID_FACT, id);
    await writeWhole(file, `${id}\n`);
  } else if (database === null && (await hasTasks(db))) {
    // A database from before there were ids, for example a restored backup.
    await writeFact(db, ID_FACT, folder);
  } else if (database !== folder) {
    throw foreign(dataDir, database === null);
  }
}

const ifAbsent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};

async function hasTasks(db: Database): Promise<boolean> {
  return (await db.read.selectFrom('tasks').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text, { flush: true });
  await rename(`${file}.part`, file);
}

function foreign(dataDir: string, isNew: boolean): StartProblem {
  const file = path.join(dataDir, ID_FILE);
  return new StartProblem({
    en: `${dataDir} was used with another database; this one ${isNew ? 'is new and empty' : 'belongs to another data folder'}. Set DATABASE_URL to the database of this folder, restore its file from a backup, or choose another folder with LIMNER_DATA_DIR. Nothing was changed. To use this database anyway, delete ${file}: files without a row are then set aside, not deleted.`,
    zh: `${dataDir} 一直与另一个数据库配套使用，而当前数据库${isNew ? '是新的空库' : '属于另一个数据文件夹'}。请将 DATABASE_URL 指向该文件夹的数据库，或从备份恢复其文件，或用 LIMNER_DATA_DIR 另选文件夹。没有改动任何内容。若仍要使用当前数据库，请删除 ${file}：数据库中没有记录的文件会另行存放，不会删除。`,
  });
}
