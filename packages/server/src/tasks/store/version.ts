/**
 * Versions of tasks. A version is a multiple of `VERSION_STEP`: the row's last word. The numbers between two of them are
 * for progress that a worker publishes without writing it, so an event of a later write is greater than all of them.
 *
 * A version grows with time, but no clock decides it: each is greater than every version there is, so that a change made
 * while a clock is set back, or by a machine whose clock is slow, is still the newer one.
 */
import { type RawBuilder, sql } from 'kysely';

export const VERSION_STEP = 1_000;

const after = (latest: RawBuilder<unknown>, now: number): RawBuilder<number> =>
  sql<number>`(select (max(latest) / ${sql.lit(VERSION_STEP)} + 1) * ${sql.lit(VERSION_STEP)} from (
    ${latest} union all
    select cast(${now} as bigint) * ${sql.lit(VERSION_STEP)} - ${sql.lit(VERSION_STEP)}) as versions)`;

const greatest = sql`select max(version) as latest from tasks as every_task`;

/** Of a task that is inserted. `now`: ms */
export const firstVersion = (now: number): RawBuilder<number> => after(greatest, now);

/** Of a task that is updated: on Postgres the row may be newer than what the statement sees of the others. */
export const nextVersion = (now: number): RawBuilder<number> =>
  after(sql`${greatest} union all select tasks.version`, now);

/** Of a task that is inserted again: greater than what was said of it when it was deleted. */
export const versionAfterDeletion = (now: number, version: number): RawBuilder<number> =>
  after(sql`${greatest} union all select cast(${versionAfter(version)} as bigint)`, now);

/** The version of what is said of a task after its last change: that it was deleted. */
export const versionAfter = (version: number): number =>
  (Math.floor(version / VERSION_STEP) + 1) * VERSION_STEP;
