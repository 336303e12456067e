/** TypeScript for Node into files that Node 20 runs. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { inRoot, ROOT } from './paths.mjs';

export const SERVER_ENTRIES = {
  main: inRoot('packages/server/src/main.ts'),
  'embedded-child': inRoot('packages/server/src/embedded-child/child.ts'),
  // Beside the child, which loads it from there.
  'detail-thread': inRoot('packages/server/src/engines/starter/paint/detail-thread.ts'),
  'file-thread': inRoot('packages/server/src/storage/file-thread.ts'),
  'picture-child': inRoot('packages/server/src/images/picture-child.ts'),
  'program-keeper': inRoot('packages/server/src/engines/training/program/program-keeper.ts'),
};
export const CLI_ENTRIES = { main: inRoot('packages/cli/src/main.ts') };

/** For benches, scripts and development: our own packages inside, those of node_modules outside. */
export const NODE_BUNDLE = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  alias: {
    '@limner/contract/reasons': inRoot('packages/contract/src/reasons.ts'),
    '@limner/contract': inRoot('packages/contract/src/index.ts'),
    '@limner/mcp': inRoot('packages/mcp/src/index.ts'),
  },
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
};

/**
 * Our products include their JavaScript dependencies: one file instead of hundreds, which halves the start time. Native
 * libraries, packages whose files are served, and those that only some installations load, stay outside.
 */
const PRODUCT_BUNDLE = {
  ...NODE_BUNDLE,
  packages: 'bundle',
  external: [
    'sharp',
    '@resvg/resvg-js',
    'onnxruntime-node',
    '@photostructure/sqlite',
    '@fastify/swagger-ui',
    'bullmq',
    'ioredis',
    '@aws-sdk/client-s3',
    '@aws-sdk/s3-request-presigner',
    'prom-client',
    '@opentelemetry/*',
  ],
  banner: {
    js: [
      "import { createRequire as $createRequire } from 'node:module';",
      'const require = $createRequire(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join(' '),
  },
};

export async function bundle(entryPoints, outdir) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...PRODUCT_BUNDLE, entryPoints, outdir, write: false });
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, contents);
    renameSync(temporary, path);
  }
}
