import { OWNER } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase, testDialects } from '../../../test/test-database.ts';
import type { Database } from '../../db/database.ts';
import { createLog } from '../../log.ts';
import { openSearch } from '../../search/open.ts';
import type { Search } from '../../search/search.ts';
import { listTasks, type TaskQuery } from './task-pages.ts';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse('2026-05-01T00:00:00Z');
let place: TestDatabase;
let db: Database;
let search: Search;

/** Forty tasks, ten a day. */
async function fill(): Promise<void> {
  await db.write(async (trx) => {
    for (let n = 0; n < 40; n += 1) {
      const prompt = n % 2 === 0 ? 'a red dragon' : '蓝色的药水';
      const created = FIRST_DAY + Math.floor(n / 10) * DAY_MS + (n % 10) * 3_600_000;
      await trx
        .insertInto('tasks')
        .values({
          kind: n % 5 === 0 ? 'remove_bg' : 'generation',
          status: n % 4 === 0 ? 'failed' : 'completed',
          lane: 'x',
          priority: 0,
          family: n % 3 === 0 ? 'flux-schnell' : 'starter',
          prompt,
          search_text: search.textOf(prompt),
          style_id: (n % 2) + 1,
          plan: '{}',
          total_frames: 1,
          stars: n % 7 === 0 ? 1 : 0,
          version: n,
          created_at: created,
        })
        .execute();
    }
  });
}
const plain = (n: number) => ({
  kind: 'upscale' as const,
  status: 'completed' as const,
  lane: 'x',
  priority: 0,
  family: 'upscale',
  prompt: 'plain',
  search_text: 'plain',
  plan: '{}',
  total_frames: 1,
  version: n,
  created_at: FIRST_DAY + 10 * DAY_MS + n,
});

/** The indices of the found tasks, from 0 in the order of their creation. */
async function found(query: Omit<TaskQuery, 'limit'>, limit = 50): Promise<number[]> {
  const { rows } = await listTasks(OWNER, db, search, { limit, ...query });
  return rows.map(({ id }) => id - 1);
}
const among = (matches: (n: number) => boolean) =>
  Array.from({ length: 40 }, (_, index) => 39 - index).filter(matches);

describe.each(await testDialects())('the list under filters on %s', (_, dialect) => {
  beforeAll(async () => {
    place = await testDatabase(dialect);
    db = await place.open();
    search = openSearch(db, createLog('silent'));
    await fill();
  });
  afterAll(async () => {
    await db.close();
    await place.remove();
  });

  const filters: [string, Omit<TaskQuery, 'limit'>, (n: number) => boolean][] = [
    ['a style', { style_id: 2 }, (n) => n % 2 === 1],
    ['a status', { status: 'failed' }, (n) => n % 4 === 0],
    ['a status without tasks', { status: 'queued' }, () => false],
    ['a kind', { kind: 'remove_bg' }, (n) => n % 5 === 0],
    ['a kind and a status', { kind: 'remove_bg', status: 'failed' }, (n) => n % 20 === 0],
    ['words', { text: 'red dragon' }, (n) => n % 2 === 0],
    ['a beginning and a status', { text: 'dra', status: 'failed' }, (n) => n % 4 === 0],
    ['words without stars', { text: 'dragon', starred: false }, (n) => n % 2 === 0 && n % 7 !== 0],
    ['words of a kind', { text: '药水', kind: 'remove_bg' }, (n) => n % 10 === 5],
    ['words in any order', { text: 'dragon red' }, (n) => n % 2 === 0],
    ['words of different tasks', { text: 'dragon 药水' }, () => false],
    ['words of a day', { text: 'dragon', created_from: '2026-05-04' }, (n) => n % 2 === 0 && n >= 30],
    ['a model', { family: 'flux-schnell' }, (n) => n % 3 === 0],
    ['stars', { starred: true }, (n) => n % 7 === 0],
    ['no stars', { starred: false }, (n) => n % 7 !== 0],
    ['a day', { created_from: '2026-05-02', created_to: '2026-05-03' }, (n) => n >= 10 && n < 20],
    [
      'an hour',
      { created_from: '2026-05-02T03:00:00Z', created_to: '2026-05-02T05:00:00Z' },
      (n) => n === 13 || n === 14,
    ],
    ['an hour of another zone', { created_to: '2026-05-01T10:00:00+08:00' }, (n) => n < 2],
    ['a day without tasks', { created_from: '2027-01-01' }, () => false],
    ['a style without tasks', { style_id: 99 }, () => false],
    [
      'all filters together',
      {
        style_id: 1,
        family: 'flux-schnell',
        status: 'completed',
        kind: 'generation',
        text: 'drag',
        created_from: '2026-05-01',
        created_to: '2026-05-04',
        starred: true,
      },
      (n) => n % 2 === 0 && n % 3 === 0 && n % 4 !== 0 && n % 5 !== 0 && n % 7 === 0 && n < 30,
    ],
    ['Chinese words and a model', { text: '药水', family: 'starter' }, (n) => n % 2 === 1 && n % 3 !== 0],
    ['a model whose name begins like another', { family: 'flux' }, () => false],
  ];

  it.each(filters)('has exactly the matches of %s, newest first', async (_, query, matches) => {
    expect(await found(query)).toEqual(among(matches));
  });

  it('is the same if it is read page by page', async () => {
    const read: number[] = [];
    for (let before: number | undefined; ; ) {
      const { rows, more } = await listTasks(OWNER, db, search, { limit: 3, style_id: 1, before });
      read.push(...rows.map(({ id }) => id - 1));
      before = rows.at(-1)?.id;
      if (!more) break;
    }
    expect(read).toEqual(among((n) => n % 2 === 0));
  });

  it('has the next newer tasks after any id', async () => {
    expect(await found({ after: 21 }, 3)).toEqual([23, 22, 21]);
    expect(await found({ after: 21, style_id: 1 }, 2)).toEqual([24, 22]);
    expect((await listTasks(OWNER, db, search, { limit: 50, after: 21 })).more).toBe(false);
  });

  it('has rare tasks behind many others, in both directions', async () => {
    await db.write(async (trx) => {
      for (let n = 0; n < 1_200; n += 1)
        await trx
          .insertInto('tasks')
          .values(plain(100 + n))
          .execute();
    });
    expect(await found({ style_id: 2, status: 'failed' })).toEqual([]);
    expect(await found({ family: 'flux-schnell', status: 'failed' })).toEqual(
      among((n) => n % 3 === 0 && n % 4 === 0),
    );
    expect(await found({ starred: true, family: 'starter' }, 3)).toEqual([35, 28, 14]);
    expect(await found({ starred: true, before: 29 }, 2)).toEqual([21, 14]);
    expect(await found({ starred: true, after: 20 }, 2)).toEqual([28, 21]);
    await db.write((trx) => trx.deleteFrom('tasks').where('prompt', '=', 'plain').execute());
  });

  it('has a starred task until its star is removed', async () => {
    const set = (stars: number) =>
      db.write((trx) => trx.updateTable('tasks').set({ stars }).where('id', '=', 2).execute());
    await set(1);
    expect(await found({ starred: true, created_to: '2026-05-02' })).toEqual([7, 1, 0]);
    await set(0);
    expect(await found({ starred: true, created_to: '2026-05-02' })).toEqual([7, 0]);
  });
});
