import { OWNER } from '@limner/contract';
import { type CompiledQuery, sql } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabase } from '../../../test/test-database.ts';
import { tasksOfFrames } from './task-rows.ts';

it('tasks of a seed that read pictures are found without reading all tasks or all frames', async () => {
  const place = await testDatabase('sqlite');
  const db = await place.open();
  const asked: CompiledQuery[] = [];
  const read = db.read.withPlugin({
    transformQuery({ node, queryId }) {
      asked.push(db.read.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await tasksOfFrames(OWNER, read, { kind: 'generation', prompt: 'a key', seed: '5' });
  const [query] = asked;
  if (!query) throw new Error('nothing was asked');
  const plan = await sql<{ detail: string }>`explain query plan ${sql.raw(
    query.sql.replaceAll('?', "'1'"),
  )}`.execute(db.read);
  const steps = plan.rows.map(({ detail }) => detail);
  expect(steps.join('\n')).toContain('frames');
  expect(steps.filter((step) => /^SCAN (tasks|frames)/.test(step))).toEqual([]);
  await db.close();
  await place.remove();
});
