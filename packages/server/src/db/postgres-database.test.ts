import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testPostgres } from '../../test/postgres-server.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../../test/test-database.ts';
import { StartProblem } from '../start-problem.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open.ts';

const server = await testPostgres();

/** These need several connections, which PGlite does not have. */
describe.skipIf(server.version === null)(
  `${server.version ?? 'no PostgreSQL here'} with several connections`,
  () => {
    let place: TestDatabase;
    let db: Database;

    beforeEach(async () => {
      place = await testDatabase('postgres');
      db = await place.open();
    });
    afterEach(async () => {
      await db.close();
      await place.remove();
    });

    const rename = (from: string, to: string) => sql`update facts set value = ${to} where key = ${from}`;

    it('runs a transaction again that it broke off for a deadlock', async () => {
      await db.write((trx) => sql`insert into facts values ('a', ''), ('b', '')`.execute(trx));
      let runs = 0;
      const bothHold = barrier(2);
      const cross = (first: string, second: string) =>
        db.write(async (trx) => {
          runs += 1;
          await rename(first, 'x').execute(trx);
          await bothHold();
          await rename(second, first).execute(trx);
        });
      await Promise.all([cross('a', 'b'), cross('b', 'a')]);
      expect(runs).toBeGreaterThan(2);
    });

    it('fails what runs on a connection that breaks, and goes on with another one', async () => {
      const broken = db.write((trx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx));
      await expect(broken).rejects.toMatchObject({ code: 'database_unavailable', status: 503 });
      await expect(sql`select pg_terminate_backend(pg_backend_pid())`.execute(db.read)).rejects.toMatchObject(
        {
          code: 'database_unavailable',
        },
      );
      await db.write((trx) => sql`insert into facts values ('a', 'kept')`.execute(trx));
      expect((await sql`select value from facts`.execute(db.read)).rows).toEqual([{ value: 'kept' }]);
    });

    it('is brought up to date once when several start together', async () => {
      const empty = (await emptyDatabase()) as TestDatabase;
      const opened = await Promise.all([empty.open(), empty.open(), empty.open()]);
      const { rows } = await sql<{ n: number }>`select count(*) as n from kysely_migration`.execute(db.read);
      for (const each of opened) {
        expect((await sql`select count(*) as n from kysely_migration`.execute(each.read)).rows).toEqual(rows);
        await each.close();
      }
      await empty.remove();
    });

    it('says what to do when there is no such database', async () => {
      const problem = await openDatabase({ dialect: 'postgres', url: server.url('nowhere') }).catch(
        (error) => error,
      );
      expect(problem).toBeInstanceOf(StartProblem);
      expect(problem.texts.en).toContain('no database "nowhere"');
      expect(problem.texts.zh).toContain('没有数据库“nowhere”');
    });
  },
);

it('says where nobody answers, without the password', async () => {
  const url = 'postgres://limner:sekret@127.0.0.1:1/limner';
  const problem = await openDatabase({ dialect: 'postgres', url }).catch((error) => error);
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.texts.en).toMatch(/does not answer at 127\.0\.0\.1:1 \(ECONNREFUSED\).*DATABASE_URL/);
  expect(problem.texts.zh).toContain('没有响应');
  expect(JSON.stringify(problem.texts)).not.toContain('sekret');
});

/** Resolves all waiting calls when the given number has arrived; later calls do not wait. */
function barrier(count: number): () => Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let come = 0;
  return () => {
    come += 1;
    if (come >= count) open();
    return opened;
  };
}
