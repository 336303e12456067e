/** The server's command line: `serve` (the default) until SIGINT or SIGTERM. */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Layout, readConfig } from './config.ts';
import { toStudioError } from './error.ts';
import { createLog } from './log.ts';
import { serve } from './serve.ts';
import { DataFolderInUse } from './storage/data-lock.ts';

const DOUBLED_SIGNAL_MS = 500;
const FOLDER_REFUSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** This file is `packages/server/dist/main.js` in an installation. */
function installation(): Layout {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const root = path.resolve(here, '..', '..', '..');
  const web = path.join(root, 'packages', 'web', 'dist');
  const manifest = createRequire(import.meta.url)('../package.json') as { version: string };
  return {
    version: manifest.version,
    webDir: existsSync(path.join(web, 'index.html')) ? web : null,
    modelsDir: path.join(root, 'models'),
    embeddedEntry: path.join(here, 'embedded-child.js'),
    fileThreadEntry: path.join(here, 'file-thread.js'),
  };
}

async function main(command = 'serve'): Promise<void> {
  if (command !== 'serve') throw new ConfigError(`There is no command "${command}". Known: serve.`);
  const config = readConfig(installation());
  const log = createLog(config.logLevel);
  const server = await serve(config, log);
  process.stdout.write(`Limner is ready at ${server.url}\n`);
  let stoppingSinceMs: number | null = null;
  const stop = (signal: NodeJS.Signals) => {
    // npm passes on a Ctrl+C that the terminal has sent to us already: two within a moment are one.
    if (stoppingSinceMs !== null && Date.now() - stoppingSinceMs > DOUBLED_SIGNAL_MS) process.exit(1);
    if (stoppingSinceMs !== null) return;
    stoppingSinceMs = Date.now();
    log.info({ signal }, 'stopping; unfinished tasks go on at the next start');
    void server.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

main(process.argv[2]).catch((error) => {
  const sentence = expected(error);
  process.stderr.write(`${sentence ?? error?.stack ?? error}\n`);
  process.exit(sentence === null ? 1 : 2);
});

/** What somebody can mend who starts Limner; null for what is ours to mend. */
function expected(
  error: Error & { code?: string; address?: string; port?: number; path?: string },
): string | null {
  if (error instanceof ConfigError || error instanceof DataFolderInUse) return error.message;
  if (toStudioError(error).code === 'disk_full')
    return 'The disk of the data folder is full. Free some space, or choose another folder with LIMNER_DATA_DIR.';
  if (error?.path !== undefined && FOLDER_REFUSED.has(error.code ?? ''))
    return `${error.path} cannot be written (${error.code}). Change who owns it, or choose another folder with LIMNER_DATA_DIR.`;
  const place = `${error?.address}:${error?.port}`;
  switch (error?.code) {
    case 'EADDRINUSE':
      return `${place} is taken by another program, perhaps another Limner. Stop it, or set PORT to a free one.`;
    case 'EADDRNOTAVAIL':
      return `HOST is "${error.address}", which is no address of this machine.`;
    case 'EACCES':
      return error.port === undefined ? null : `${place} may not be used here. Set PORT to one above 1023.`;
    default:
      return null;
  }
}
