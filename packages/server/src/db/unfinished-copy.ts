/** A database into which `limner db copy` has not copied all rows. */

import { StartProblem } from '../start-problem.ts';
import type { Database } from './database.ts';
import { readFact } from './facts.ts';

export const UNFINISHED_FACT = 'unfinished_copy';

/** @throws StartProblem */
export async function refuseUnfinishedCopy(db: Database): Promise<void> {
  if ((await readFact(db, UNFINISHED_FACT)) === null) return;
  throw new StartProblem({
    en: 'This database is a copy that has not ended. Set DATABASE_URL to the one that it was made from and repeat limner db copy, or start with that one. Nothing was changed.',
    zh: '这个数据库是尚未完成的副本。请将 DATABASE_URL 指向原数据库并重新执行 limner db copy，或直接用原数据库启动。没有改动任何内容。',
  });
}
