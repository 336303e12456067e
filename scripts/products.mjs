/**
 * The build products and their sources.
 *
 * A product is replaced atomically: built beside its place, renamed, and stamped last. A killed build keeps the old
 * product.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundle, CLI_ENTRIES, SERVER_ENTRIES } from './bundle.mjs';
import { isFresh, signatures, writeJson } from './fresh.mjs';
import { inRoot } from './paths.mjs';
import { say } from './say.mjs';

const SHARED = [inRoot('package-lock.json'), inRoot('packages/contract/src'), inRoot('tsconfig.base.json')];
const NODE = [...SHARED, inRoot('packages/mcp/src'), inRoot('scripts/bundle.mjs')];

const product = (name, folder, sources, build) => {
  const dist = inRoot(folder, 'dist');
  return { name, dist, stamp: join(dist, '.build.json'), sources, build: () => build(dist) };
};

export const PRODUCTS = [
  product(say('the server', '服务器'), 'packages/server', [...NODE, inRoot('packages/server/src')], (dist) =>
    bundle(SERVER_ENTRIES, dist),
  ),
  product(
    say('the command line', '命令行工具'),
    'packages/cli',
    [...NODE, inRoot('packages/cli/src')],
    (dist) => bundle(CLI_ENTRIES, dist),
  ),
  product(say('the web app', '网页应用'), 'packages/web', [...SHARED, inRoot('packages/web')], buildWeb),
];

/** Products whose sources changed since they were built. Fast enough for every start. */
export const staleProducts = () => PRODUCTS.filter(({ stamp, sources }) => !isFresh(stamp, sources));

export async function build({ build, stamp, sources }) {
  const signature = signatures(sources);
  await build();
  writeJson(stamp, signature);
}

async function buildWeb(dist) {
  const { build: vite } = await import('vite');
  const fresh = beside(dist, 'new');
  try {
    await vite({
      root: inRoot('packages/web'),
      logLevel: 'warn',
      build: { outDir: fresh, emptyOutDir: true },
    });
    swap(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const beside = (dist, word) => join(dirname(dist), `.${basename(dist)}-${word}-${process.pid}.tmp`);

/** A folder cannot be renamed over another, so the old one is renamed first. */
function swap(fresh, dist) {
  const old = beside(dist, 'old');
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}
