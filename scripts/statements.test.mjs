import { expect, it } from 'vitest';
import { faultsOf } from './statements.mjs';

const read = (parameters) => `export async function names(\n  ${parameters},\n): Promise<string[]> {
  return db.selectFrom('styles').select('name').execute();
}`;

it('refuses a statement outside a store', () => {
  const text = "const rows = await this.#db.read.selectFrom('styles').execute();";
  expect(faultsOf('styles/styles.ts', text)).toHaveLength(1);
  expect(faultsOf('styles/styles-store.ts', text)).toEqual([]);
  expect(faultsOf('styles/styles.test.ts', text)).toEqual([]);
});

it('refuses a read of a store that takes no caller', () => {
  expect(faultsOf('styles/styles-store.ts', read('db: Reader'))).toEqual([
    'styles/styles-store.ts: names reads rows and does not take a caller first',
  ]);
  expect(faultsOf('tasks/store/names.ts', read('id: number, db: Database'))).toHaveLength(1);
  expect(faultsOf('styles/styles-store.ts', read('caller: Caller, db: Reader'))).toEqual([]);
  const arrow = 'export const names = (db: Reader): Promise<string[]> => read(db);';
  expect(faultsOf('styles/styles-store.ts', arrow)).toHaveLength(1);
});

it('refuses a route that acts as Limner itself', () => {
  const text = 'const tasks = await desk.tasks.list(SYSTEM, query);';
  expect(faultsOf('http/routes/tasks.ts', text)).toEqual([
    'http/routes/tasks.ts names SYSTEM; a route acts for its caller',
  ]);
  expect(faultsOf('tasks/cleanup.ts', text)).toEqual([]);
});
