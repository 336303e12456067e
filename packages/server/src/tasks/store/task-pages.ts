/**
 * Pages of the task list. Every filter is an index, alone and with others, so that a page costs the same at ten tasks
 * and at a million: words are found in the search table, which knows the other filters as words too (see
 * search/); without words the other filters are facets; and days become a range of ids, because tasks get their ids
 * in the order they are asked for.
 */
import type { Caller, TaskFilter } from '@limner/contract';
import type { Database, Reader } from '../../db/database.ts';
import type { TaskRow } from '../../db/schema.ts';
import { visibleTo } from '../../db/visible-to.ts';
import type { Search } from '../../search/search.ts';
import { searchWords } from '../../search/search-words.ts';
import { idsOfFacets, matchingFacets } from './facets.ts';
import { conditionsOf, isNarrowed, NEAREST_TASKS } from './row-filter.ts';
import { tasksById } from './task-list.ts';

export type TaskQuery = Partial<TaskFilter> & Pick<TaskFilter, 'limit'>;

/** Ids, both ends included. */
interface Range {
  from: number;
  to: number;
}

/** Newest first. `more`: there are others beyond the page in the direction it was asked for. */
export async function listTasks(
  caller: Caller,
  db: Database,
  search: Search,
  query: TaskQuery,
): Promise<{ rows: TaskRow[]; more: boolean }> {
  const range = await rangeOf(caller, db.read, query);
  if (range.from > range.to) return { rows: [], more: false };
  const words = query.text ? searchWords(query.text) : [];
  const found = await (words.length > 0
    ? search.page(caller, {
        ...range,
        words,
        filter: query,
        upwards: isUpwards(query),
        limit: query.limit + 1,
      })
    : throughRows(caller, db, query, range));
  const rows = found.slice(0, query.limit);
  return { rows: isUpwards(query) ? rows.reverse() : rows, more: found.length > query.limit };
}

/** From older to newer, starting at the oldest: the nearest page above `after`. */
const isUpwards = ({ after }: TaskQuery): boolean => after !== undefined;

async function rangeOf(caller: Caller, db: Reader, query: TaskQuery): Promise<Range> {
  const { created_from: since, created_to: until, before, after } = query;
  const [first, last] = await Promise.all([
    since === undefined ? 1 : firstFrom(caller, db, Date.parse(since)),
    until === undefined ? newest(caller, db) : lastBefore(caller, db, Date.parse(until)),
  ]);
  return {
    from: Math.max(first, (after ?? 0) + 1),
    to: Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1),
  };
}

const taskIds = (caller: Caller, db: Reader) => db.selectFrom('tasks').select('id').where(visibleTo(caller));

async function newest(caller: Caller, db: Reader): Promise<number> {
  return (await taskIds(caller, db).orderBy('id', 'desc').limit(1).executeTakeFirst())?.id ?? 0;
}

async function firstFrom(caller: Caller, db: Reader, ms: number): Promise<number> {
  const query = taskIds(caller, db).where('created_at', '>=', ms).orderBy('created_at').orderBy('id');
  return (await query.limit(1).executeTakeFirst())?.id ?? Number.MAX_SAFE_INTEGER;
}

async function lastBefore(caller: Caller, db: Reader, ms: number): Promise<number> {
  const query = taskIds(caller, db)
    .where('created_at', '<', ms)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
  return (await query.limit(1).executeTakeFirst())?.id ?? 0;
}

/**
 * Most filters match so many tasks that the page is among the nearest, which are checked first. Rarer combinations use
 * the facets.
 */
async function throughRows(caller: Caller, db: Database, query: TaskQuery, range: Range): Promise<TaskRow[]> {
  const near = isUpwards(query)
    ? { from: range.from, to: Math.min(range.to, range.from + NEAREST_TASKS) }
    : { from: Math.max(range.from, range.to - NEAREST_TASKS), to: range.to };
  const found = await scanned(caller, db, query, isNarrowed(query) ? near : range);
  const isWhole = near.from === range.from && near.to === range.to;
  if (found.length > query.limit || isWhole || !isNarrowed(query)) return found;
  const page = { ...range, upwards: isUpwards(query), limit: query.limit + 1 };
  const ids = await idsOfFacets(caller, db, await matchingFacets(caller, db, query), page);
  const rows = new Map((await tasksById(caller, db.read, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

function scanned(caller: Caller, db: Database, query: TaskQuery, { from, to }: Range): Promise<TaskRow[]> {
  return db.read
    .selectFrom('tasks')
    .selectAll()
    .where('id', '>=', from)
    .where('id', '<=', to)
    .where(visibleTo(caller))
    .where((eb) => eb.and(conditionsOf(db, query)))
    .orderBy('id', isUpwards(query) ? 'asc' : 'desc')
    .limit(query.limit + 1)
    .execute();
}
