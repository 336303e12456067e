/**
 * One Limner per data folder. The lock is held by the operating system on an SQLite file, so it is gone the moment the
 * process is, however it dies; a stale lock file cannot exist.
 */
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { FOLDER_IN_USE, StartProblem } from '../start-problem.ts';

/** @throws StartProblem while another process holds it. */
export function lockDataDir(dataDir: string): { release(): void } {
  const lock = new DatabaseSync(path.join(dataDir, 'limner.lock'), { timeout: 500 });
  try {
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    lock.close();
    if (!/locked|busy/i.test(String(cause))) throw cause;
    const told = {
      en: `Another Limner is using ${dataDir}. Stop it, or choose another folder with LIMNER_DATA_DIR.`,
      zh: `另一个 Limner 正在使用 ${dataDir}。请停止它，或用 LIMNER_DATA_DIR 另选文件夹。`,
    };
    throw new StartProblem(told, { exitCode: FOLDER_IN_USE, cause });
  }
  return { release: () => lock.close() };
}
