import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { CliError } from '../exit-code.ts';
import { dataDirOf, SERVER_MAIN } from '../installation.ts';
import { wholeNumber } from '../options.ts';
import { serverEntry } from '../server-process.ts';

interface ServeOptions {
  port?: number;
  host?: string;
  dataDir?: string;
}

export function addServe(program: Command, context: Context): void {
  const { help } = context.words;
  program
    .command('serve')
    .description(help.serve)
    .option('--port <n>', help.servePort, wholeNumber(context.words, '--port', 0, 65535))
    .option('--host <address>', help.serveHost)
    .option('--data-dir <folder>', help.serveDataDir)
    .action(({ port, host, dataDir }: ServeOptions) => {
      if (port !== undefined) process.env.PORT = String(port);
      if (host !== undefined) process.env.HOST = host;
      return become('serve', dataDir, context);
    });
}

interface WorkerOptions {
  name?: string;
  dataDir?: string;
}

export function addWorker(program: Command, context: Context): void {
  const { help } = context.words;
  program
    .command('worker')
    .description(help.worker)
    .option('--name <name>', help.workerName)
    .option('--data-dir <folder>', help.serveDataDir)
    .action(({ name, dataDir }: WorkerOptions) => {
      if (name !== undefined) process.env.LIMNER_PROCESS_NAME = name;
      return become('worker', dataDir, context);
    });
}

/** Runs the server or the worker in this process, like `npm start`, so signals and exit code are its own. */
async function become(
  command: 'serve' | 'worker',
  dataDir: string | undefined,
  { words, terminal }: Context,
): Promise<void> {
  if (!existsSync(SERVER_MAIN)) throw new CliError(words.server.noBuild);
  terminal.release();
  process.env.LIMNER_DATA_DIR = dataDirOf({ LIMNER_DATA_DIR: dataDir ?? process.env.LIMNER_DATA_DIR });
  process.argv = [process.execPath, SERVER_MAIN, command];
  await import(serverEntry());
}
