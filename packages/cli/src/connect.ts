/** Finds the Limner to use: the named one, one that runs on this machine, or one started for this command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, createClient, type Health, type Language, routes } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import { dataDirOf } from './installation.ts';
import { startServer } from './server-process.ts';
import type { Terminal } from './terminal.ts';
import type { Words } from './words.ts';

export interface Connection {
  url: string;
  client: Client;
  /** Stops a server that was started for this command; other servers keep running. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  server: string | undefined;
  language: Language;
  words: Words;
  terminal: Terminal;
  /** Otherwise a Limner that runs is required. */
  mayStart: boolean;
  /** The sentence for that case. */
  noneRuns?: string;
}

/** A machine that paints may answer late. Where nothing listens, that is known at once. */
const ANSWER_WITHIN_MS = 15_000;

export async function connect(options: ConnectOptions): Promise<Connection> {
  const { server, language, words, terminal } = options;
  const named = server ?? terminal.env.LIMNER_URL;
  const urls = named
    ? [addressOf(named, words)]
    : [...localAddress(terminal.env, words), ...(await holderOf(terminal.env))];
  for (const url of urls) {
    const health = await answerOf(url);
    if (health === 'late') throw new CliError(words.server.late(url, ANSWER_WITHIN_MS / 1000));
    if (!health) continue;
    return { url, client: createClient({ baseUrl: url, language: () => language }), close: async () => {} };
  }
  if (named) throw new CliError(words.server.unreachable(urls.join()));
  if (!options.mayStart) throw new CliError(options.noneRuns ?? words.server.noneRuns);

  terminal.err.write(`${words.server.starting}\n`);
  const started = await startServer(terminal.env, words);
  return { ...started, client: createClient({ baseUrl: started.url, language: () => language }) };
}

const DEFAULT_PORT = '9000';
const MAX_PORT = 65_535;

/** None for port 0: the server takes a free one. @throws CliError for a port that the server refuses too */
function localAddress({ PORT }: Terminal['env'], words: Words): string[] {
  const text = PORT || DEFAULT_PORT;
  const port = /^\s*[-+]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT)
    throw new CliError(words.usage.badPort(text, MAX_PORT), EXIT.usage);
  return port === 0 ? [] : [`http://127.0.0.1:${port}`];
}

/** The address that a running server wrote into its data folder, if any. */
async function holderOf(env: Terminal['env']): Promise<string[]> {
  try {
    const { url } = JSON.parse(await readFile(join(dataDirOf(env), 'server.json'), 'utf8')) as {
      url: unknown;
    };
    return typeof url === 'string' && URL.canParse(url) ? [url] : [];
  } catch {
    return [];
  }
}

function addressOf(text: string, words: Words): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new CliError(words.usage.badAddress(text), EXIT.usage);
  return url.href.replace(/\/+$/, '');
}

/** Null if nothing answers, or something that is not a Limner. */
export async function healthOf(url: string): Promise<Health | null> {
  const health = await answerOf(url);
  return health === 'late' ? null : health;
}

/** The same, and `late` where something listens that does not answer in time. */
export async function answerOf(url: string, withinMs = ANSWER_WITHIN_MS): Promise<Health | 'late' | null> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(withinMs) });
    const parsed = routes.health.response.safeParse(await response.json());
    return parsed.success ? parsed.data : null;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'late' : null;
  }
}

/** An address of a server, which may lie below a base path. */
export const below = (server: string, path: string): URL =>
  new URL(path, server.endsWith('/') ? server : `${server}/`);
