/** Rows of request keys: which task a request has made that its client may repeat. */
import type { Caller } from '@limner/contract';
import type { Insertable } from 'kysely';
import type { Writer } from '../../db/database.ts';
import { lockName } from '../../db/lock.ts';
import type { RequestKeysTable } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';

export interface KeyedTask {
  task: number;
  content: string;
}

/** Until the transaction ends, no other makes or joins a task of this key. */
export const lockKey = (trx: Writer, key: string): Promise<void> => lockName(trx, `request ${key}`);

/** The newest task of the key that has not ended before `sinceMs`. */
export async function taskOfKey(
  caller: Caller,
  trx: Writer,
  key: string,
  sinceMs: number,
): Promise<KeyedTask | null> {
  const row = await trx
    .selectFrom('request_keys')
    .innerJoin('tasks', 'tasks.id', 'request_keys.task_id')
    .select(['request_keys.task_id as task', 'request_keys.content'])
    .where('request_keys.key', '=', key)
    .where((of) => of.or([of('tasks.completed_at', 'is', null), of('tasks.completed_at', '>', sinceMs)]))
    .where(visibleTo(caller))
    .orderBy('request_keys.task_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertKey(trx: Writer, row: Insertable<RequestKeysTable>): Promise<void> {
  await trx.insertInto('request_keys').values(row).execute();
}

/** From now on the clients of this holder wait for the task. False: its key was deleted meanwhile. */
export async function holdKey(trx: Writer, task: number, holder: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('request_keys')
    .set({ holder })
    .where('task_id', '=', task)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** False: the clients of another holder wait for the task. */
export async function deleteKey(trx: Writer, task: number, holder: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('request_keys')
    .where('task_id', '=', task)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Of tasks that ended before this time. */
export async function deleteOldKeys(trx: Writer, beforeMs: number): Promise<void> {
  await trx
    .deleteFrom('request_keys')
    .where('task_id', 'in', (ended) =>
      ended
        .selectFrom('tasks')
        .innerJoin('request_keys as keys', 'keys.task_id', 'tasks.id')
        .select('tasks.id')
        .where('tasks.completed_at', '<', beforeMs),
    )
    .execute();
}
