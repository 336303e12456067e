/** PGlite as a pool of one connection: who asks for it waits until it is given back. */
import type { PGlite } from '@electric-sql/pglite';
import type { PostgresPool, PostgresPoolClient } from 'kysely';

/** What the driver of a real Postgres names as the command of a result that changed rows. */
const CHANGES = /^\s*(insert|update|delete)\b/i;

export function pglitePool(lite: PGlite): PostgresPool {
  let free: Promise<void> = Promise.resolve();
  return {
    async connect() {
      const before = free;
      let release = (): void => undefined;
      free = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      return {
        query: (sql: string, values: unknown[]) => query(lite, sql, values),
        release,
      } as PostgresPoolClient;
    },
    end: async () => undefined,
  };
}

async function query(lite: PGlite, sql: string, values: unknown[]) {
  const { rows, affectedRows } = await lite.query(sql, values);
  const command = CHANGES.exec(sql)?.[1]?.toUpperCase() ?? 'SELECT';
  return { rows, command, rowCount: affectedRows ?? rows.length };
}
