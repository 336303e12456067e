/** Whether this process can take work: its database answers, its storage is there, and it does not stop. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import { readFact } from '../db/facts.ts';
import type { Blobs } from '../storage/blobs.ts';

export interface Readiness {
  status: 'ready' | 'not_ready' | 'stopping';
  database: 'ok' | 'failed';
  storage: 'ok' | 'failed';
}

/** A check that takes longer has failed. */
const PATIENCE_MS = 2_000;

export async function readiness(
  db: Database,
  blobs: Pick<Blobs, 'stat'>,
  draining: AbortSignal,
): Promise<Readiness> {
  const [database, storage] = await Promise.all([
    holds(() => readFact(db, 'installation')),
    // Of a file that need not exist: the storage answers that it is absent.
    holds(() => blobs.stat('uploads/readiness')),
  ]);
  const isReady = database && storage && !draining.aborted;
  return {
    status: draining.aborted ? 'stopping' : isReady ? 'ready' : 'not_ready',
    database: database ? 'ok' : 'failed',
    storage: storage ? 'ok' : 'failed',
  };
}

async function holds(check: () => Promise<unknown>): Promise<boolean> {
  const done = new AbortController();
  const late = pause(PATIENCE_MS, false, { signal: done.signal, ref: false }).catch(() => false);
  const answered = Promise.resolve()
    .then(check)
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answered, late]).finally(() => done.abort());
}
