/**
 * Copies all rows from SQLite to Postgres or back. Tables are copied one after another in the order of their keys, so what is
 * there after a kill is the beginning of each, and the next copy goes on behind it. At the end every row is read again
 * from both and compared. Until then the target carries a mark, with which Limner does not start.
 *
 * Both databases keep numbers, times and JSON alike (see `schema.ts`); only the words of the search differ.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Config, databaseAddress, shown } from '../config.ts';
import {
  batchesOf,
  type CopiedTable,
  copiedTables,
  countOf,
  insertRows,
  LEFT_OUT,
  lastNumber,
  type Row,
  setLastNumber,
} from '../db/copied-tables.ts';
import type { Database } from '../db/database.ts';
import { putFact, readFact, removeFact } from '../db/facts.ts';
import type { Given } from '../db/given.ts';
import { type DatabaseAddress, openDatabase } from '../db/open.ts';
import { parsed } from '../db/parsed.ts';
import { postgresProblem } from '../db/postgres-problem.ts';
import { ProcessName } from '../db/process-name.ts';
import { sqliteProblem } from '../db/sqlite-problem.ts';
import { UNFINISHED_FACT } from '../db/unfinished-copy.ts';
import { plainWords } from '../search/search-words.ts';
import { SqliteSearch } from '../search/sqlite-search.ts';
import { IN_USE, StartProblem } from '../start-problem.ts';
import { createFolder } from '../storage/create-folder.ts';
import { lockDatabaseFile } from '../storage/data-lock.ts';
import { noDatabase } from './database-file.ts';
import { paced, type ReportProgress } from './job-progress.ts';

const ROWS_AT_ONCE = 500;
/** SQLite takes 32,766 values in a statement. */
const VALUES_AT_ONCE = 30_000;
const INSTALLATION_FACT = 'installation_id';

interface CopiedDatabase {
  /** Without passwords. */
  from: string;
  to: string;
  /** `copied`: by this run; the others were there from an earlier one. */
  tables: { name: string; rows: number; copied: number }[];
  /** Tables of running processes, which a new database begins without. */
  left_out: string[];
}

interface Side {
  name: string;
  db: Database;
  close(): Promise<void>;
}

/** `to`: an address as in DATABASE_URL. @throws StartProblem */
export async function copyDatabase(
  config: Config,
  to: string,
  report: ReportProgress,
): Promise<CopiedDatabase> {
  const target = databaseAddress(to);
  if (!target) throw noAddress(to);
  const { database: source } = config;
  if (source.dialect === target.dialect) throw sameKind(source);
  if (source.dialect === 'sqlite' && !existsSync(source.file)) throw noDatabase(source.file);
  const sides: Side[] = [];
  try {
    const from = await openAlone(source);
    sides.push(from);
    const into = await openTarget(target);
    sides.push(into);
    const copied = await copyRows(from, into, paced(report));
    return { from: from.name, to: into.name, tables: copied, left_out: LEFT_OUT };
  } finally {
    for (const side of sides.reverse()) await side.close();
  }
}

/** The same for the database that the argument names; what is wrong with it is no fault of a setting. @throws StartProblem */
async function openTarget(address: DatabaseAddress): Promise<Side> {
  try {
    if (address.dialect === 'sqlite') await createFolder(path.dirname(path.resolve(address.file)));
    return await openAlone(address);
  } catch (error) {
    throw targetProblem(error, address);
  }
}

function targetProblem(error: unknown, address: DatabaseAddress): unknown {
  const name = nameOf(address);
  const given = { en: `the argument <to>, ${name}`, zh: `<to> 参数 ${name}` };
  const cause = error instanceof StartProblem ? error.cause : error;
  if (address.dialect === 'postgres') {
    const problem = postgresProblem(cause, address.url, given);
    return problem instanceof StartProblem ? problem : error;
  }
  if (error instanceof StartProblem && error.exitCode === IN_USE) return inUse(name);
  const { code, path: refused } = cause as { code?: string; path?: string };
  if (refused !== undefined && code !== undefined) return unwritable(refused, code, given);
  const problem = sqliteProblem(cause, address.file, given);
  return problem instanceof StartProblem ? problem : error;
}

/** Opens a database that no Limner uses, and keeps it to this process. @throws StartProblem */
async function openAlone(address: DatabaseAddress): Promise<Side> {
  const lock = await hold(address);
  try {
    const db = await openDatabase(address);
    return {
      name: nameOf(address),
      db,
      async close() {
        await db.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function hold(address: DatabaseAddress): Promise<{ release(): void | Promise<void> }> {
  if (address.dialect === 'sqlite') return lockDatabaseFile(address.file);
  const held = await ProcessName.hold({ url: address.url, wanted: null, log: { warn: () => undefined } });
  if (held.isOnly) return held;
  await held.release();
  throw inUse(nameOf(address));
}

const nameOf = (address: DatabaseAddress): string =>
  address.dialect === 'sqlite' ? `sqlite:${address.file}` : shown('DATABASE_URL', address.url);

async function copyRows(from: Side, into: Side, report: ReportProgress): Promise<CopiedDatabase['tables']> {
  const tables = await copiedTables((from.db.dialect === 'sqlite' ? from : into).db.read);
  await begin(from, into, tables);
  const progress = { done: 0, total: 0 };
  const wanted = new Map<string, number>();
  for (const table of tables) wanted.set(table.name, await countOf(from.db, table));
  // Every row is written, and then read again.
  progress.total = 2 * [...wanted.values()].reduce((sum, rows) => sum + rows, 0);
  const step = (table: CopiedTable) => (rows: number) => {
    progress.done += rows;
    report({ ...progress, part: table.name, bytes: 0 });
  };
  const result: CopiedDatabase['tables'] = [];
  for (const table of tables) {
    const rows = wanted.get(table.name) ?? 0;
    const copied = rows === 0 ? 0 : await copyTable(from.db, into.db, table, step(table));
    result.push({ name: table.name, rows, copied });
  }
  for (const table of tables) {
    await assertEqual(from, into, table, step(table));
    if (table.isNumbered) await setLastNumber(into.db, table, await lastNumber(from.db, table));
  }
  if (into.db.dialect === 'sqlite') await new SqliteSearch(into.db, SILENT).catchUp();
  await into.db.write((trx) => removeFact(trx, UNFINISHED_FACT));
  return result;
}

const SILENT = { error: () => undefined };

/** Marks the target. @throws StartProblem when it has rows that are not of this copy */
async function begin(from: Side, into: Side, tables: CopiedTable[]): Promise<void> {
  const mark = (await readFact(from.db, INSTALLATION_FACT)) ?? from.name;
  if (await readFact(from.db, UNFINISHED_FACT)) throw sourceUnfinished(from.name);
  const found = await readFact(into.db, UNFINISHED_FACT);
  if (found === mark) return;
  for (const table of tables) if ((await countOf(into.db, table)) > 0) throw notEmpty(into.name);
  await into.db.write((trx) => putFact(trx, UNFINISHED_FACT, mark));
}

/** @returns how many rows were copied now. */
async function copyTable(
  from: Database,
  into: Database,
  table: CopiedTable,
  step: (rows: number) => void,
): Promise<number> {
  const size = Math.min(ROWS_AT_ONCE, Math.floor(VALUES_AT_ONCE / table.columns.length));
  const skip = (await countOf(into, table)) - (table.name === 'facts' ? 1 : 0);
  step(skip);
  let copied = 0;
  for await (const rows of batchesOf(from, table, { rows: size, skip })) {
    const converted = rows.map((row) => convertedRow(table, row, into.dialect));
    await into.write((trx) => insertRows(trx, table, converted), { durable: false });
    copied += rows.length;
    step(rows.length);
  }
  return copied;
}

/** For the search of Postgres, the words are separated when a row is written (see `postgres-search.ts`). */
function convertedRow({ name }: CopiedTable, row: Row, dialect: Database['dialect']): Row {
  if (dialect !== 'postgres') return row;
  if (name === 'tasks') return { ...row, search_text: separated(row.search_text) };
  if (name !== 'bin') return row;
  const kept = parsed<{ tasks?: Row[] }>(String(row.rows));
  if (!kept?.tasks) return row;
  const tasks = kept.tasks.map((task) => ({ ...task, search_text: separated(task.search_text) }));
  return { ...row, rows: JSON.stringify({ ...kept, tasks }) };
}

const separated = (text: unknown): string => plainWords(String(text)).join(' ');

/** @throws StartProblem naming the table whose rows differ */
async function assertEqual(
  from: Side,
  into: Side,
  table: CopiedTable,
  step: (rows: number) => void,
): Promise<void> {
  const [wanted, there] = [await countOf(from.db, table), await countOf(into.db, table)];
  const mark = table.name === 'facts' ? 1 : 0;
  if (wanted !== there - mark) throw differs(table.name, wanted, there - mark);
  const sums = [new RowSum(), new RowSum()] as const;
  for await (const rows of batchesOf(from.db, table, { rows: ROWS_AT_ONCE })) {
    for (const row of rows) sums[0].add(table, convertedRow(table, row, into.db.dialect));
    step(rows.length);
  }
  for await (const rows of batchesOf(into.db, table, { rows: ROWS_AT_ONCE }))
    for (const row of rows) if (row.key !== UNFINISHED_FACT) sums[1].add(table, row);
  if (!sums[0].equals(sums[1])) throw differs(table.name, wanted, there - mark);
}

/** Of the hashes of rows, in any order: databases order texts differently. */
class RowSum {
  #sum = 0n;

  add({ columns }: CopiedTable, row: Row): void {
    const values = columns.map((column) => {
      const value = row[column] ?? null;
      return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
    });
    const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex');
    this.#sum = BigInt.asUintN(256, this.#sum + BigInt(`0x${hash}`));
  }

  equals(other: RowSum): boolean {
    return this.#sum === other.#sum;
  }
}

const noAddress = (to: string): StartProblem =>
  new StartProblem({
    en: `"${shown('DATABASE_URL', to)}" is no address of a database. Write sqlite: and the path of a file, or postgres://user:password@host:5432/database.`,
    zh: `“${shown('DATABASE_URL', to)}”不是数据库地址。请写 sqlite: 加文件路径，或 postgres://用户:密码@主机:5432/数据库。`,
  });

const sameKind = ({ dialect }: DatabaseAddress): StartProblem =>
  dialect === 'sqlite'
    ? new StartProblem({
        en: 'Both databases are SQLite. Copy the file with limner db backup.',
        zh: '两个数据库都是 SQLite。请用 limner db backup 复制文件。',
      })
    : new StartProblem({
        en: 'Both databases are Postgres. Copy it with pg_dump and pg_restore.',
        zh: '两个数据库都是 Postgres。请用 pg_dump 和 pg_restore 复制。',
      });

const inUse = (name: string): StartProblem =>
  new StartProblem(
    {
      en: `A Limner is using the database ${name}. Stop it and its workers, then repeat the command.`,
      zh: `有 Limner 正在使用数据库 ${name}。请停止它及其绘制进程，然后重新执行命令。`,
    },
    { exitCode: IN_USE },
  );

const unwritable = (file: string, code: string, given: Given): StartProblem =>
  new StartProblem({
    en: `${file} cannot be written (${code}). Change its owner, or name another place in ${given.en}.`,
    zh: `无法写入 ${file}（${code}）。请更改其所有者，或在 ${given.zh} 中改用其他位置。`,
  });

const notEmpty = (name: string): StartProblem =>
  new StartProblem({
    en: `${name} has rows already, and a copy is only made into an empty database. Nothing was changed. Name an empty database.`,
    zh: `${name} 中已有记录，只能复制到空数据库。没有改动任何内容。请给出一个空数据库。`,
  });

const sourceUnfinished = (name: string): StartProblem =>
  new StartProblem({
    en: `${name} is itself a copy that has not ended. Finish that copy first, or set DATABASE_URL to the database that it was made from.`,
    zh: `${name} 本身是尚未完成的副本。请先完成那次复制，或将 DATABASE_URL 指向原数据库。`,
  });

const differs = (table: string, wanted: number, there: number): StartProblem =>
  new StartProblem({
    en: `The rows of the table ${table} differ: ${wanted} in the source, ${there} in the copy. The source is unchanged. It was changed between two runs, or the target was. Make the target empty and repeat the command.`,
    zh: `表 ${table} 的记录不同：源数据库 ${wanted} 行，副本 ${there} 行。源数据库没有改动。可能在两次执行之间，源或目标被改动过。请清空目标数据库后重新执行命令。`,
  });
