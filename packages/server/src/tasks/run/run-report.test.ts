import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/test-database.ts';
import { MemoryBus } from '../../bus/memory-bus.ts';
import type { Database } from '../../db/database.ts';
import { TaskNews } from '../news.ts';
import { RunReport } from './run-report.ts';

let place: TestDatabase;
let db: Database;

beforeEach(async () => {
  place = await testDatabase('sqlite');
  db = await place.open();
});
afterEach(async () => {
  await db.close();
  await place.remove();
});

it('goes on when the rows cannot be read', async () => {
  const bus = new MemoryBus();
  bus.subscribe('event', () => {});
  const log = { warn: vi.fn() };
  const report = new RunReport(
    { db, news: new TaskNews(db.read, bus, { cleanupDays: 0, nameOf: () => 'x.png' }), log },
    { id: 1, lease: 'x' },
  );
  await db.write((trx) => sql`alter table tasks rename to earlier_tasks`.execute(trx));
  report.progress(0, 0.5);
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledTimes(1));
  await report.changed();
  expect(log.warn).toHaveBeenCalledTimes(2);
  await report.close();
});
