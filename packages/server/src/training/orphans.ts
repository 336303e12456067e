/** LoRAs whose style is in another database, or whose run ended before its row was written. */
import type { Database, Reader } from '../db/database.ts';
import { setUnknownAside } from '../storage/set-aside.ts';
import type { OrphanOptions } from '../tasks/orphans.ts';
import { readLoraKey } from './lora-keys.ts';
import { isKnownLora } from './store/run-rows.ts';

export const setLorasAside = (options: OrphanOptions, beforeMs: number): Promise<void> =>
  setUnknownAside({ ...options, beforeMs, ...orphanLoras(options.db) });

export const orphanLoras = ({ read }: Pick<Database, 'read'>) => ({
  prefix: 'loras/',
  isUnknown: (key: string) => isOrphan(read, key),
});

/** Files with other names are not moved. */
async function isOrphan(db: Reader, key: string): Promise<boolean> {
  const trained = readLoraKey(key);
  const isOurs = trained !== null || /^loras\/lora-[a-z2-7]{26}\.safetensors$/.test(key);
  return isOurs && !(await isKnownLora(db, key, trained?.task ?? null));
}
