/**
 * The scope of every statement that reads or changes rows for a caller. For a caller who sees everything it is the literal
 * `true`, which both databases remove when they plan the statement.
 */
import type { Caller } from '@limner/contract';
import { type Compilable, type Kysely, type QueryResult, type RawBuilder, type SqlBool, sql } from 'kysely';
import { seesEverything } from '../access.ts';
import type { Schema } from './schema.ts';
import { statement } from './statement.ts';

const EVERYTHING = sql<SqlBool>`true`;
const NOTHING = sql<SqlBool>`false`;

export const visibleTo = (caller: Caller): RawBuilder<SqlBool> =>
  seesEverything(caller) ? EVERYTHING : NOTHING;

/** A `statement` with a scope; built once per scope. */
export function scopedStatement<P extends object, R>(
  build: (db: Kysely<Schema>, values: P, visible: RawBuilder<SqlBool>) => Compilable<R>,
): (caller: Caller, db: Kysely<Schema>, values: P) => Promise<QueryResult<R>> {
  const under = (visible: RawBuilder<SqlBool>) => statement<P, R>((db, values) => build(db, values, visible));
  const ofEverything = under(EVERYTHING);
  const ofNothing = under(NOTHING);
  return (caller, db, values) => (seesEverything(caller) ? ofEverything : ofNothing)(db, values);
}
