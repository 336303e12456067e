/**
 * The order in which waiting tasks of a lane are claimed: higher priority first, then smaller turn. A task's turn is its id
 * until it is moved. A move exchanges turns, so turns stay unique and a new task comes last.
 */
import type { Caller } from '@limner/contract';
import { sql } from 'kysely';
import type { Reader, Writer } from '../../db/database.ts';
import { isPostgres } from '../../db/lock.ts';
import type { TaskRow } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { nextVersion } from './version.ts';

/** The expression of the index `tasks_claim`. */
export const TURN = sql<number>`coalesce(turn, id)`;

/** A task of the queue, and whether the caller may see it. */
export type QueueRow = TaskRow & { isVisible: boolean };

/** Tasks of all callers, in the order in which they are claimed. */
export async function tasksInOrder(
  caller: Caller,
  db: Reader,
  status: 'queued' | 'running',
  limit: number,
): Promise<QueueRow[]> {
  const rows = await db
    .selectFrom('tasks')
    .selectAll()
    .select(visibleTo(caller).as('is_visible'))
    .where('status', '=', status)
    .orderBy('priority', 'desc')
    .orderBy(TURN)
    .limit(limit)
    .execute();
  return rows.map(({ is_visible, ...row }) => ({ ...row, isVisible: Boolean(is_visible) }));
}

export interface WaitingTurn {
  id: number;
  priority: number;
  turn: number;
}

/** All waiting tasks of a lane, locked until the transaction ends. */
export async function holdTurns(trx: Writer, lane: string): Promise<WaitingTurn[]> {
  const rows = await trx
    .selectFrom('tasks')
    .select(['id', 'priority', TURN.as('turn')])
    .where('lane', '=', lane)
    .where('status', '=', 'queued')
    .orderBy('id')
    .$if(isPostgres(trx), (query) => query.forUpdate())
    .execute();
  return rows.sort((a, b) => b.priority - a.priority || a.turn - b.turn);
}

export async function writeTurns(trx: Writer, changed: WaitingTurn[]): Promise<void> {
  for (const { id, priority, turn } of changed)
    await trx
      .updateTable('tasks')
      .set({ priority, turn, version: nextVersion(Date.now()) })
      .where('id', '=', id)
      .where('status', '=', 'queued')
      .execute();
}

/** Ids of all unfinished tasks. Waiting tasks come first, so that none starts while the running ones are cancelled. */
export async function unfinishedTasks(caller: Caller, db: Reader): Promise<number[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .where(visibleTo(caller))
    .orderBy('status')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id }) => id);
}
