/**
 * Full-text search of Postgres over the indexed column `tasks.search_text`. Postgres splits text by its locale and treats
 * addresses and numbers specially, so the column contains separated words already.
 */
import type { Caller } from '@limner/contract';
import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';
import { facetOf, matchingFacets } from '../tasks/store/facets.ts';
import { conditionsOf, isNarrowed, NEAREST_TASKS } from '../tasks/store/row-filter.ts';
import type { Search, WordPage } from './search.ts';
import { plainWords, type SearchWord, searchText } from './search-words.ts';

/** Must be exactly the expression of the index `tasks_search`. */
const WORDS = sql`to_tsvector('simple', search_text)`;

export class PostgresSearch implements Search {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  textOf(prompt: string): string {
    return plainWords(searchText(prompt)).join(' ');
  }

  async page(caller: Caller, page: WordPage): Promise<TaskRow[]> {
    const terms = page.words.map(term).filter((text) => text !== '');
    if (terms.length === 0) return [];
    const query = terms.join(' & ');
    const near = await this.#near(caller, query, page);
    if (near.length === page.limit || page.to - page.from <= NEAREST_TASKS) return near;
    return this.#all(caller, query, page);
  }

  async #near(caller: Caller, query: string, page: WordPage): Promise<TaskRow[]> {
    const from = page.upwards ? page.from : Math.max(page.from, page.to - NEAREST_TASKS);
    const to = page.upwards ? Math.min(page.to, page.from + NEAREST_TASKS) : page.to;
    const { rows } = await sql<TaskRow>`select * from tasks
      where ${visibleTo(caller)} and id between ${from} and ${to} and ${sql.join(conditionsOf(this.#db, page.filter), sql` and `)}
        and ${WORDS} @@ to_tsquery('simple', ${query})
      order by id ${direction(page)} limit ${page.limit}`.execute(this.#db.read);
    return rows;
  }

  /**
   * Uses the indexes of words and facets. With `order by id` in place of `+id` Postgres may read all tasks by id instead,
   * which takes very long for rare words.
   */
  async #all(caller: Caller, query: string, page: WordPage): Promise<TaskRow[]> {
    const facets = isNarrowed(page.filter) ? await matchingFacets(caller, this.#db, page.filter) : null;
    const narrowed = facets === null ? sql`` : sql`and ${facetOf('postgres')} = any(${facets})`;
    const { rows } = await sql<TaskRow>`select * from tasks
      where ${visibleTo(caller)} and ${WORDS} @@ to_tsquery('simple', ${query}) and id between ${page.from} and ${page.to} ${narrowed}
      order by +id ${direction(page)} limit ${page.limit}`.execute(this.#db.read);
    return rows;
  }

  start(): void {}

  async close(): Promise<void> {}
}

const direction = ({ upwards }: WordPage) => sql.raw(upwards ? 'asc' : 'desc');

/** Consecutive words for a phrase; the last one may be a prefix. */
function term({ phrase, prefix }: SearchWord): string {
  const words = plainWords(phrase).map((word) => `'${word}'`);
  return words.length === 0 ? '' : `(${words.join(' <-> ')}${prefix ? ':*' : ''})`;
}
