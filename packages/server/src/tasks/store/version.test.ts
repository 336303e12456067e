import { OWNER } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase, testDialects } from '../../../test/test-database.ts';
import type { Database } from '../../db/database.ts';
import { insertTask, type PlannedTask, raiseVersion, readTask } from './task-rows.ts';
import { VERSION_STEP } from './version.ts';

const HOUR_MS = 3_600_000;
const planned = (): PlannedTask => ({
  kind: 'generation',
  lane: 'a',
  priority: 0,
  family: 'f',
  prompt: '',
  source_name: '',
  search_text: '',
  style_id: null,
  source_task_id: null,
  plan: '{}',
  total_frames: 1,
  created_at: Date.now(),
});

describe.each(await testDialects())('versions on %s', (_name, dialect) => {
  let home: TestDatabase;
  let db: Database;

  beforeEach(async () => {
    home = await testDatabase(dialect);
    db = await home.open();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await db.close();
    await home.remove();
  });

  const make = async () => (await db.write((trx) => insertTask(OWNER, trx, planned(), [1], []))).task;
  const change = async (id: number) => {
    await db.write((trx) => raiseVersion(trx, id));
    return (await readTask(OWNER, db.read, id))?.task.version ?? 0;
  };

  it('grow with every change, and leave room for progress between two of them', async () => {
    const { id, version } = await make();
    const next = await change(id);
    expect(next).toBeGreaterThanOrEqual(version + VERSION_STEP);
    expect([version % VERSION_STEP, next % VERSION_STEP]).toEqual([0, 0]);
  });

  it('of a change and of a new task are greater than all there are, also after the clock was set back by an hour', async () => {
    const first = await make();
    const second = await make();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - HOUR_MS });
    const changed = await change(first.id);
    expect(changed).toBeGreaterThan(second.version);
    expect((await make()).version).toBeGreaterThan(changed);
  });

  it('grow with time', async () => {
    const { id, version } = await make();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR_MS });
    expect(await change(id)).toBeGreaterThanOrEqual(version + HOUR_MS * VERSION_STEP);
  });

  it('go on from those of a database in which they were milliseconds', async () => {
    const { id } = await make();
    const before = Date.now();
    await db.write((trx) => trx.updateTable('tasks').set({ version: before }).where('id', '=', id).execute());
    expect(await change(id)).toBeGreaterThan(before);
  });
});
