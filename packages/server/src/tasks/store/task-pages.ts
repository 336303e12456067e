/**
 * Pages of the task list. Every filter is an index, alone and with others, so that a page costs the same at ten tasks
 * and at a million: words are found in the search table, which knows the other filters as words too (see
 * search-index.ts); without words the other filters are facets; and days become a range of ids, because tasks get their ids
 * in the order they are asked for.
 */
import { isFinal, type TaskFilter } from '@limner/contract';
import { sql } from 'kysely';
import type { Database, Reader } from '../../db/database.ts';
import type { TaskRow } from '../../db/schema.ts';
import { catchUpSearch } from '../../search/search-index.ts';
import { type SearchWord, searchWords } from '../../search/search-words.ts';
import { idsOfFacets, matchingFacets } from './facets.ts';
import { tasksById } from './task-list.ts';

/** Beginnings of words have an index of their own up to this length; see the search table in the migrations. */
const LONGEST_PREFIX_CHARS = 6;
/** The nearest tasks are looked at one by one before anything cleverer is tried. */
const NEAR = 250;

export type TaskQuery = Partial<TaskFilter> & Pick<TaskFilter, 'limit'>;

/** Ids, both ends included. */
interface Range {
  from: number;
  to: number;
}

/** Newest first. `more`: there are others beyond the page in the direction it was asked for. */
export async function listTasks(
  database: Database,
  query: TaskQuery,
): Promise<{ rows: TaskRow[]; more: boolean }> {
  const range = await rangeOf(database.read, query);
  if (range.from > range.to) return { rows: [], more: false };
  const words = query.text ? searchWords(query.text) : [];
  const found = await (words.length > 0
    ? throughWords(database, query, range, words)
    : throughRows(database.read, query, range));
  const rows = found.slice(0, query.limit);
  return { rows: isUpwards(query) ? rows.reverse() : rows, more: found.length > query.limit };
}

/** From older to newer, starting at the oldest: the nearest page above `after`. */
const isUpwards = ({ after }: TaskQuery): boolean => after !== undefined;

async function rangeOf(db: Reader, query: TaskQuery): Promise<Range> {
  const { created_from: since, created_to: until, before, after } = query;
  const [first, last] = await Promise.all([
    since === undefined ? 1 : firstFrom(db, Date.parse(since)),
    until === undefined ? newest(db) : lastBefore(db, Date.parse(until)),
  ]);
  return {
    from: Math.max(first, (after ?? 0) + 1),
    to: Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1),
  };
}

async function newest(db: Reader): Promise<number> {
  return (
    (await db.selectFrom('tasks').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0
  );
}

async function firstFrom(db: Reader, ms: number): Promise<number> {
  const query = db.selectFrom('tasks').select('id').where('created_at', '>=', ms).orderBy('created_at');
  return (await query.limit(1).executeTakeFirst())?.id ?? Number.MAX_SAFE_INTEGER;
}

async function lastBefore(db: Reader, ms: number): Promise<number> {
  const query = db
    .selectFrom('tasks')
    .select('id')
    .where('created_at', '<', ms)
    .orderBy('created_at', 'desc');
  return (await query.limit(1).executeTakeFirst())?.id ?? 0;
}

/**
 * Most filters let so much pass that the page is among the nearest tasks, which are looked at first. What is rarer is
 * asked of the facets.
 */
async function throughRows(db: Reader, query: TaskQuery, range: Range): Promise<TaskRow[]> {
  const near = isUpwards(query)
    ? { from: range.from, to: Math.min(range.to, range.from + NEAR) }
    : { from: Math.max(range.from, range.to - NEAR), to: range.to };
  const found = await scanned(db, query, isNarrowed(query) ? near : range);
  const isWhole = near.from === range.from && near.to === range.to;
  if (found.length > query.limit || isWhole || !isNarrowed(query)) return found;
  const page = { ...range, upwards: isUpwards(query), limit: query.limit + 1 };
  const ids = await idsOfFacets(db, await matchingFacets(db, query), page);
  const rows = new Map((await tasksById(db, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

const isNarrowed = ({ kind, status, style_id, family, starred }: TaskQuery): boolean =>
  [kind, status, style_id, family, starred].some((value) => value !== undefined);

function scanned(db: Reader, query: TaskQuery, { from, to }: Range): Promise<TaskRow[]> {
  let rows = db
    .selectFrom('tasks')
    .selectAll()
    .where('id', '>=', from)
    .where('id', '<=', to)
    .orderBy('id', isUpwards(query) ? 'asc' : 'desc')
    .limit(query.limit + 1);
  if (query.kind) rows = rows.where('kind', '=', query.kind);
  // The plus keeps the planner with the range of ids.
  if (query.status) rows = rows.where(sql<boolean>`+status = ${query.status}`);
  if (query.style_id !== undefined) rows = rows.where('style_id', '=', query.style_id);
  if (query.family !== undefined) rows = rows.where('family', '=', query.family);
  if (query.starred !== undefined) rows = rows.where(sql<boolean>`(+stars > 0) = ${query.starred ? 1 : 0}`);
  return rows.execute();
}

/** Walks the word index from one end and stops after a page; `cross join` keeps it in that order. */
async function throughWords(
  database: Database,
  query: TaskQuery,
  { from, to }: Range,
  words: SearchWord[],
): Promise<TaskRow[]> {
  await catchUpSearch(database);
  const terms = [...words.map(wordTerm), ...tagTerms(query)];
  const long = words.find(({ phrase, prefix }) => prefix && phrase.length > LONGEST_PREFIX_CHARS);
  const exactly = [
    ...(query.starred === false ? [sql`tasks.stars = 0`] : []),
    ...(query.status && !isFinal(query.status) ? [sql`tasks.status = ${query.status}`] : []),
    ...(long ? [sql`tasks.search_text like ${`%${long.phrase}%`}`] : []),
  ].map((condition) => sql`and ${condition}`);
  const direction = sql.raw(isUpwards(query) ? 'asc' : 'desc');
  const { rows } = await sql<TaskRow>`
    select tasks.* from task_search cross join tasks on tasks.id = task_search.rowid
    where task_search match ${terms.join(' AND ')} and task_search.rowid between ${from} and ${to}
      ${sql.join(exactly, sql` `)}
    order by task_search.rowid ${direction} limit ${query.limit + 1}`.execute(database.read);
  return rows;
}

const wordTerm = ({ phrase, prefix }: SearchWord): string =>
  prefix ? `text:"${phrase.slice(0, LONGEST_PREFIX_CHARS)}"*` : `text:"${phrase}"`;

/** The other filters as words of the search table. */
function tagTerms({ kind, status, style_id, family, starred }: TaskQuery): string[] {
  return [
    ...(style_id === undefined ? [] : [`tags:s${style_id}`]),
    ...(family === undefined ? [] : [`tags:f${Buffer.from(family).toString('hex')}`]),
    ...(starred ? ['tags:starred'] : []),
    ...(kind === undefined ? [] : [`tags:kind${kind.replaceAll('_', '')}`]),
    ...(status === undefined ? [] : [`tags:status${isFinal(status) ? status : 'active'}`]),
  ];
}
