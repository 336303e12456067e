/** The search that goes with a database. */
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { PostgresSearch } from './postgres-search.ts';
import type { Search } from './search.ts';
import { SqliteSearch } from './sqlite-search.ts';

export const openSearch = (db: Database, log: Logger): Search =>
  db.dialect === 'sqlite' ? new SqliteSearch(db, log) : new PostgresSearch(db);
