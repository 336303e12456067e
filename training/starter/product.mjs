/** The product's own code for these recipes: its TypeScript, bundled to where its packages and the library are found. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STARTER = join(ROOT, 'packages/server/src/engines/starter');

/**
 * `names`: what is wanted of which file, `{ 'compose/compose.ts': ['compose'] }`. `recipe` names the bundle, so that two
 * recipes can run at once.
 */
export async function fromProduct(recipe, names) {
  const contents = Object.entries(names)
    .map(([file, wanted]) => `export { ${wanted.join(', ')} } from '${join(STARTER, file)}';`)
    .join('\n');
  const outfile = join(ROOT, `packages/server/node_modules/.cache/limner-${recipe}.mjs`);
  await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp', '@resvg/resvg-js', 'onnxruntime-node'],
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
