/** Sums file sizes from rows, in pieces. */
import type { Caller } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { visibleTo } from '../db/visible-to.ts';

export interface Sum {
  files: number;
  size_bytes: number;
}

/** Sums outputs; each piece covers `tasksAtOnce` task ids. */
export async function* outputSums(caller: Caller, db: Reader, tasksAtOnce: number): AsyncGenerator<Sum> {
  const last = await newestTaskId(caller, db);
  for (let from = 0; from <= last; from += tasksAtOnce) {
    const row = await db
      .selectFrom('outputs')
      .select((eb) => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number>('size_bytes').as('size')])
      .where('task_id', '>', from)
      .where('task_id', '<=', from + tasksAtOnce)
      .where(visibleTo(caller))
      .executeTakeFirst();
    yield { files: Number(row?.files ?? 0), size_bytes: Number(row?.size ?? 0) };
  }
}

async function newestTaskId(caller: Caller, db: Reader): Promise<number> {
  const newest = db.selectFrom('tasks').select('id').where(visibleTo(caller)).orderBy('id', 'desc').limit(1);
  return (await newest.executeTakeFirst())?.id ?? 0;
}

export async function* uploadSums(caller: Caller, db: Reader, rowsAtOnce: number): AsyncGenerator<Sum> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('uploads')
      .select(['id', 'size_bytes'])
      .where('id', '>', after)
      .where(visibleTo(caller))
      .orderBy('id')
      .limit(rowsAtOnce)
      .execute();
    yield { files: rows.length, size_bytes: rows.reduce((sum, { size_bytes }) => sum + size_bytes, 0) };
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1)?.id ?? '';
  }
}

/** Blob keys of files in the trash. */
export async function* trashedFiles(
  caller: Caller,
  db: Reader,
  rowsAtOnce: number,
): AsyncGenerator<string[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('trash')
      .select('file')
      .where('file', '>', after)
      .where(visibleTo(caller))
      .orderBy('file')
      .limit(rowsAtOnce)
      .execute();
    yield rows.map(({ file }) => file);
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1)?.file ?? '';
  }
}
