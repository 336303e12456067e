/** What an SQLite file holds that may be a Limner database. */
import { DatabaseSync } from '@photostructure/sqlite';
import { type Kysely, sql } from 'kysely';
import { StartProblem } from '../start-problem.ts';
import { migrations } from './migrations.ts';
import { refuseNewer } from './newer-database.ts';
import type { Schema } from './schema.ts';
import { connectSqlite } from './sqlite-connection.ts';

export interface DatabaseFacts {
  tasks: number;
  pictures: number;
  /** When the newest task was made; null: there is none. */
  newestMs: number | null;
  /** The id that its data folder has too; null: of a Limner from before there were ids. */
  installation: string | null;
  /** The steps that a migration would run. */
  pending: string[];
}

/** Of every Limner database since the first. */
const TABLES = ['kysely_migration', 'tasks', 'facts'];

/**
 * Reads every page, and merges a log beside the file into it, so the file is complete alone. Nothing else may use it.
 * `name` is what messages call it. @throws StartProblem if it is damaged, of another program, or of a newer Limner
 */
export async function examineFile(file: string, name: string): Promise<DatabaseFacts> {
  try {
    checkPages(file, name);
    const { kysely } = connectSqlite(file, { readOnly: true });
    try {
      return await factsOf(kysely, name);
    } finally {
      await kysely.destroy();
    }
  } catch (error) {
    if (error instanceof StartProblem || !isDamage(error)) throw error;
    throw notWhole(name, error.message, error);
  }
}

const isDamage = (error: unknown): error is Error =>
  error instanceof Error && /malformed|not a database|file is encrypted|disk I\/O error/i.test(error.message);

function checkPages(file: string, name: string): void {
  const connection = new DatabaseSync(file);
  try {
    connection.exec('pragma journal_mode = delete');
    const [first] = connection.prepare('pragma integrity_check(1)').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw notWhole(name, first?.integrity_check ?? '?');
  } finally {
    connection.close();
  }
}

async function factsOf(db: Kysely<Schema>, name: string): Promise<DatabaseFacts> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const has = (table: string) => tables.some((each) => each.name === table);
  if (!TABLES.every(has)) throw ofAnotherProgram(name);
  await refuseNewer(db, 'sqlite');
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const names = new Set(done.rows.map((row) => row.name));
  const counted = await sql<{ tasks: number; newest: number | null }>`
    select count(*) as tasks, max(created_at) as newest from tasks`.execute(db);
  const pictures = has('outputs')
    ? await sql<{ n: number }>`select count(*) as n from outputs`.execute(db)
    : await sql<{ n: number }>`select count(*) as n from frames where file is not null`.execute(db);
  const fact = await sql<{ value: string }>`
    select value from facts where key = 'installation_id'`.execute(db);
  return {
    tasks: counted.rows[0]?.tasks ?? 0,
    pictures: pictures.rows[0]?.n ?? 0,
    newestMs: counted.rows[0]?.newest ?? null,
    installation: fact.rows[0]?.value ?? null,
    pending: Object.keys(await migrations('sqlite').getMigrations()).filter((step) => !names.has(step)),
  };
}

/** Gives a file, which nothing else uses, to another installation. The ComfyUI client id stays with the first. */
export function assignToInstallation(file: string, installation: string): void {
  const connection = new DatabaseSync(file);
  try {
    connection.exec("begin; delete from facts where key = 'comfy_client_id'");
    connection
      .prepare("insert or replace into facts (key, value) values ('installation_id', ?)")
      .run(installation);
    connection.exec('commit');
  } finally {
    connection.close();
  }
}

/** Merges the log into the file. False: the file is damaged, empty or in use, so the log is still needed. */
export function mergeLog(file: string): boolean {
  const connection = new DatabaseSync(file);
  try {
    // It does not throw while another connection reads.
    const { busy } = connection.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number };
    return busy === 0 && connection.prepare('select 1 from sqlite_master limit 1').get() !== undefined;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return false;
  } finally {
    connection.close();
  }
}

const notWhole = (name: string, reason: string, cause?: unknown): StartProblem =>
  new StartProblem(
    {
      en: `${name} is damaged or is not a database (${reason}). Nothing was changed.`,
      zh: `${name} 已损坏或不是数据库（${reason}）。没有改动任何内容。`,
    },
    { cause },
  );

const ofAnotherProgram = (name: string): StartProblem =>
  new StartProblem({
    en: `${name} is not a database of Limner. Nothing was changed.`,
    zh: `${name} 不是画匠的数据库。没有改动任何内容。`,
  });
