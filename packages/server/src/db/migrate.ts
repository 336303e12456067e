/** Brings the tables up to date. */
import { type Kysely, Migrator } from 'kysely';
import type { Database } from './database.ts';
import { migrations } from './migrations.ts';
import { refuseNewer } from './newer-database.ts';
import type { Schema } from './schema.ts';

/**
 * `before` is called with the name of the first step, if there is one, before anything is changed. @returns the names of
 * the steps that ran. @throws StartProblem for a database that a newer Limner has changed
 */
export async function migrate(
  db: Kysely<Schema>,
  dialect: Database['dialect'],
  before: (firstStep: string) => Promise<void> = async () => {},
): Promise<string[]> {
  await refuseNewer(db, dialect);
  const migrator = new Migrator({ db, provider: migrations(dialect) });
  const pending = (await migrator.getMigrations()).find(({ executedAt }) => !executedAt);
  if (!pending) return [];
  await before(pending.name);
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}
