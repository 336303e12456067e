import { sql } from 'kysely';
import type { Reader } from '../db/database.ts';
import type { LaneDepth } from './readings.ts';

/**
 * How many tasks of each lane wait and run, and since when the oldest waits. It reads the partial indexes of the queue, so
 * ended tasks cost nothing: SQLite takes them only for literal statuses, and `tasks_claim` only for named lanes.
 */
export async function laneDepths(db: Reader, lanes: readonly string[]): Promise<LaneDepth[]> {
  if (lanes.length === 0) return [];
  const waiting = await db
    .selectFrom('tasks')
    .select((eb) => ['lane', eb.fn.countAll<number>().as('n'), eb.fn.min('id').as('first')])
    .where('status', '=', sql.lit('queued'))
    .where('lane', 'in', lanes)
    .groupBy('lane')
    .execute();
  const running = await db
    .selectFrom('tasks')
    .select((eb) => ['lane', eb.fn.countAll<number>().as('n')])
    .where('status', '=', sql.lit('running'))
    .groupBy('lane')
    .execute();
  const firsts = waiting.map(({ first }) => Number(first));
  const oldest = await db
    .selectFrom('tasks')
    .select(['id', 'created_at'])
    .where('id', 'in', firsts)
    .execute();
  const createdAt = new Map(oldest.map(({ id, created_at }) => [id, created_at]));
  return lanes.map((lane) => {
    const queue = waiting.find((each) => each.lane === lane);
    return {
      lane,
      queued: Number(queue?.n ?? 0),
      running: Number(running.find((each) => each.lane === lane)?.n ?? 0),
      oldestMs: (queue && createdAt.get(Number(queue.first))) ?? null,
    };
  });
}
