import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import type { NewTask } from '../db/schema.ts';
import { laneDepths } from './lanes-store.ts';

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

const task = (lane: string, status: NewTask['status'], created_at: number): NewTask => ({
  kind: 'generation',
  status,
  lane,
  priority: 0,
  family: 'x',
  prompt: '',
  search_text: '',
  plan: '{}',
  total_frames: 1,
  version: created_at,
  created_at,
});

it('counts each lane, and finds the oldest waiting task also of one behind a long queue', async () => {
  const long = Array.from({ length: 1_200 }, (_, n) => task('long', 'queued', 100 + n));
  const others = [task('short', 'queued', 5_000), task('short', 'running', 1), task('short', 'completed', 2)];
  await db.write(async (trx) => {
    for (const row of [...long, ...others]) await trx.insertInto('tasks').values(row).execute();
  });
  expect(await laneDepths(db.read, ['long', 'short', 'empty'])).toEqual([
    { lane: 'long', queued: 1_200, running: 0, oldestMs: 100 },
    { lane: 'short', queued: 1, running: 1, oldestMs: 5_000 },
    { lane: 'empty', queued: 0, running: 0, oldestMs: null },
  ]);
});
