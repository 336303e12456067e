/**
 * Unique names of the processes that share a Postgres database. A restarted process gets its old name. A name is an advisory
 * lock of one connection, so it is free when its process ends, however it ends; if the whole machine fails, Postgres
 * notices within half a minute.
 */
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from '../log.ts';
import { IN_USE, StartProblem } from '../start-problem.ts';
import { postgresProblem } from './postgres-problem.ts';

/** "limn": separates these advisory locks from others of the database. */
const CLASS = 0x6c696d6e;
const KEEPALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
/** A process that was just killed may still hold it for a moment. */
const TRIES = 10;
const PAUSE_MS = 200;
const MAX_NUMBER = 1_000;

export interface ProcessNameOptions {
  url: string;
  /** null: the machine's name, with a number for further processes on it. */
  wanted: string | null;
  log: Pick<Logger, 'warn'>;
}

export class ProcessName {
  readonly #options: ProcessNameOptions;
  readonly #stop = new AbortController();
  #client: Client;
  #name = '';
  #isOnly = true;

  private constructor(options: ProcessNameOptions) {
    this.#options = options;
    this.#client = clientAt(options.url);
  }

  /** @throws StartProblem if another process has the configured name */
  static async hold(options: ProcessNameOptions): Promise<ProcessName> {
    const held = new ProcessName(options);
    try {
      await held.#client.connect();
      held.#name = options.wanted === null ? await held.#first() : await held.#wanted(options.wanted);
      held.#isOnly = await held.#isAlone();
      held.#watch();
      return held;
    } catch (error) {
      await held.release();
      throw postgresProblem(error, options.url);
    }
  }

  get name(): string {
    return this.#name;
  }

  /** No other process used the database when this one started. */
  get isOnly(): boolean {
    return this.#isOnly;
  }

  async release(): Promise<void> {
    this.#stop.abort();
    await this.#client.end().catch(() => undefined);
  }

  async #first(): Promise<string> {
    const machine = os.hostname() || 'limner';
    for (let n = 1; n < MAX_NUMBER; n += 1) {
      const name = n === 1 ? machine : `${machine}-${n}`;
      if (await this.#take(name)) return name;
    }
    throw taken(machine);
  }

  async #wanted(name: string): Promise<string> {
    for (let tries = 1; !(await this.#take(name)); tries += 1) {
      if (tries === TRIES) throw taken(name);
      await pause(PAUSE_MS);
    }
    return name;
  }

  async #take(name: string): Promise<boolean> {
    const { rows } = await this.#client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1, hashtext($2)) as taken',
      [CLASS, name],
    );
    return rows[0]?.taken === true;
  }

  async #isAlone(): Promise<boolean> {
    const { rows } = await this.#client.query(
      `select 1 from pg_locks where locktype = 'advisory' and classid = $1 and objsubid = 2 and pid <> pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database()) limit 1`,
      [CLASS],
    );
    return rows.length === 0;
  }

  /** A broken connection frees the name; it is locked again as soon as Postgres answers. */
  #watch(): void {
    this.#client.once('end', () => void this.#again());
  }

  async #again(): Promise<void> {
    const { url, log } = this.#options;
    while (!this.#stop.signal.aborted) {
      const client = clientAt(url);
      try {
        await client.connect();
        this.#client = client;
        if (await this.#take(this.#name)) return this.#watch();
        log.warn(
          { name: this.#name },
          'another process has taken the name of this one; start this one again',
        );
      } catch (error) {
        log.warn({ err: error }, 'Postgres does not answer');
      }
      await client.end().catch(() => undefined);
      await pause(PAUSE_MS * TRIES, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}

function clientAt(url: string): Client {
  const client = new Client({ connectionString: url, application_name: 'limner name', options: KEEPALIVE });
  client.on('error', () => undefined);
  return client;
}

const taken = (name: string): StartProblem =>
  new StartProblem(
    {
      en: `Another Limner named "${name}" is using this Postgres database. Stop it, or give this one another name with LIMNER_PROCESS_NAME.`,
      zh: `名为“${name}”的另一个 Limner 正在使用这个 Postgres 数据库。请停止它，或用 LIMNER_PROCESS_NAME 给这一个另取名称。`,
    },
    { exitCode: IN_USE },
  );
