/**
 * How many tasks of each lane wait and run, and since when the oldest waits. Ended tasks cost nothing, and waiting ones only
 * their entries in an index: SQLite takes the partial indexes of the queue only for literal statuses, and `tasks_claim`
 * only for named lanes.
 */
import { sql } from 'kysely';
import type { Reader } from '../db/database.ts';
import { TURN } from '../tasks/store/queue-order.ts';
import type { LaneDepth } from './readings.ts';

/** Of all waiting tasks; a lane without one of them is asked for its next task. */
const OLDEST_READ = 1_000;

export async function laneDepths(db: Reader, lanes: readonly string[]): Promise<LaneDepth[]> {
  if (lanes.length === 0) return [];
  const counts = await db
    .selectFrom('tasks')
    .select((eb) => ['lane', eb.fn.countAll<number>().as('n')])
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
  const queued = new Map(counts.map(({ lane, n }) => [lane, Number(n)]));
  const oldest = await oldestOf(db, [...queued.keys()]);
  return lanes.map((lane) => ({
    lane,
    queued: queued.get(lane) ?? 0,
    running: Number(running.find((each) => each.lane === lane)?.n ?? 0),
    oldestMs: oldest.get(lane) ?? null,
  }));
}

/** ms; exact for lanes among the oldest waiting tasks, and for others the time of the task that is claimed next. */
async function oldestOf(db: Reader, lanes: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  if (lanes.length === 0) return found;
  const waiting = db
    .selectFrom('tasks')
    .select(['lane', 'created_at'])
    .where('status', '=', sql.lit('queued'));
  for (const { lane, created_at } of await waiting.orderBy('id').limit(OLDEST_READ).execute())
    if (!found.has(lane)) found.set(lane, created_at);
  for (const lane of lanes.filter((each) => !found.has(each))) {
    const next = waiting.where('lane', '=', lane).orderBy('priority', 'desc').orderBy(TURN).limit(1);
    const row = await next.executeTakeFirst();
    if (row) found.set(lane, row.created_at);
  }
  return found;
}
