/**
 * The studio of a test as a process of its own below a base path: the built `limner serve`, or, for tests with engines of
 * their own, the same program with those. It must end with code 0 when it is stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Layout } from '../../src/config.ts';
import type { Engine } from '../../src/engines/engine.ts';
import { repository, serverDir } from '../places.ts';
import { hostEngines } from './engine-host.ts';
import type { Setup } from './setup-variable.ts';

const LIMNER = path.join(repository, 'packages', 'cli', 'dist', 'main.js');
/** Built before the tests, see global-setup.ts. */
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
  const setup: Setup = {
    engines: engines?.length ?? null,
    layout: layout ?? {},
    retryPauseMs: retryPauseMs ?? 5,
    webhookPausesMs: webhookPausesMs ?? null,
  };
  const argv = isProduct ? [LIMNER, 'serve'] : [WITH_ENGINES];
  const child = spawn(process.execPath, argv, {
    env: {
      ...Object.fromEntries(OF_THE_MACHINE.map((name) => [name, process.env[name]])),
      LC_ALL: 'C',
      BASE_PATH,
      ...environ,
      LIMNER_TEST_SETUP: JSON.stringify(setup),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    serialization: 'advanced',
  });
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  if (engines) hostEngines(child, engines);
  const said: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => said.push(line));
  const url = await readyAt(child, said);
  let closing: Promise<void> | null = null;
  return {
    url,
    close: () => {
      closing ??= stop(child, said);
      return closing;
    },
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
