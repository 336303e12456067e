/**
 * The studio of a test in another process below a base path: the built `limner serve` in one of its own, which must end with code 0
 * when it is stopped, or, for tests with engines of their own, the same server in a process that earlier tests have used.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Layout } from '../../src/config.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { repository, serverDir } from '../places.ts';
import { hostEngines } from './engine-host.ts';
import type { Peer } from './peer.ts';
import type { Setup, Started } from './setup.ts';

const LIMNER = path.join(repository, 'packages', 'cli', 'dist', 'main.js');
/** Built before the tests, see scripts/testing-server.mjs. */
const WITH_ENGINES = path.join(serverDir, 'dist', 'test', 'testing-server.js');
const BASE_PATH = '/studio';
const STOP_WITHIN_MS = 30_000;
/** A server is told all by its test, and nothing by the machine. */
const OF_THE_MACHINE = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'SYSTEMROOT'];

export interface RunningProcess {
  url: string;
  close(): Promise<void>;
}

/** What a server is started with, in the process of a test too. */
export interface ProcessOptions {
  engines?: Engine[];
  layout?: Partial<Layout>;
  retryPauseMs?: number;
  webhookPausesMs?: readonly number[];
}

export async function startProcess(
  options: ProcessOptions,
  environ: Record<string, string | undefined>,
): Promise<RunningProcess> {
  const { engines, layout, retryPauseMs, webhookPausesMs } = options;
  const isProduct = !engines && !layout && !retryPauseMs && !webhookPausesMs;
  const ofTheMachine = Object.fromEntries(OF_THE_MACHINE.map((name) => [name, process.env[name]]));
  const env = given({ ...ofTheMachine, LC_ALL: 'C', BASE_PATH, ...environ });
  if (isProduct) return startProduct(env);
  const server = TestingServer.idle() ?? new TestingServer();
  const setup = {
    engines: engines?.length ?? null,
    layout: layout ?? {},
    retryPauseMs: retryPauseMs ?? 5,
    webhookPausesMs: webhookPausesMs ?? null,
    environ: env,
  };
  return server.start(setup, engines ?? []);
}

const given = (environ: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environ).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

async function startProduct(env: Record<string, string>): Promise<RunningProcess> {
  const child = spawned([LIMNER, 'serve'], env, ['ignore', 'pipe', 'pipe']);
  const said = wordsOf(child);
  const url = await readyAt(child, said);
  return { url, close: onlyOnce(() => stop(child, said)) };
}

/** A process that has one server of tests at a time. It ends with the process of the tests. */
class TestingServer {
  static readonly #idle: TestingServer[] = [];
  readonly #child = spawned([WITH_ENGINES], given(process.env), ['ignore', 'ignore', 'pipe', 'ipc', 'pipe']);
  readonly #said = wordsOf(this.#child);
  readonly #peer: Peer = hostEngines(this.#child, () => this.#engines);
  #engines: readonly Engine[] = [];

  static idle(): TestingServer | undefined {
    return TestingServer.#idle.pop();
  }

  async start(setup: Setup, engines: readonly Engine[]): Promise<RunningProcess> {
    this.#engines = engines;
    const started = (await this.#peer.call('start', setup)) as Started;
    if ('url' in started) return { url: started.url, close: onlyOnce(() => this.#stop()) };
    TestingServer.#idle.push(this);
    throw Object.assign(new Error(started.said), { exitCode: started.exitCode });
  }

  async #stop(): Promise<void> {
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS);
    try {
      await this.#peer.call('stop');
      TestingServer.#idle.push(this);
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw new Error(`the server did not stop:\n${this.#said.join('\n')}`, { cause: error });
    } finally {
      clearTimeout(patience);
    }
  }
}

function spawned(argv: string[], env: Record<string, string>, stdio: StdioOptions): ChildProcess {
  const child = spawn(process.execPath, argv, { env, stdio, serialization: 'advanced' });
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  return child;
}

function wordsOf(child: ChildProcess): string[] {
  const said: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => said.push(line));
  return said;
}

function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | null = null;
  return () => {
    working ??= work();
    return working;
  };
}

async function readyAt(child: ChildProcess, said: readonly string[]): Promise<string> {
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout?.resume();
    return url;
  }
  await closed;
  throw Object.assign(new Error(said.join('\n')), { exitCode: child.exitCode });
}

async function stop(child: ChildProcess, said: readonly string[]): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(patience);
  }
  const { exitCode, signalCode } = child;
  if (exitCode !== 0) throw new Error(`the server ended with ${exitCode ?? signalCode}:\n${said.join('\n')}`);
}
