/** The server as it is installed. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layout } from './config.ts';
import { runProgram } from './program.ts';

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
    pictureEntry: path.join(here, 'picture-child.js'),
    keeperEntry: path.join(here, 'program-keeper.js'),
  };
}

runProgram(process.argv.slice(2), installation());
