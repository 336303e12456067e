/**
 * Search of Postgres over the columns of `tasks`. `search_text` contains separated words in lower case, so that Postgres, which
 * splits text by its locale and treats addresses and numbers specially, has nothing to split.
 *
 * A GIN index finds all tasks with a word but in no order, so a common word would be read and sorted a hundred thousand times for
 * a page of fifty. Therefore the nearest tasks are read one by one first. Of a word that is rare among them, the index finds
 * those of ever larger blocks of ids: the blocks, and the other filters, are words of the index too.
 */
import type { Caller } from '@limner/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { TaskRow } from '../db/schema.ts';
import { visibleTo } from '../db/visible-to.ts';
import { conditionsOf } from '../tasks/store/row-filter.ts';
import { nearestPart, type RowFilter, type Search, type WordPage } from './search.ts';
import { plainWords, type SearchWord, searchText } from './search-words.ts';

/** Must be exactly the expression of the index `tasks_search`. Words of prompts have no `~`. */
const TERMS = sql`(to_tsvector('simple', search_text) || array_to_tsvector(array[
  '~k' || kind, '~s' || status, '~y' || coalesce(style_id, 0), '~f' || family,
  case when stars > 0 then '~starred' else '~plain' end, '~14b' || (id >> 14), '~16b' || (id >> 16), '~18b' || (id >> 18)]))`;

/** Blocks of so many ids are words of the index. */
const BLOCKS = [14, 16, 18].map((bits) => ({ bits, size: 2 ** bits }));
/** Which are searched together. */
const BLOCKS_AT_ONCE = 4;

/** Tasks that are compared here, because the index would read more. */
const FEW = 1_000;

/** So many tasks are compared in about a millisecond. */
const NEAREST = 4_000;

export class PostgresSearch implements Search {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  textOf(prompt: string): string {
    return plainWords(searchText(prompt)).join(' ');
  }

  async page(caller: Caller, page: WordPage): Promise<TaskRow[]> {
    const phrases = page.words
      .map(({ phrase, prefix }) => ({ phrase: plainWords(phrase).join(' '), prefix }))
      .filter(({ phrase }) => phrase !== '');
    if (phrases.length === 0) return [];
    const near = await this.#near(caller, phrases, page);
    if (near.length === page.limit || page.to - page.from <= NEAREST) return near;
    const words = sql`to_tsquery('simple', ${phrases.map(term).join(' & ')})`;
    for (const { terms, part, isWhole } of BLOCKS.map((blocks) => nearestBlocks(page, blocks))) {
      const found =
        (await this.#amongFew(caller, phrases, terms, part)) ??
        (await this.#indexed(caller, sql`(${words} && ${terms}::tsquery)`, part));
      if (found.length === page.limit || isWhole) return found;
      // So rare that all of them are few.
      if (found.length === 0) break;
    }
    return (await this.#amongFew(caller, phrases, null, page)) ?? this.#indexed(caller, words, page);
  }

  async #near(caller: Caller, phrases: SearchWord[], page: WordPage): Promise<TaskRow[]> {
    const { from, to } = nearestPart(page, NEAREST);
    const conditions = [
      ...conditionsOf(this.#db, page.filter),
      ...phrases.map(
        ({ phrase, prefix }) =>
          sql`' ' || search_text || ' ' like ${prefix ? `% ${phrase}%` : `% ${phrase} %`}`,
      ),
    ];
    const { rows } = await sql<TaskRow>`select * from tasks
      where ${visibleTo(caller)} and id between ${from} and ${to} and ${sql.join(conditions, sql` and `)}
      order by id ${direction(page)} limit ${page.limit}`.execute(this.#db.read);
    return rows;
  }

  /**
   * For a beginning of a word the index reads all tasks with any word that begins so. If the other words and filters leave only
   * few tasks, those are compared instead. null: they are too many, or there is no beginning.
   */
  async #amongFew(
    caller: Caller,
    phrases: SearchWord[],
    blocks: string | null,
    page: WordPage,
  ): Promise<TaskRow[] | null> {
    const whole = phrases.filter(({ prefix }) => !prefix);
    const tags = tagTerms(page.filter);
    if (whole.length === phrases.length || (whole.length === 0 && tags === '')) return null;
    const others = [
      ...(blocks === null ? [] : [sql`${blocks}::tsquery`]),
      ...(whole.length === 0 ? [] : [sql`to_tsquery('simple', ${whole.map(term).join(' & ')})`]),
      ...(tags === '' ? [] : [sql`${tags}::tsquery`]),
    ];
    const { rows } = await sql<TaskRow>`select * from tasks
      where ${visibleTo(caller)} and ${TERMS} @@ (${sql.join(others, sql` && `)}) and id between ${page.from} and ${page.to}
      limit ${FEW}`.execute(this.#db.read);
    if (rows.length === FEW) return null;
    const beginnings = phrases.filter(({ prefix }) => prefix).map(({ phrase }) => ` ${phrase}`);
    return rows
      .filter(({ search_text }) => beginnings.every((beginning) => ` ${search_text}`.includes(beginning)))
      .sort((a, b) => (page.upwards ? a.id - b.id : b.id - a.id))
      .slice(0, page.limit);
  }

  /** With `order by id` in place of `+id` Postgres may read all tasks by id instead, which takes very long for rare words. */
  async #indexed(caller: Caller, words: RawBuilder<unknown>, page: WordPage): Promise<TaskRow[]> {
    const tags = tagTerms(page.filter);
    const query = tags === '' ? words : sql`(${words} && ${tags}::tsquery)`;
    const { rows } = await sql<TaskRow>`select * from tasks
      where ${visibleTo(caller)} and ${TERMS} @@ ${query} and id between ${page.from} and ${page.to}
      order by +id ${direction(page)} limit ${page.limit}`.execute(this.#db.read);
    return rows;
  }

  start(): void {}

  async close(): Promise<void> {}
}

const direction = ({ upwards }: WordPage) => sql.raw(upwards ? 'asc' : 'desc');

/** Consecutive words for a phrase; the last one may be a prefix. */
function term({ phrase, prefix }: SearchWord): string {
  const words = phrase.split(' ').map((word) => `'${word}'`);
  return `(${words.join(' <-> ')}${prefix ? ':*' : ''})`;
}

/** The part of a page in the blocks with its first ids, and these as words of the index. */
function nearestBlocks(page: WordPage, { bits, size }: (typeof BLOCKS)[number]) {
  const first = Math.floor((page.upwards ? page.from : page.to) / size);
  const low = page.upwards ? first : first - BLOCKS_AT_ONCE + 1;
  const from = Math.max(page.from, low * size);
  const to = Math.min(page.to, (low + BLOCKS_AT_ONCE) * size - 1);
  const numbers = Array.from({ length: BLOCKS_AT_ONCE }, (_, at) => low + at);
  return {
    terms: numbers.map((number) => `'~${bits}b${number}'`).join(' | '),
    part: { ...page, from, to },
    isWhole: from === page.from && to === page.to,
  };
}

function tagTerms({ kind, status, style_id, family, starred }: RowFilter): string {
  return [
    ...(kind === undefined ? [] : [`~k${kind}`]),
    ...(status === undefined ? [] : [`~s${status}`]),
    ...(style_id === undefined ? [] : [`~y${style_id}`]),
    ...(family === undefined ? [] : [`~f${family}`]),
    ...(starred === undefined ? [] : [starred ? '~starred' : '~plain']),
  ]
    .map((tag) => `'${tag.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`)
    .join(' & ');
}
