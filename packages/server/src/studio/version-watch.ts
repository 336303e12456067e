/**
 * Processes of two versions on one database. An older one is refused at its start; one that runs while a newer one brings the
 * database up to date does not know the new tables, so it is told to end. Its tasks go on in the others.
 */
import type { Database } from '../db/database.ts';
import { newerProblem } from '../db/newer-database.ts';
import type { Logger } from '../log.ts';
import type { StartProblem } from '../start-problem.ts';
import type { Closings } from './closings.ts';
import { Rounds } from './rounds.ts';

const CHECK_MS = 10_000;

export interface VersionWatchOptions {
  db: Database;
  log: Logger;
  /** Called once. */
  outdated: (problem: StartProblem) => void;
  checkMs?: number;
}

export function watchVersion(
  { db, log, outdated, checkMs = CHECK_MS }: VersionWatchOptions,
  closings: Closings,
): void {
  const rounds = new Rounds(log);
  let isTold = false;
  rounds.every(checkMs, async () => {
    const problem = isTold ? null : await newerProblem(db.read, db.dialect);
    if (!problem) return;
    isTold = true;
    outdated(problem);
  });
  closings.add(() => rounds.close());
}
