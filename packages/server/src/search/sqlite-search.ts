/**
 * A search table of SQLite's FTS5. Triggers note which tasks changed (`search_due`, see the migrations); here they are
 * indexed many at a time, every second and before each search, so that a search misses nothing that was written before
 * it. The notes survive a crash. An index that SQLite finds damaged is made anew from the rows.
 */
import { type Caller, isFinal } from '@limner/contract';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database, Writer } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';
import { nearestPart, type RowFilter, type Search, type WordPage } from './search.ts';
import { plainWords, type SearchWord, searchText } from './search-words.ts';

const EVERY_MS = 1_000;
const TASKS_AT_ONCE = 500;
/** Beginnings of words have an index of their own up to this length; see the search table in the migrations. */
const LONGEST_PREFIX = 6;
/** So many tasks are compared in a few milliseconds. */
const NEAREST = 2_000;

/** Kind, status and the other filters as words of their own, so that "dragon" with the status failed is one lookup. */
const TAGS = sql`'kind' || replace(kind, '_', '')
  || ' status' || case when status in ('queued', 'running') then 'active' else status end
  || ' f' || lower(hex(family)) || coalesce(' s' || style_id, '') || case when stars > 0 then ' starred' else '' end`;

export class SqliteSearch implements Search {
  readonly #db: Database;
  readonly #log: Pick<Logger, 'error'>;
  #timer: NodeJS.Timeout | null = null;
  #now: Promise<void> = Promise.resolve();

  constructor(db: Database, log: Pick<Logger, 'error'>) {
    this.#db = db;
    this.#log = log;
  }

  textOf(prompt: string): string {
    return searchText(prompt);
  }

  /**
   * A long beginning of a word has no index: among the nearest tasks, those with its first letters are compared one by one,
   * which finds a common word at once. Of a rare one, FTS5 then gathers all tasks with it.
   */
  page(caller: Caller, page: WordPage): Promise<TaskRow[]> {
    return this.#undamaged(() => this.#page(caller, page));
  }

  async #page(caller: Caller, page: WordPage): Promise<TaskRow[]> {
    await this.#index();
    const { words, from, to, limit } = page;
    if (!words.some(isLong)) return this.#walk(caller, page, words.map(wordTerm));
    const near = await this.#walk(caller, nearestPart(page, NEAREST), words.map(indexedTerm));
    if (near.length === limit || to - from <= NEAREST) return near;
    return this.#walk(caller, page, words.map(wordTerm));
  }

  /** Walks the word index from one end and stops after a page; `cross join` keeps it in that order. */
  async #walk(
    caller: Caller,
    { words, filter, from, to, upwards, limit }: WordPage,
    wordTerms: string[],
  ): Promise<TaskRow[]> {
    const terms = [...wordTerms, ...tagTerms(filter)];
    const direction = sql.raw(upwards ? 'asc' : 'desc');
    const { rows } = await sql<TaskRow>`
      select tasks.* from task_search cross join tasks on tasks.id = task_search.rowid
      where task_search match ${terms.join(' AND ')} and task_search.rowid between ${from} and ${to}
        and ${visibleTo(caller)} ${sql.join(beyondTerms(words, filter), sql` `)}
      order by task_search.rowid ${direction} limit ${limit}`.execute(this.#db.read);
    return rows;
  }

  /** Updates the search table from the rows. */
  catchUp(): Promise<void> {
    return this.#undamaged(() => this.#index());
  }

  /** Tried once more with a new index. */
  async #undamaged<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDamagedIndex(error)) throw error;
      this.#log.error({ err: error }, 'the index of the search is damaged and made anew');
      await this.#db.write(forgetAll);
      return work();
    }
  }

  async #index(): Promise<void> {
    while ((await sql`select 1 from search_due limit 1`.execute(this.#db.read)).rows.length > 0)
      await this.#db.write(indexSome);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#now = this.catchUp().catch((error) =>
        this.#log.error({ err: error }, 'could not bring the search up to date'),
      );
    }, EVERY_MS);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#now;
  }
}

/** SQLITE_CORRUPT_VTAB, which SQLite says of a virtual table, not of the file. */
const isDamagedIndex = (error: unknown): boolean =>
  error instanceof Error && (Object(error).errcode === 267 || /^fts5: corruption/.test(error.message));

/** Empties the index, whatever it holds, and notes every task as changed. */
async function forgetAll(trx: Writer): Promise<void> {
  await sql`insert into task_search (task_search) values ('delete-all')`.execute(trx);
  await sql`insert or ignore into search_due select id from tasks`.execute(trx);
}

async function indexSome(trx: Writer): Promise<void> {
  const due = sql`select task_id from search_due order by task_id limit ${TASKS_AT_ONCE}`;
  await sql`insert or replace into task_search (rowid, text, tags)
    select id, search_text, ${TAGS} from tasks where id in (${due})`.execute(trx);
  await sql`delete from task_search where rowid in (${due}) and rowid not in (select id from tasks where id in (${due}))`.execute(
    trx,
  );
  await sql`delete from search_due where task_id in (${due})`.execute(trx);
}

const wordTerm = ({ phrase, prefix }: SearchWord): string => `text:"${phrase}"${prefix ? '*' : ''}`;

/** Of a long beginning only what has an index. */
const indexedTerm = (word: SearchWord): string =>
  wordTerm(isLong(word) ? { ...word, phrase: beginningOf(word.phrase) } : word);

const isLong = ({ phrase, prefix }: SearchWord): boolean => prefix && beginningOf(phrase) !== phrase;

/** In characters, because half a character is no word. */
const beginningOf = (phrase: string): string => [...phrase].slice(0, LONGEST_PREFIX).join('');

/** The other filters as words of the search table. */
function tagTerms({ kind, status, style_id, family, starred }: RowFilter): string[] {
  return [
    ...(style_id === undefined ? [] : [`tags:s${style_id}`]),
    ...(family === undefined ? [] : [`tags:f${Buffer.from(family).toString('hex')}`]),
    ...(starred ? ['tags:starred'] : []),
    ...(kind === undefined ? [] : [`tags:kind${kind.replaceAll('_', '')}`]),
    ...(status === undefined ? [] : [`tags:status${isFinal(status) ? status : 'active'}`]),
  ];
}

/** Filters that are not words of the search table. */
function beyondTerms(words: SearchWord[], { status, starred }: RowFilter) {
  const long = words.find(isLong);
  return [
    ...(starred === false ? [sql`tasks.stars = 0`] : []),
    ...(status && !isFinal(status) ? [sql`tasks.status = ${status}`] : []),
    ...(long
      ? [sql`' ' || plain_words(tasks.search_text) like ${`% ${plainWords(long.phrase).join(' ')}%`}`]
      : []),
  ].map((condition) => sql`and ${condition}`);
}
