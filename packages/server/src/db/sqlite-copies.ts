/**
 * Copies of an SQLite database beside itself: `limner-before-….db` from before a migration or a restore, and
 * `limner-backup-….db`.
 */
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';
import { connectSqlite } from './sqlite-connection.ts';

/** Whether a file in the folder of the database has the name of a copy. */
export function isCopyOf(database: string, entry: string): boolean {
  const { name } = path.parse(database);
  return entry.startsWith(`${name}-before-`) || entry.startsWith(`${name}-backup-`);
}

/** Makes a complete copy or none. If a killed start left a copy of the same rows, that copy is kept instead. */
export async function copyBefore(db: Kysely<Schema>, file: string, step: string): Promise<void> {
  const { name, dir } = path.parse(file);
  const prefix = `${name}-before-${step}-`;
  const rows = await rowCounts(db);
  if (rows === null) return;
  const copies = (await readdir(dir)).filter((entry) => entry.startsWith(prefix));
  for (const half of copies.filter((entry) => !entry.endsWith('.db'))) await rm(path.join(dir, half));
  for (const whole of copies.filter((entry) => entry.endsWith('.db')))
    if (isDeepStrictEqual(await rowsOfCopy(path.join(dir, whole)), rows)) return;
  const copy = path.join(dir, `${prefix}${Date.now()}.db`);
  await sql`vacuum into ${`${copy}.part`}`.execute(db);
  await rename(`${copy}.part`, copy);
}

/**
 * How many rows each table has, and the greatest version of a task: equal for a database and its copy. null: it has no
 * tables yet.
 */
async function rowCounts(db: Kysely<Schema>): Promise<Record<string, unknown> | null> {
  const { rows: tables } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'task_search%'`.execute(
    db,
  );
  if (tables.length === 0) return null;
  const counts: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await sql`select count(*) as n from ${sql.table(name)}`.execute(db);
    counts[name] = rows[0];
  }
  const { rows } = await sql`select max(version) as version from tasks`.execute(db);
  return { ...counts, newest: rows[0] };
}

async function rowsOfCopy(file: string): Promise<Record<string, unknown> | null> {
  const { kysely } = connectSqlite(file, { readOnly: true });
  try {
    return await rowCounts(kysely);
  } catch {
    return null;
  } finally {
    await kysely.destroy();
  }
}
