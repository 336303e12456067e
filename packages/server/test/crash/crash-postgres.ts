/** A Postgres of its own that is meant to be killed. Its commits are as durable as they are by default, but for the disk itself. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { installed } from '../postgres-server.ts';

const NOBODY = 65534;
const PATIENCE_MS = 60_000;
const run = promisify(execFile);

export class CrashPostgres {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'limner-crash-pg-'));
  readonly #programs: string;
  readonly #settings: Record<string, string>;
  readonly #user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  #child: ChildProcess | null = null;

  private constructor(programs: string, settings: Record<string, string>) {
    this.#programs = programs;
    this.#settings = settings;
    if (this.#user.uid !== undefined) chownSync(this.#folder, NOBODY, NOBODY);
  }

  /** null: none is installed. @param settings in place of the usual ones, such as `fsync` */
  static async start(settings: Record<string, string> = {}): Promise<CrashPostgres | null> {
    const programs = installed();
    if (programs === null) return null;
    const postgres = new CrashPostgres(programs, settings);
    const initdb = [
      '-D',
      postgres.#data,
      '-U',
      'limner',
      '--auth=trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ];
    await run(path.join(programs, 'initdb'), initdb, { cwd: postgres.#folder, ...postgres.#user });
    await postgres.restart();
    return postgres;
  }

  /** Of its main process; its others are children of that. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get url(): string {
    return `postgres://limner@localhost/postgres?host=${this.#folder}`;
  }

  /** With what its last life had committed. Processes of that life may hold its memory for a moment. */
  async restart(): Promise<void> {
    const settings = {
      unix_socket_directories: this.#folder,
      listen_addresses: '',
      fsync: 'off',
      max_connections: '300',
      ...this.#settings,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    mkdirSync(this.#folder, { recursive: true });
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(100)) {
      if (Date.now() > deadline) throw new Error('Postgres did not start');
      const { exitCode, signalCode } = this.#child ?? { exitCode: 0, signalCode: null };
      if (exitCode !== null || signalCode !== null)
        this.#child = spawn(path.join(this.#programs, 'postgres'), ['-D', this.#data, ...options], {
          cwd: this.#folder,
          stdio: 'ignore',
          ...this.#user,
        });
      if (await this.query('select 1').then(Boolean, () => false)) return;
    }
  }

  async query<T extends object>(sql: string): Promise<T[]> {
    const client = new Client({ connectionString: this.url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** As kill -9 of its main process; the others notice it. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 });
  }

  get #data(): string {
    return path.join(this.#folder, 'data');
  }
}
