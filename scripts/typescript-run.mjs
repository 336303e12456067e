/** Runs a TypeScript file of this repository: bundled into a folder from which node_modules can be found, then imported. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NODE_BUNDLE } from './bundle.mjs';
import { inRoot } from './paths.mjs';

/** Bundles and imports each file, hands its module to `use`, and removes the bundles. */
export async function withModules(files, use) {
  const { build } = await import('esbuild');
  mkdirSync(inRoot('packages/server/dist'), { recursive: true });
  const folder = mkdtempSync(inRoot('packages/server/dist/.run-'));
  try {
    await build({
      ...NODE_BUNDLE,
      entryPoints: files,
      outdir: folder,
      outbase: inRoot(),
      entryNames: '[name]',
    });
    for (const file of files) {
      const name = basename(file).replace(/\.ts$/, '');
      await use(await import(pathToFileURL(join(folder, `${name}.js`)).href), name);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
