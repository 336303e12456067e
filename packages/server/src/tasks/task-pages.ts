/**
 * Pages of the task list. Every filter is an index, alone and with others, so that a page costs the same at ten tasks
 * and at a million: kind and status have a B-tree, everything else is a word of the search table (see the migrations), and
 * days become a range of ids, because tasks get their ids in the order they are asked for.
 */
import { isFinal, type TaskFilter } from '@limner/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database, Reader } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { type SearchWord, searchWords } from './search.ts';

/** Beginnings of words have an index of their own up to this length; see the search table in the migrations. */
const LONGEST_PREFIX_CHARS = 6;
/** Tasks asked for at once, or around a clock that was set, may stand in the other order by so much. */
const CLOCK_SLACK_MS = 60_000;

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
  const terms = [...words.map(wordTerm), ...tagTerms(query, words.length > 0)];
  const found = await (terms.length > 0
    ? throughWords(database.read, query, range, words, terms)
    : throughRows(database.read, query, range));
  const rows = found.slice(0, query.limit);
  return { rows: isUpwards(query) ? rows.reverse() : rows, more: found.length > query.limit };
}

/** From older to newer, starting at the oldest: the nearest page above `after`. */
const isUpwards = ({ after }: TaskQuery): boolean => after !== undefined;

async function rangeOf(db: Reader, query: TaskQuery): Promise<Range> {
  const { created_from: since, created_to: until, before, after } = query;
  const [first, last] = await Promise.all([
    since === undefined ? 1 : firstFrom(db, Date.parse(since) - CLOCK_SLACK_MS),
    until === undefined ? Number.MAX_SAFE_INTEGER : lastBefore(db, Date.parse(until) + CLOCK_SLACK_MS),
  ]);
  return {
    from: Math.max(first, (after ?? 0) + 1),
    to: Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1),
  };
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

function throughRows(db: Reader, query: TaskQuery, { from, to }: Range): Promise<TaskRow[]> {
  let rows = db
    .selectFrom('tasks')
    .selectAll()
    .where('id', '>=', from)
    .where('id', '<=', to)
    .orderBy('id', isUpwards(query) ? 'asc' : 'desc')
    .limit(query.limit + 1);
  if (query.kind) rows = rows.where('kind', '=', query.kind);
  if (query.status) rows = rows.where('status', '=', query.status);
  const exactly = exactConditions(query);
  return (exactly.length > 0 ? rows.where(sql<boolean>`${sql.join(exactly, sql` and `)}`) : rows).execute();
}

/** Walks the word index from one end and stops after a page; `cross join` keeps it in that order. */
async function throughWords(
  db: Reader,
  query: TaskQuery,
  { from, to }: Range,
  words: SearchWord[],
  terms: string[],
): Promise<TaskRow[]> {
  const long = words.find(({ phrase, prefix }) => prefix && phrase.length > LONGEST_PREFIX_CHARS);
  const exactly = [
    ...exactConditions(query),
    ...(query.status && !isFinal(query.status) ? [sql`tasks.status = ${query.status}`] : []),
    ...(long ? [sql`tasks.search_text like ${`%${long.phrase}%`}`] : []),
  ].map((condition) => sql`and ${condition}`);
  const direction = sql.raw(isUpwards(query) ? 'asc' : 'desc');
  const { rows } = await sql<TaskRow>`
    select tasks.* from task_search cross join tasks on tasks.id = task_search.rowid
    where task_search match ${terms.join(' AND ')} and task_search.rowid between ${from} and ${to}
      ${sql.join(exactly, sql` `)}
    order by task_search.rowid ${direction} limit ${query.limit + 1}`.execute(db);
  return rows;
}

/** What an index has narrowed down but not decided. */
function exactConditions({ starred, created_from, created_to }: TaskQuery): RawBuilder<unknown>[] {
  return [
    ...(starred === false ? [sql`tasks.stars = 0`] : []),
    ...(created_from === undefined ? [] : [sql`tasks.created_at >= ${Date.parse(created_from)}`]),
    ...(created_to === undefined ? [] : [sql`tasks.created_at < ${Date.parse(created_to)}`]),
  ];
}

const wordTerm = ({ phrase, prefix }: SearchWord): string =>
  prefix ? `text:"${phrase.slice(0, LONGEST_PREFIX_CHARS)}"*` : `text:"${phrase}"`;

/** Kind and status alone have an index of their own. */
function tagTerms({ kind, status, style_id, family, starred }: TaskQuery, withWords: boolean): string[] {
  const own = [
    ...(style_id === undefined ? [] : [`tags:s${style_id}`]),
    ...(family === undefined ? [] : [`tags:f${Buffer.from(family).toString('hex')}`]),
    ...(starred ? ['tags:starred'] : []),
  ];
  if (own.length === 0 && !withWords) return [];
  return [
    ...own,
    ...(kind === undefined ? [] : [`tags:kind${kind.replaceAll('_', '')}`]),
    ...(status === undefined ? [] : [`tags:status${isFinal(status) ? status : 'active'}`]),
  ];
}
