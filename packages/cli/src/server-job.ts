/**
 * Runs a job of the server program on this machine, without a server: it prints its result as JSON, or a sentence and ends
 * with another exit code.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Context } from './context.ts';
import { CliError, EXIT } from './exit-code.ts';
import { dataDirOf, ROOT, SERVER_MAIN } from './installation.ts';

/** As the server program sends it. */
export interface JobProgress {
  done: number;
  total: number;
  part: string | null;
  bytes: number;
}

export async function serverJob<T>(
  name: 'backup' | 'migrate' | 'restore' | 'openapi' | 'config' | 'copy-blobs' | 'copy-database',
  args: string[],
  { terminal, language, words }: Context,
  onProgress: (progress: JobProgress) => void = () => undefined,
): Promise<T> {
  if (!existsSync(SERVER_MAIN)) throw new CliError(words.server.noBuild);
  const { env } = terminal;
  const child = spawn(process.execPath, [SERVER_MAIN, name, ...args], {
    cwd: ROOT,
    env: {
      ...env,
      LC_ALL: language,
      ...(env.LIMNER_DATA_DIR ? { LIMNER_DATA_DIR: dataDirOf(env) } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }) as ChildProcessByStdio<null, Readable, Readable>;
  child.on('message', (message) => onProgress(message as JobProgress));
  const stop = () => child.kill('SIGTERM');
  terminal.interrupted.addEventListener('abort', stop);
  try {
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    if (terminal.interrupted.aborted) throw new CliError(words.server.interrupted, EXIT.interrupted);
    if (child.exitCode !== 0) throw new CliError(err.trim() || words.broken(`exit ${child.exitCode}`));
    return JSON.parse(out) as T;
  } finally {
    terminal.interrupted.removeEventListener('abort', stop);
  }
}
