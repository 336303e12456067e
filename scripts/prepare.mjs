/** What stands between a checkout and a Limner that can run: packages, build, and the settings in `.env`. */
import { existsSync } from 'node:fs';
import { node } from './command.mjs';
import { ensureInstalled } from './ensure.mjs';
import { inRoot } from './paths.mjs';
import { staleProducts } from './products.mjs';

export async function prepare({ dev = false } = {}) {
  await ensureInstalled({ dev });
  await ensureBuilt();
  loadEnvFile();
}

/** In a process of its own: what a build needs of memory goes back when it ends. */
async function ensureBuilt() {
  if (staleProducts().length === 0) return;
  const { code } = await node([inRoot('scripts/build.mjs')]);
  if (code !== 0) process.exit(code);
}

/** Variables that are set already win over the file. */
function loadEnvFile() {
  const file = inRoot('.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
