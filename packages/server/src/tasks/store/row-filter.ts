/** The filters of a list other than words and days, as conditions on rows. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { RowFilter } from '../../search/search.ts';

/** A page of common values or words is among so many nearest tasks, which are checked one by one first. */
export const NEAREST_TASKS = 250;

export const isNarrowed = ({ kind, status, style_id, family, starred }: RowFilter): boolean =>
  [kind, status, style_id, family, starred].some((value) => value !== undefined);

/**
 * At least one condition. On SQLite the plus makes the planner use the range of ids. Postgres has no such operator for
 * text and does not need it.
 */
export function conditionsOf(
  { dialect }: Pick<Database, 'dialect'>,
  { kind, status, style_id, family, starred }: RowFilter,
): RawBuilder<SqlBool>[] {
  const statusColumn = dialect === 'sqlite' ? sql`+status` : sql`status`;
  return [
    sql`1 = 1`,
    ...(kind === undefined ? [] : [sql<SqlBool>`kind = ${kind}`]),
    ...(status === undefined ? [] : [sql<SqlBool>`${statusColumn} = ${status}`]),
    ...(style_id === undefined ? [] : [sql<SqlBool>`style_id = ${style_id}`]),
    ...(family === undefined ? [] : [sql<SqlBool>`family = ${family}`]),
    ...(starred === undefined ? [] : [starred ? sql<SqlBool>`+stars > 0` : sql<SqlBool>`+stars = 0`]),
  ] as RawBuilder<SqlBool>[];
}
