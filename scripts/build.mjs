/**
 * Builds what is stale: server, command line and web app. `--force` builds everything.
 *
 * A product appears whole or not at all: it is made beside its place and renamed into it, and its stamp comes last. A
 * build that is killed leaves the product that was there.
 */
import './node-version.mjs';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { seconds } from './command.mjs';
import { isFresh, signatures, writeJson } from './fresh.mjs';
import { inRoot, ROOT } from './paths.mjs';

const SHARED = [inRoot('package-lock.json'), inRoot('packages/contract/src'), inRoot('tsconfig.base.json')];

export const SERVER_ENTRIES = {
  main: inRoot('packages/server/src/main.ts'),
  'embedded-child': inRoot('packages/server/src/engines/embedded/child.ts'),
};
const CLI_ENTRIES = { main: inRoot('packages/cli/src/main.ts') };

const PRODUCTS = [
  {
    name: 'server',
    dist: inRoot('packages/server/dist'),
    sources: [...SHARED, inRoot('packages/server/src'), inRoot('scripts/build.mjs')],
    build: (dist) => bundle(dist, SERVER_ENTRIES),
  },
  {
    name: 'command line',
    dist: inRoot('packages/cli/dist'),
    sources: [...SHARED, inRoot('packages/cli/src'), inRoot('scripts/build.mjs')],
    build: (dist) => bundle(dist, CLI_ENTRIES),
  },
  {
    name: 'web app',
    dist: inRoot('packages/web/dist'),
    sources: [...SHARED, inRoot('packages/web')],
    build: buildWeb,
  },
];

const stampOf = (product) => join(product.dist, '.build.json');

/** Products whose sources changed since they were built. Quick enough to ask at every start. */
export const staleProducts = () => PRODUCTS.filter((product) => !isFresh(stampOf(product), product.sources));

export async function build(products) {
  for (const product of products) {
    const since = performance.now();
    process.stderr.write(`Building the ${product.name} … `);
    const stamp = signatures(product.sources);
    await product.build(product.dist).catch((error) => fail(product, error));
    writeJson(stampOf(product), stamp);
    console.error(seconds(since));
  }
}

/** The tools have said where and why; a stack of ours would only hide it. */
function fail({ name }, error) {
  console.error(`${error.message}\n\nThe ${name} could not be built.`);
  process.exit(1);
}

/** For benches and scripts: our own packages inside, those of node_modules outside. */
export const NODE_BUNDLE = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  alias: { '@limner/contract': inRoot('packages/contract/src/index.ts') },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

/**
 * Our products for Node have their JavaScript dependencies inside: one file is read and compiled where it would be
 * hundreds, which halves the time to start. Outside stay native libraries, and packages whose files are served.
 */
const PRODUCT_BUNDLE = {
  ...NODE_BUNDLE,
  packages: 'bundle',
  external: ['sharp', 'onnxruntime-node', '@photostructure/sqlite', '@fastify/swagger-ui'],
  banner: {
    js: [
      "import { createRequire as $createRequire } from 'node:module';",
      'const require = $createRequire(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(' '),
  },
};

async function bundle(dist, entryPoints) {
  const { build: esbuild } = await import('esbuild');
  const { outputFiles } = await esbuild({ ...PRODUCT_BUNDLE, entryPoints, outdir: dist, write: false });
  mkdirSync(dist, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, contents);
    renameSync(temporary, path);
  }
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

/** A folder cannot be renamed over another: the old one steps aside first. */
function swap(fresh, dist) {
  const old = beside(dist, 'old');
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

if (import.meta.filename === process.argv[1]) {
  const { ensureInstalled } = await import('./ensure.mjs');
  await ensureInstalled({ dev: false });
  const products = process.argv.includes('--force') ? PRODUCTS : staleProducts();
  await build(products);
  if (products.length === 0) console.log('Everything is up to date.');
}
