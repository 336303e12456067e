/**
 * Starts a Limner for one command if none is running.
 *
 * It has its own process group, so Ctrl+C reaches only the command, which cancels its task and then stops the server in
 * order. If the command is killed, the IPC channel closes and the server stops by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { CliError } from './exit-code.ts';
import { dataDirOf, ROOT, SERVER_MAIN } from './installation.ts';
import type { Words } from './words.ts';

const STOP_WITHIN_MS = 15_000;
/** The server's exit code while another one holds its data folder. */
const FOLDER_IN_USE = 3;
/** Unreferenced, so that the channel does not keep this process alive. */
const LIFELINE = `data:text/javascript,
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();`;

export interface ServerProcess {
  url: string;
  close(): Promise<void>;
}

export async function startServer(
  env: Record<string, string | undefined>,
  words: Words,
  main: string = SERVER_MAIN,
): Promise<ServerProcess> {
  if (!existsSync(main)) throw new CliError(words.server.noBuild);
  const child = spawn(process.execPath, ['--import', LIFELINE, main, 'serve'], {
    cwd: ROOT,
    env: {
      LOG_LEVEL: 'error',
      ...env,
      HOST: '127.0.0.1',
      PORT: '0',
      LIMNER_DATA_DIR: dataDirOf(env),
      // A server started for one command does no clean-up.
      RUN_CHORES: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    return { url: await readyAt(child, ended), close: () => stop(child, ended) };
  } catch (error) {
    await stop(child, ended);
    const { message } = error as Error;
    const isHeld = child.exitCode === FOLDER_IN_USE;
    throw new CliError(isHeld ? words.server.dataDirHeld(dataDirOf(env)) : words.server.startFailed(message));
  }
}

/** The address from the line that the server prints when it listens; its error output if it exits before. */
function readyAt(child: ChildProcess, ended: Promise<void>): Promise<string> {
  const lastLines: string[] = [];
  return new Promise((resolve, reject) => {
    const listen = (stream: NodeJS.ReadableStream | null) => {
      if (!stream) return;
      createInterface({ input: stream }).on('line', (line) => {
        const url = /^Limner .*?(https?:\S+)$/.exec(line)?.[1];
        if (url) resolve(url);
        lastLines.push(line);
        if (lastLines.length > 20) lastLines.shift();
      });
    };
    listen(child.stdout);
    listen(child.stderr);
    child.once('error', reject);
    void ended.then(() => reject(new Error(lastLines.join('\n'))));
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

export const serverEntry = (): string => pathToFileURL(SERVER_MAIN).href;
