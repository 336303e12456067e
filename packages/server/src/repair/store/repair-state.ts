/** How far the repair is, as JSON, for other processes and after a restart. */
import type { Database, Writer } from '../../db/database.ts';
import { putFact, readFact } from '../../db/facts.ts';

const KEY = 'repair_state';

export const readState = (db: Database): Promise<string | null> => readFact(db, KEY);

export const writeState = (trx: Writer, value: string): Promise<void> => putFact(trx, KEY, value);
