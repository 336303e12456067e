/**
 * A Postgres for tests. The first test file that wants one starts the PostgreSQL that is installed here, with a data
 * folder of its own and a socket in it; all test files of a run share it, and it stops when the run ends, however it ends. Where
 * none is installed (or LIMNER_TEST_POSTGRES=pglite), each database is a PGlite: the same SQL, but one connection.
 *
 * Postgres refuses to run as root, so it then runs as `nobody`.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const NOBODY = 65534;
const START_MS = 60_000;
const run = promisify(execFile);

export interface TestPostgres {
  /** For example `PostgreSQL 15.14`; null: there is none here. */
  version: string | null;
  /** Address of a database of this server. */
  url(database: string): string;
}

/** Of the run: the process that started this one. */
const folder = path.join(os.tmpdir(), `limner-postgres-${process.ppid}`);
const STATE = path.join(folder, 'state.json');

let known: Promise<TestPostgres> | null = null;

export function testPostgres(): Promise<TestPostgres> {
  known ??= shared();
  return known;
}

async function shared(): Promise<TestPostgres> {
  const { version } = isFirst() ? await start() : await started();
  return { version, url: (database) => `postgres://limner@localhost/${database}?host=${folder}` };
}

function isFirst(): boolean {
  try {
    mkdirSync(folder, { mode: 0o755 });
    return true;
  } catch {
    return false;
  }
}

async function started(): Promise<{ version: string | null }> {
  for (const deadline = Date.now() + START_MS; Date.now() < deadline; await pause(50))
    if (existsSync(STATE)) return JSON.parse(readFileSync(STATE, 'utf8'));
  throw new Error(`no Postgres was ready in ${folder} after ${START_MS} ms`);
}

async function start(): Promise<{ version: string | null }> {
  const version = await startServer().catch((error) => {
    process.stderr.write(`PostgreSQL did not start: ${error.stderr || error}\n`);
    return null;
  });
  process.stderr.write(`Database tests run on SQLite and on ${version ?? 'PGlite (no PostgreSQL here)'}.\n`);
  writeFileSync(`${STATE}.part`, JSON.stringify({ version }));
  renameSync(`${STATE}.part`, STATE);
  return { version };
}

async function startServer(): Promise<string | null> {
  const programs = process.env.LIMNER_TEST_POSTGRES === 'pglite' ? null : installed();
  if (programs === null) {
    stopWithTheRun(`rm -rf '${folder}'`);
    return null;
  }
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  const options = { cwd: folder, ...user };
  const data = path.join(folder, 'data');
  const initdb = ['-D', data, '-U', 'limner', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(path.join(programs, 'initdb'), initdb, options);
  const settings = [
    `unix_socket_directories='${folder}'`,
    "listen_addresses=''",
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=300',
  ].join('\n');
  writeFileSync(path.join(data, 'postgresql.auto.conf'), settings);
  stopWithTheRun(`kill -QUIT $(head -n 1 '${data}/postmaster.pid'); sleep 1; rm -rf '${folder}'`);
  await run(
    path.join(programs, 'pg_ctl'),
    ['-D', data, '-w', '-l', path.join(folder, 'log'), 'start'],
    options,
  );
  const { stdout } = await run(path.join(programs, 'postgres'), ['--version']);
  return `PostgreSQL ${/\d[\d.]*/.exec(stdout)}`;
}

/** Where the newest installed server has its programs. */
export function installed(): string | null {
  const folders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt', '/usr/local'].flatMap(
    (root) =>
      (existsSync(root) ? readdirSync(root) : [])
        .filter((name) => /^(\d+|postgresql(@\d+)?|pgsql)$/.test(name))
        .sort((a, b) => Number(b.replace(/\D/g, '')) - Number(a.replace(/\D/g, '')))
        .map((name) => path.join(root, name, 'bin')),
  );
  const all = [...folders, ...(process.env.PATH ?? '').split(path.delimiter)];
  return (
    all.find((bin) => existsSync(path.join(bin, 'initdb')) && existsSync(path.join(bin, 'pg_ctl'))) ?? null
  );
}

/** Also when the run is killed. */
function stopWithTheRun(command: string): void {
  const wait = `while kill -0 ${process.ppid} 2>/dev/null; do sleep 1; done; ${command}`;
  spawn('/bin/sh', ['-c', wait], { detached: true, stdio: 'ignore' }).unref();
}

/** Of databases that tests make; letters alone, so that it needs no quotes. */
export const databaseName = (): string => `limner_${randomBytes(8).toString('hex')}`;
