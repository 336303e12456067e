/**
 * Versions of tasks. The version of a row is a multiple of `VERSION_STEP`. A worker uses the numbers between two of them for
 * progress that it publishes without writing, so the next write has a greater version than all of them.
 *
 * A version is at least the time, and always greater than every existing version. So a change has a newer version even if a
 * clock was set back, or a machine's clock is slow.
 */
import { type RawBuilder, sql } from 'kysely';

export const VERSION_STEP = 1_000;

const after = (latest: RawBuilder<unknown>, now: number): RawBuilder<number> =>
  sql<number>`(select (max(latest) / ${sql.lit(VERSION_STEP)} + 1) * ${sql.lit(VERSION_STEP)} from (
    ${latest} union all
    select cast(${now} as bigint) * ${sql.lit(VERSION_STEP)} - ${sql.lit(VERSION_STEP)}) as versions)`;

const greatest = sql`select max(version) as latest from tasks as every_task`;

/** The version of an inserted task. `now`: ms */
export const firstVersion = (now: number): RawBuilder<number> => after(greatest, now);

/** The version of an updated task. On Postgres its row may be newer than the statement's view of other rows, so it counts too. */
export const nextVersion = (now: number): RawBuilder<number> =>
  after(sql`${greatest} union all select tasks.version`, now);

/** The version of a restored task: greater than the version in the event of its deletion. */
export const versionAfterDeletion = (now: number, version: number): RawBuilder<number> =>
  after(sql`${greatest} union all select cast(${versionAfter(version)} as bigint)`, now);

/** The version in the event of a task's deletion. */
export const versionAfter = (version: number): number =>
  (Math.floor(version / VERSION_STEP) + 1) * VERSION_STEP;
