/**
 * The files of the task that is being recovered, noted before the first of them is moved and removed by the transaction
 * that inserts its rows. A repair that ended in between, with its process, leaves the note; the next repair sets the moved
 * files aside again first, so that it finds all files of the task together.
 */
import type { Database, Writer } from '../../db/database.ts';
import { putFact, readFact, removeFact } from '../../db/facts.ts';
import { parsed } from '../../db/parsed.ts';

const KEY = 'repair_moves';

export interface MoveJournal {
  task: number;
  moves: { from: string; to: string }[];
}

export const writeJournal = (trx: Writer, journal: MoveJournal): Promise<void> =>
  putFact(trx, KEY, JSON.stringify(journal));

export const removeJournal = (trx: Writer): Promise<void> => removeFact(trx, KEY);

/** null: there is none, or its rows were inserted. */
export async function openJournal(db: Database): Promise<MoveJournal | null> {
  const journal = parsed<MoveJournal>(await readFact(db, KEY));
  if (!journal) return null;
  const task = db.read.selectFrom('tasks').select('id').where('id', '=', journal.task);
  return (await task.executeTakeFirst()) ? null : journal;
}
