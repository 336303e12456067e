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

/** `limner-backup-2026-01-31T12-00-00.db` beside `limner.db`, with the time in UTC. */
export function datedName(name: string, word: string, now: Date): string {
  return `${name}-${word}-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.db`;
}
