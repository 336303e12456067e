/** Prepares a checkout to run: packages, build, and the settings in `.env`. */
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

/** In a separate process, so that the memory of a build is freed. */
async function ensureBuilt() {
  if (staleProducts().length === 0) return;
  const { code } = await node([inRoot('scripts/build.mjs')]);
  if (code !== 0) process.exit(code);
}

/** Existing variables take precedence over the file. Those of the file are listed for `limner config`. */
function loadEnvFile() {
  const before = new Set(Object.keys(process.env));
  const file = inRoot('.env');
  if (existsSync(file)) process.loadEnvFile(file);
  process.env.LIMNER_FROM_ENV_FILE = Object.keys(process.env)
    .filter((name) => !before.has(name))
    .join();
}
