/** The first connection of a start: a Postgres that starts at the same time, as with `docker compose up`, is waited for. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from '../log.ts';
import { isUnreachable } from './postgres-error.ts';
import { postgresProblem, postgresServer } from './postgres-problem.ts';

/** A container of Postgres with a new data folder takes about twenty seconds. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 500;
const ANSWER_MS = 10_000;

interface AwaitOptions {
  url: string;
  log: Pick<Logger, 'warn' | 'info'>;
  patienceMs?: number;
}

/** Returns once Postgres accepts the login. @throws StartProblem after that time, and at once for what waiting does not cure */
export async function awaitPostgres({ url, log, patienceMs = PATIENCE_MS }: AwaitOptions): Promise<void> {
  const postgres = postgresServer(url);
  const deadline = Date.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    const error = await refusal(url);
    if (error === null) {
      if (tries > 1) log.info({ postgres }, 'Postgres answers');
      return;
    }
    if (!isPassing(error) || Date.now() >= deadline) throw postgresProblem(error, url);
    if (tries === 1)
      log.warn(
        { postgres, reason: reasonOf(error) },
        `Postgres does not answer yet; the start waits up to ${patienceMs / 1000} s for it`,
      );
    await pause(AGAIN_MS);
  }
}

/** Null: it accepts the login. */
async function refusal(url: string): Promise<unknown> {
  const client = new Client({
    connectionString: url,
    application_name: 'limner start',
    connectionTimeoutMillis: ANSWER_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const TOO_MANY_CONNECTIONS = '53300';

const isPassing = (error: unknown): boolean =>
  isUnreachable(error) && (error as { code?: string }).code !== TOO_MANY_CONNECTIONS;

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || String(error);
};
