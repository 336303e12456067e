/**
 * The order in which waiting tasks of a lane are taken up: the higher priority first, then the smaller turn. A task's turn
 * is its id until somebody moves it; moving exchanges turns, so that no two tasks have the same and a new task comes last.
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

/** A task of the queue, and whether the caller may know of it. */
export type QueueRow = TaskRow & { isVisible: boolean };

/** In the order in which they are taken up, whoever they belong to. */
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

/** All that wait in a lane. Nobody else changes them until the transaction ends. */
export async function holdTurns(trx: Writer, lane: string): Promise<WaitingTurn[]> {
  const rows = await trx
    .selectFrom('tasks')
    .select(['id', 'priority', TURN.as('turn')])
    .where('lane', '=', lane)
    .where('status', '=', 'queued')
    .orderBy('id')
    .$if(isPostgres(trx), (query) => query.forUpdate())
    .execute();
  return rows
    .map((row) => ({ id: Number(row.id), priority: row.priority, turn: Number(row.turn) }))
    .sort((a, b) => b.priority - a.priority || a.turn - b.turn);
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

/** Ids of all tasks that wait or run, those that wait first: what is cancelled then does not begin meanwhile. */
export async function unfinishedTasks(caller: Caller, db: Reader): Promise<number[]> {
  const rows = await db
    .selectFrom('tasks')
    .select('id')
    .where('status', 'in', ['queued', 'running'])
    .where(visibleTo(caller))
    .orderBy('status')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ id }) => Number(id));
}
