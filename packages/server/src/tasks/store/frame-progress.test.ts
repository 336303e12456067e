import type { LossPoint } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { testDatabase, testDialects } from '../../../test/test-database.ts';
import { lossOf, saveLoss } from './frame-progress.ts';

const TASK = {
  kind: 'training',
  status: 'running',
  lane: 'x',
  priority: 0,
  family: 'starter',
  prompt: '',
  search_text: '',
  plan: '{}',
  total_frames: 1,
  version: 1,
  created_at: 1,
} as const;

describe.each(await testDialects())('on %s', (_, dialect) => {
  it('a curve with more points than a statement has parameters is stored', async () => {
    const place = await testDatabase(dialect);
    const db = await place.open();
    const curve = Array.from({ length: 30_000 }, (_, step): LossPoint => [step + 1, 1 / (step + 1)]);
    const id = await db.write(async (trx) => {
      const task = await trx.insertInto('tasks').values(TASK).returning('id').executeTakeFirstOrThrow();
      await saveLoss(trx, task.id, curve);
      return task.id;
    });
    expect((await lossOf(db.read, [id])).get(id)).toEqual(curve);
    await db.close();
    await place.remove();
  });
});
