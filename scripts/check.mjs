/**
 * `npm run check`: everything that must hold before a change is done. All steps run even if one fails; `--quick` omits
 * the tests.
 */
import './node-version.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { node, seconds } from './command.mjs';
import { ensureInstalled } from './ensure.mjs';
import { inRoot } from './paths.mjs';

const bin = (path) => inRoot('node_modules', path);
const projects = [
  ...readdirSync(inRoot('packages')).map((name) => `packages/${name}`),
  'e2e',
  'training',
].filter((path) => existsSync(inRoot(path, 'tsconfig.json')));

const STEPS = [
  ...projects.map((path) => ({ name: `types of ${path}`, args: [bin('typescript/bin/tsc'), '-p', path] })),
  { name: 'format and lint', args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  {
    name: 'import rules',
    args: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'packages',
      'e2e',
    ],
  },
  { name: 'statements', args: [inRoot('scripts/statements.mjs')] },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
];

await ensureInstalled({ dev: true });
const failed = [];
const waiting = [...STEPS];

async function runNext() {
  const step = waiting.shift();
  if (!step) return;
  const since = performance.now();
  const { code, output } = await node(step.args, { quiet: true });
  console.log(`${code === 0 ? '✓' : '✗'} ${step.name} (${seconds(since)})`);
  if (code !== 0) {
    failed.push(step.name);
    console.log(`${output.trim()}\n`);
  }
  await runNext();
}

// Each step uses one core, and up to 2 GB.
await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, runNext));

if (!process.argv.includes('--quick')) {
  const { code } = await node([inRoot('scripts/test.mjs')]);
  if (code !== 0) failed.push('tests');
}
console.log(failed.length === 0 ? 'Everything holds.' : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
