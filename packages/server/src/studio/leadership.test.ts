import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';
import { Leadership } from './leadership.ts';

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

it('logs work that cannot start, and closes', async () => {
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const error = new Error('no such work');
  const lead = () => {
    throw error;
  };
  const leadership = new Leadership({ db, log: log as unknown as Logger, name: 'chores', holder: 'a', lead });
  leadership.start();
  await vi.waitFor(() => expect(log.info).toHaveBeenCalled());
  await leadership.close();
  expect(log.error).toHaveBeenCalledWith({ err: error, lease: 'chores' }, expect.any(String));
});
