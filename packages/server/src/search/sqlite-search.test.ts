import { OWNER } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, it } from 'vitest';
import { testDatabase } from '../../test/test-database.ts';
import { searchWords } from './search-words.ts';
import { SqliteSearch } from './sqlite-search.ts';

it.each([
  'delete from task_search_data',
  'delete from task_search_data where id = 1',
  'delete from task_search_data where id = 10',
  'delete from task_search_data where id > 10',
  "update task_search_data set block = x'00ff00ff' where id > 10",
  'delete from task_search_idx',
  'delete from task_search_docsize',
])('an index that is damaged is made anew from the rows: %s', async (damage) => {
  const place = await testDatabase('sqlite');
  const db = await place.open();
  const search = new SqliteSearch(db, { error: () => undefined });
  const values = {
    ...({ kind: 'generation', status: 'completed', lane: 'x', priority: 0, family: 'starter' } as const),
    ...{ plan: '{}', total_frames: 1, version: 1, created_at: 1 },
  };
  const add = (prompt: string) =>
    db.write((trx) =>
      trx
        .insertInto('tasks')
        .values({ ...values, prompt, search_text: search.textOf(prompt) })
        .execute(),
    );
  for (const prompt of ['a red dragon', 'a cat', 'a blue dragon']) await add(prompt);
  const find = async (text: string) => {
    const page = { words: searchWords(text), filter: {}, from: 1, to: 1e9, upwards: true, limit: 10 };
    return (await search.page(OWNER, page)).map(({ prompt }) => prompt);
  };
  expect(await find('dragon')).toEqual(['a red dragon', 'a blue dragon']);
  // The tables of an index are closed to statements of Limner.
  const { file } = place.address as { file: string };
  const raw = new DatabaseSync(file, { defensive: false });
  raw.exec(damage);
  raw.close();
  await add('a green dragon');
  expect(await find('dragon')).toEqual(['a red dragon', 'a blue dragon', 'a green dragon']);
  expect(await find('cat')).toEqual(['a cat']);
  await db.close();
  await place.remove();
});
