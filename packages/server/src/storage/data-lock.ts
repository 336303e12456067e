/**
 * One Limner per data folder and per database file. A lock is held by the operating system on an SQLite file, so it
 * ends with the process, however that dies; there are no stale lock files.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Bilingual } from '@limner/contract';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { sqliteProblem } from '../db/sqlite-problem.ts';
import { IN_USE, StartProblem } from '../start-problem.ts';

export interface Lock {
  release(): void;
}

/** @throws StartProblem while another process holds it. */
export const lockDataDir = (dataDir: string): Lock =>
  hold(path.join(dataDir, 'limner.lock'), {
    en: `Another Limner is using ${dataDir}. Stop it, or choose another folder with LIMNER_DATA_DIR.`,
    zh: `另一个 Limner 正在使用 ${dataDir}。请停止它，或用 LIMNER_DATA_DIR 另选文件夹。`,
  });

/** Also when the other Limner has a data folder of its own. @throws StartProblem while another process holds it. */
export function lockDatabaseFile(file: string): Lock {
  const real = path.join(realpathSync(path.dirname(file)), path.basename(file));
  return hold(`${real}.lock`, {
    en: `Another Limner is using the database ${file}. Stop it, or choose another one with DATABASE_URL.`,
    zh: `另一个 Limner 正在使用数据库 ${file}。请停止它，或用 DATABASE_URL 另选数据库。`,
  });
}

function hold(file: string, problem: Bilingual): Lock {
  const lock = open(file);
  try {
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    lock.close();
    if (!/locked|busy/i.test(String(cause))) throw cause;
    throw new StartProblem(problem, { exitCode: IN_USE, cause });
  }
  return { release: () => lock.close() };
}

function open(file: string): DatabaseSyncInstance {
  try {
    return new DatabaseSync(file, { timeout: 500 });
  } catch (error) {
    throw sqliteProblem(error, file);
  }
}
