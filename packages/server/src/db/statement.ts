/**
 * Statements that run for every task and picture are built and compiled once; each run only fills in its values.
 * Building a statement costs about as much as executing it.
 */
import type { Compilable, CompiledQuery, DialectAdapter, Kysely, QueryResult } from 'kysely';
import type { Schema } from './schema.ts';

/** Stands for a value while a statement is built. */
class Placeholder {
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }
}

/** Returns a placeholder for every key. */
const placeholders = new Proxy({}, { get: (_, key) => new Placeholder(String(key)) });

/**
 * `build` is called once per dialect and may only pass its values on to the query: while it runs they are placeholders,
 * so a statement's text cannot depend on them.
 */
export function statement<P extends object, R>(
  build: (db: Kysely<Schema>, values: P) => Compilable<R>,
): (db: Kysely<Schema>, values: P) => Promise<QueryResult<R>> {
  const compiled = new WeakMap<DialectAdapter, CompiledQuery<R>>();
  return (db, values) => {
    const { adapter } = db.getExecutor();
    let query = compiled.get(adapter);
    if (!query) {
      query = build(db, placeholders as P).compile();
      compiled.set(adapter, query);
    }
    const filled = (value: unknown) => (value instanceof Placeholder ? values[value.key as keyof P] : value);
    return db.executeQuery({ ...query, parameters: query.parameters.map(filled) });
  };
}
