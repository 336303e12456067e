/**
 * `npm run pack:client`: the contract as a package for other projects, JavaScript with types. Prints the path of the
 * archive, which `npm install PATH` installs. `--out FOLDER`: where the archive is written; default: here.
 *
 * In this repository the contract is imported as TypeScript, so the package has a manifest of its own.
 */
import './node-version.mjs';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { node, npm } from './command.mjs';
import { readJson, writeJson } from './fresh.mjs';
import { inRoot } from './paths.mjs';

const CONTRACT = inRoot('packages/contract');
const PACKAGE = join(CONTRACT, 'dist');

const at = process.argv.indexOf('--out');
const folder = resolve(at < 0 ? '.' : (process.argv[at + 1] ?? '.'));

rmSync(PACKAGE, { recursive: true, force: true });
mkdirSync(PACKAGE, { recursive: true });
await script();
await types();
cpSync(join(CONTRACT, 'README.md'), join(PACKAGE, 'README.md'));
cpSync(join(CONTRACT, 'examples'), join(PACKAGE, 'examples'), {
  recursive: true,
  filter: (source) => !source.endsWith('.test.ts'),
});
cpSync(inRoot('LICENSE'), join(PACKAGE, 'LICENSE'));
writeJson(join(PACKAGE, 'package.json'), manifest());
mkdirSync(folder, { recursive: true });
const packed = await npm(['pack', PACKAGE, '--pack-destination', folder, '--json', '--loglevel=error'], {
  quiet: true,
});
if (packed.code !== 0) fail(packed.output);
console.log(join(folder, JSON.parse(packed.output)[0].filename));

async function script() {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(CONTRACT, 'src/index.ts')],
    outfile: join(PACKAGE, 'index.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    external: ['zod'],
    logLevel: 'warning',
  });
}

async function types() {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  const { code, output } = await node([tsc, '-p', join(CONTRACT, 'tsconfig.pack.json')], { quiet: true });
  if (code !== 0) fail(output);
  // Others resolve `./task.js` to `task.d.ts`, and not `./task.ts`.
  for (const name of readdirSync(PACKAGE).filter((entry) => entry.endsWith('.d.ts'))) {
    const file = join(PACKAGE, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(["'])(\.\/[\w-]+)\.ts\1/g, '$1$2.js$1'));
  }
}

function manifest() {
  const { name, version, license, dependencies } = readJson(join(CONTRACT, 'package.json'));
  const { engines } = readJson(inRoot('package.json'));
  return {
    name,
    version,
    license,
    description: 'Client and types of the API of Limner (画匠), a self-hosted AI picture studio',
    type: 'module',
    sideEffects: false,
    engines,
    exports: { '.': { types: './index.d.ts', default: './index.js' }, './package.json': './package.json' },
    dependencies,
  };
}

function fail(output) {
  console.error(output.trim());
  process.exit(1);
}
