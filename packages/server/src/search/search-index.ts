/**
 * Brings the search table up to the rows. Triggers note which tasks changed (`search_due`, see the migrations); here they
 * are indexed many at a time, every second and before each search, so that a search misses nothing that was written
 * before it. What is noted survives a crash.
 */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database, Writer } from '../db/database.ts';

const EVERY_MS = 1_000;
const TASKS_AT_ONCE = 500;

/** Kind, status and the other filters as words of their own, so that "dragon among the failed" is one lookup. */
const TAGS = sql`'kind' || replace(kind, '_', '')
  || ' status' || case when status in ('queued', 'running') then 'active' else status end
  || ' f' || lower(hex(family)) || coalesce(' s' || style_id, '') || case when stars > 0 then ' starred' else '' end`;

export async function catchUpSearch(db: Database): Promise<void> {
  if (db.dialect !== 'sqlite') return;
  while ((await sql`select 1 from search_due limit 1`.execute(db.read)).rows.length > 0)
    await db.write(indexSome);
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

export class SearchIndex {
  readonly #db: Database;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #now: Promise<void> = Promise.resolve();

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#now = catchUpSearch(this.#db).catch((error) =>
        this.#log.error({ err: error }, 'could not bring the search up to date'),
      );
    }, EVERY_MS);
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#now;
  }
}
