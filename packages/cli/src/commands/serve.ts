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
    .action((options: ServeOptions) => serve(options, context));
}

/** Runs the server in this process, like `npm start`, so signals and exit code are the server's. */
async function serve({ port, host, dataDir }: ServeOptions, { words, terminal }: Context): Promise<void> {
  if (!existsSync(SERVER_MAIN)) throw new CliError(words.server.noBuild);
  terminal.release();
  if (port !== undefined) process.env.PORT = String(port);
  if (host !== undefined) process.env.HOST = host;
  process.env.LIMNER_DATA_DIR = dataDirOf({ LIMNER_DATA_DIR: dataDir ?? process.env.LIMNER_DATA_DIR });
  process.argv = [process.execPath, SERVER_MAIN, 'serve'];
  await import(serverEntry());
}
