/**
 * A facet is one text per task with the filters besides words and days: kind, status, model, style, and whether a
 * picture is starred. An index is kept on it. Of a million tasks there are a few hundred different facets at most, so
 * any filter is a handful of them, and a page is the newest of each, merged: it costs the same for common, rare and
 * impossible combinations.
 */
import type { Caller } from '@limner/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { visibleTo } from '../../db/visible-to.ts';
import type { RowFilter } from '../../search/search.ts';

const facet = (starred: string): RawBuilder<string> =>
  sql.raw(`(kind || ' ' || status || ' ' || coalesce(style_id, 0) || ' ' || ${starred} || ' ' || family)`);

/** Must be exactly the expressions of the index `tasks_facet`, or it is not used. */
const FACETS = { sqlite: facet('(stars > 0)'), postgres: facet('(stars > 0)::int') };

export const facetOf = (dialect: Database['dialect']): RawBuilder<string> => FACETS[dialect];

/** All facets that occur; each takes one step through the index. */
async function facetsThatOccur(caller: Caller, db: Database): Promise<string[]> {
  const FACET = facetOf(db.dialect);
  const visible = visibleTo(caller);
  const { rows } = await sql<{ facet: string }>`
    with recursive found (facet) as (
      select (select ${FACET} from tasks where ${visible} order by ${FACET} limit 1)
      union all
      select (select ${FACET} from tasks where ${visible} and ${FACET} > found.facet order by ${FACET} limit 1)
      from found where found.facet is not null)
    select facet from found where facet is not null`.execute(db.read);
  return rows.map(({ facet }) => facet);
}

export function matches(facet: string, filter: RowFilter): boolean {
  const [kind, status, style, starred, ...family] = facet.split(' ');
  return (
    (filter.kind === undefined || filter.kind === kind) &&
    (filter.status === undefined || filter.status === status) &&
    (filter.style_id === undefined || String(filter.style_id) === style) &&
    (filter.starred === undefined || filter.starred === (starred === '1')) &&
    (filter.family === undefined || filter.family === family.join(' '))
  );
}

export async function matchingFacets(caller: Caller, db: Database, filter: RowFilter): Promise<string[]> {
  return (await facetsThatOccur(caller, db)).filter((facet) => matches(facet, filter));
}

/** Parts of one statement; their number is rounded up so that few different statements are ever made. */
const PARTS = [1, 4, 16, 64];
const MOST_PARTS = 64;
/** No task has it. */
const NO_FACET = '';

export interface FacetPage {
  /** Both ends included. */
  from: number;
  to: number;
  upwards: boolean;
  limit: number;
}

/** The ids of a page of tasks that have one of these facets, in the order of the page. */
export async function idsOfFacets(
  caller: Caller,
  db: Database,
  facets: string[],
  page: FacetPage,
): Promise<number[]> {
  if (db.dialect === 'postgres') return idsOfEach(caller, db, facets, page);
  const found: number[] = [];
  for (let start = 0; start < facets.length; start += MOST_PARTS)
    found.push(...(await idsOfSome(caller, db, facets.slice(start, start + MOST_PARTS), page)));
  return found.sort((a, b) => (page.upwards ? a - b : b - a)).slice(0, page.limit);
}

/**
 * One short statement, because Postgres plans a statement with many parts for longer than it runs. Facets and ids are compared
 * and ordered together: only `tasks_facet` has that order. By `id` alone Postgres may read all tasks for a rare facet.
 */
async function idsOfEach(caller: Caller, db: Database, facets: string[], page: FacetPage): Promise<number[]> {
  const FACET = facetOf(db.dialect);
  const direction = sql.raw(page.upwards ? 'asc' : 'desc');
  const { rows } = await sql<{ id: number }>`
    select part.id from unnest(${facets}::text[]) as wanted (facet) cross join lateral (
      select id from tasks where ${visibleTo(caller)}
        and (${FACET}, id) >= (wanted.facet, ${page.from}) and (${FACET}, id) <= (wanted.facet, ${page.to})
      order by ${FACET} ${direction}, id ${direction} limit ${page.limit}) as part
    order by part.id ${direction} limit ${page.limit}`.execute(db.read);
  return rows.map(({ id }) => id);
}

async function idsOfSome(caller: Caller, db: Database, facets: string[], page: FacetPage): Promise<number[]> {
  const direction = sql.raw(page.upwards ? 'asc' : 'desc');
  const count = PARTS.find((parts) => parts >= facets.length) ?? MOST_PARTS;
  const parts = Array.from(
    { length: count },
    (
      _,
      index,
    ) => sql`select * from (select id from tasks where ${facetOf(db.dialect)} = ${facets[index] ?? NO_FACET}
      and ${visibleTo(caller)} and id between ${page.from} and ${page.to} order by id ${direction} limit ${page.limit}) as part`,
  );
  const { rows } = await sql<{ id: number }>`${sql.join(parts, sql` union all `)}`.execute(db.read);
  return rows.map(({ id }) => id);
}
