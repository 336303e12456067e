/** The tables of a database as they are copied: which, in which order, and by which key. */
import { sql } from 'kysely';
import type { Database, Reader, Writer } from './database.ts';

export interface CopiedTable {
  name: string;
  /** Its primary key, in order. */
  key: string[];
  columns: string[];
  /** The database numbers its rows by `id`, and gives no number twice. */
  isNumbered: boolean;
}

/** Rows of running processes, which neither database has; and the search of SQLite, which is made again. */
export const LEFT_OUT = ['leases', 'processes', 'server_places'];
const SEARCH = /^(task_search|search_due)/;

/** Of an SQLite database. Each table comes after those that its rows refer to. */
export async function copiedTables(sqlite: Reader): Promise<CopiedTable[]> {
  const { rows } = await sql<{ name: string; sql: string }>`select name, sql from sqlite_master
    where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%' order by name`.execute(
    sqlite,
  );
  const tables = new Map<string, CopiedTable>();
  const parents = new Map<string, string[]>();
  for (const { name, sql: text } of rows) {
    if (LEFT_OUT.includes(name) || SEARCH.test(name)) continue;
    const { rows: columns } = await sql<{ name: string; pk: number }>`
      select name, pk from pragma_table_info(${name})`.execute(sqlite);
    const { rows: references } = await sql<{ parent: string }>`
      select "table" as parent from pragma_foreign_key_list(${name})`.execute(sqlite);
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    tables.set(name, {
      name,
      key: key.map((column) => column.name),
      columns: columns.map((column) => column.name),
      isNumbered: /autoincrement/i.test(text),
    });
    parents.set(
      name,
      references.map(({ parent }) => parent),
    );
  }
  return inOrder(tables, parents);
}

function inOrder(tables: Map<string, CopiedTable>, parents: Map<string, string[]>): CopiedTable[] {
  const ordered = new Map<string, CopiedTable>();
  const add = (name: string) => {
    const table = tables.get(name);
    if (!table || ordered.has(name)) return;
    for (const parent of parents.get(name) ?? []) if (parent !== name) add(parent);
    ordered.set(name, table);
  };
  for (const name of tables.keys()) add(name);
  return [...ordered.values()];
}

export type Row = Record<string, unknown>;

export async function countOf({ read }: Pick<Database, 'read'>, { name }: CopiedTable): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
    read,
  );
  return Number(rows[0]?.count ?? 0);
}

/** Rows in the order of the key, as this database orders it, after a number of them. */
export async function* batchesOf(
  { read }: Pick<Database, 'read'>,
  { name, key }: CopiedTable,
  { rows: size, skip = 0 }: { rows: number; skip?: number },
): AsyncGenerator<Row[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const after = (last: Row | undefined) =>
    last ? sql`where (${columns}) > (${sql.join(key.map((column) => sql`${last[column]}`))})` : sql``;
  let last: Row | undefined;
  if (skip > 0) {
    const { rows } =
      await sql<Row>`select ${columns} from ${sql.table(name)} order by ${columns} limit 1 offset ${
        skip - 1
      }`.execute(read);
    last = rows[0];
    if (!last) return;
  }
  for (;;) {
    const { rows } =
      await sql<Row>`select * from ${sql.table(name)} ${after(last)} order by ${columns} limit ${size}`.execute(
        read,
      );
    if (rows.length > 0) yield rows;
    if (rows.length < size) return;
    last = rows.at(-1);
  }
}

/** The greatest number that was given, also to a row that was deleted; 0: none yet. */
export async function lastNumber(
  db: Pick<Database, 'dialect' | 'read'>,
  { name }: CopiedTable,
): Promise<number> {
  if (db.dialect === 'sqlite') {
    const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = ${name}`.execute(
      db.read,
    );
    return rows[0]?.seq ?? 0;
  }
  const { rows } = await sql<{ last: number }>`
    select case when is_called then last_value else 0 end as last from ${sql.table(`${name}_id_seq`)}`.execute(
    db.read,
  );
  return Number(rows[0]?.last ?? 0);
}

export async function setLastNumber(db: Database, { name }: CopiedTable, last: number): Promise<void> {
  if (last === 0) return;
  await db.write(async (trx) => {
    if (db.dialect === 'postgres') {
      await sql`select setval(pg_get_serial_sequence(${name}, 'id'), ${last})`.execute(trx);
      return;
    }
    await sql`delete from sqlite_sequence where name = ${name}`.execute(trx);
    await sql`insert into sqlite_sequence (name, seq) values (${name}, ${last})`.execute(trx);
  });
}

/** A row that is there already stays. */
export async function insertRows(trx: Writer, { name, columns }: CopiedTable, rows: Row[]) {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => sql`${row[column] ?? null}`))})`);
  await sql`insert into ${sql.table(name)} (${names}) values ${sql.join(values)} on conflict do nothing`.execute(
    trx,
  );
}
