/**
 * One Limner per data folder. The lock is held by the operating system on an SQLite file, so it is gone the moment the
 * process is, however it dies; a stale lock file cannot exist.
 */
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

export class DataFolderInUse extends Error {
  override name = 'DataFolderInUse';
}

/** @throws DataFolderInUse with the address of the process that holds it, as far as it told. */
export function lockDataDir(dataDir: string): { release(): void } {
  const lock = new DatabaseSync(path.join(dataDir, 'limner.lock'), { timeout: 500 });
  try {
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    lock.close();
    if (!/locked|busy/i.test(String(cause))) throw cause;
    throw new DataFolderInUse(
      `Another Limner is using ${dataDir}. Stop it, or choose another folder with LIMNER_DATA_DIR.`,
      { cause },
    );
  }
  return { release: () => lock.close() };
}
