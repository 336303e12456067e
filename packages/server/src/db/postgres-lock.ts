/**
 * One Limner per Postgres database, as with a database file. The lock belongs to a connection, so it is gone when the process
 * is; Postgres is asked to notice within half a minute when the whole machine went.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { FOLDER_IN_USE, StartProblem } from '../start-problem.ts';
import { postgresProblem } from './postgres-problem.ts';

/** "limner" */
const KEY = 0x6c696d6e6572;
const KEEPALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';
/** A process that was just killed may still hold it for a moment. */
const TRIES = 10;
const PAUSE_MS = 200;

/** @throws StartProblem while another process holds it. */
export async function lockPostgres(url: string): Promise<{ release(): Promise<void> }> {
  const client = new Client({ connectionString: url, application_name: 'limner lock', options: KEEPALIVE });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (let tries = 1; !(await take(client)); tries += 1) {
      if (tries === TRIES) throw inUse();
      await pause(PAUSE_MS);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    throw postgresProblem(error, url);
  }
  return { release: () => client.end() };
}

async function take(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [KEY]);
  return rows[0]?.taken === true;
}

const inUse = (): StartProblem =>
  new StartProblem(
    {
      en: 'Another Limner is using this Postgres database. Stop it, or choose another one with DATABASE_URL.',
      zh: '另一个 Limner 正在使用这个 Postgres 数据库。请停止它，或用 DATABASE_URL 另选数据库。',
    },
    { exitCode: FOLDER_IN_USE },
  );
