/** Start, end and server of finished frames of a family. */
import { type Caller, type Family, type Provenance, pictureWork } from '@limner/contract';
import { sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import { parsed } from '../../db/parsed.ts';
import { visibleTo } from '../../db/visible-to.ts';
import { readPlan } from '../plan.ts';

export interface TimedFrame {
  startedMs: number;
  completedMs: number;
  /** Name of the server that painted it; null if the engine has no servers. */
  server: string | null;
  /** See `pictureWork`; null: unknown. */
  work: number | null;
}

/** Newest first. */
export async function timedFrames(
  caller: Caller,
  db: Reader,
  family: string,
  limit: number,
  known: Pick<Family, 'params'> | undefined,
): Promise<TimedFrame[]> {
  const rows = await db
    .selectFrom('frames')
    .innerJoin('tasks', 'tasks.id', 'frames.task_id')
    .leftJoin('outputs', (join) =>
      join
        .onRef('outputs.task_id', '=', 'frames.task_id')
        .onRef('outputs.frame_index', '=', 'frames.frame_index')
        .on('outputs.place', '=', 0),
    )
    .select([
      'frames.started_at',
      'frames.completed_at',
      'outputs.provenance',
      'tasks.id',
      'tasks.kind',
      'tasks.plan',
    ])
    .where('tasks.family', '=', family)
    .where(visibleTo(caller))
    .where('tasks.id', '>', (eb) =>
      eb.selectFrom('tasks').select((max) => sql<number>`coalesce(${max.fn.max('id')}, 0) - 500`.as('from')),
    )
    .where('frames.status', '=', 'completed')
    .orderBy('frames.task_id', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ started_at, completed_at, provenance, ...task }) => {
    if (started_at === null || completed_at === null) return [];
    const plan = readPlan(task);
    const work = plan && pictureWork(plan.recipe, known);
    return { startedMs: started_at, completedMs: completed_at, server: serverIn(provenance), work };
  });
}

function serverIn(provenance: string | null): string | null {
  const server = parsed<Provenance>(provenance)?.details?.server;
  return typeof server === 'string' ? server : null;
}
