/** Paused lanes. They are rows, so a restart does not resume them. */
import type { Reader, Writer } from '../../db/database.ts';

/** The time of each pause, in ms. */
export async function pausedLanes(db: Reader): Promise<Map<string, number>> {
  const rows = await db.selectFrom('paused_lanes').selectAll().execute();
  return new Map(rows.map(({ lane, paused_at }) => [lane, paused_at]));
}

/** A lane that is paused already keeps its time. */
export async function setLanePaused(trx: Writer, lane: string, paused: boolean): Promise<void> {
  if (!paused) await trx.deleteFrom('paused_lanes').where('lane', '=', lane).execute();
  else
    await trx
      .insertInto('paused_lanes')
      .values({ lane, paused_at: Date.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}
