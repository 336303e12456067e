/** A database that a newer Limner has changed is refused, because this one does not know its tables. */
import { type Kysely, sql } from 'kysely';
import { StartProblem } from '../start-problem.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';

/** @throws StartProblem before anything is changed */
export async function refuseNewer(db: Kysely<Schema>, dialect: Database['dialect']): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return;
  const problem = await newerProblem(db, dialect);
  if (problem) throw problem;
}

/** Of a database that has been migrated; null: this Limner knows its tables. */
export async function newerProblem(
  db: Kysely<Schema>,
  dialect: Database['dialect'],
): Promise<StartProblem | null> {
  const known = await migrations(dialect).getMigrations();
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const newer = rows.find(({ name }) => !Object.hasOwn(known, name));
  return newer ? usedByNewer(newer.name) : null;
}

const usedByNewer = (step: string): StartProblem =>
  new StartProblem({
    en: `A newer Limner has used this database (step ${step}). Update Limner, or set DATABASE_URL to a copy from before that update. Nothing was changed.`,
    zh: `这个数据库已被更新版本的画匠使用过（步骤 ${step}）。请更新画匠，或将 DATABASE_URL 指向更新之前的副本。没有改动任何内容。`,
  });
