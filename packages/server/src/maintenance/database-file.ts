import { existsSync } from 'node:fs';
import { constants, copyFile, link, open } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { StartProblem } from '../start-problem.ts';

/** The path of the database. @throws StartProblem for Postgres, which has its own programs for this */
export function sqliteFileOf({ database }: Pick<Config, 'database'>): string {
  if (database.dialect === 'sqlite') return database.file;
  throw new StartProblem({
    en: 'DATABASE_URL names a Postgres database. Use pg_dump to back it up and pg_restore to restore it.',
    zh: 'DATABASE_URL 指向 Postgres 数据库。请用 pg_dump 备份，用 pg_restore 恢复。',
  });
}

export const noDatabase = (file: string): StartProblem =>
  new StartProblem({
    en: `There is no database at ${file}. Set LIMNER_DATA_DIR or DATABASE_URL to the one you mean.`,
    zh: `${file} 处没有数据库。请用 LIMNER_DATA_DIR 或 DATABASE_URL 指向所需的数据库。`,
  });

/**
 * `limner-backup-2026-01-31T12-00-00.db` in this folder, with the time in UTC; `…-00-2.db` for the second of a second.
 * The name is free, with and without a log beside it.
 */
export function freeDatedName(folder: string, name: string, word: string, now: Date): string {
  const stem = `${name}-${word}-${now.toISOString().slice(0, 19).replaceAll(':', '-')}`;
  for (let n = 1; ; n += 1) {
    const file = path.join(folder, `${stem}${n === 1 ? '' : `-${n}`}.db`);
    if (!existsSync(file) && !existsSync(`${file}-wal`)) return file;
  }
}

/**
 * Gives a file a second name, or copies it where the file system has no hard links (exFAT). Replaces nothing.
 * @throws `EEXIST`
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyDurably(from, to);
  }
}

/** What it is a copy of may be replaced or deleted next. @throws `EEXIST` */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await flush(to);
}

export async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync();
  await handle.close();
}
