import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import { createLog } from '../log.ts';
import { Closings } from './closings.ts';
import { watchVersion } from './version-watch.ts';

let place: TestDatabase;
let db: Database;
const closings = new Closings();
beforeEach(async () => {
  place = await testDatabase('postgres');
  db = await place.open();
});
afterEach(async () => {
  await closings.closeAll();
  await db.close();
  await place.remove();
});

it('a process that runs is told once when a newer version has changed its database', async () => {
  const told: string[] = [];
  watchVersion(
    { db, log: createLog('silent'), outdated: ({ texts }) => told.push(texts.en), checkMs: 10 },
    closings,
  );
  await db.read.selectFrom('tasks').selectAll().execute();
  expect(told).toEqual([]);
  await db.write((trx) =>
    sql`insert into kysely_migration (name, timestamp) values ('9999_newer', '')`.execute(trx),
  );
  await expect
    .poll(() => told, { timeout: 20_000 })
    .toEqual([expect.stringMatching(/newer Limner.*9999_newer.*Update/)]);
});
