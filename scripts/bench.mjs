/**
 * `npm run bench [name]`: runs `packages/server/bench/*.bench.ts`: all, the one of that name, or else those whose name
 * contains it. Each exports `run(print)`. They print figures without judging them, because figures depend on the machine.
 */
import './node-version.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { seconds } from './command.mjs';
import { inRoot } from './paths.mjs';
import { prepare } from './prepare.mjs';

await prepare({ dev: true });
const { withModules } = await import('./typescript-run.mjs');

const folder = inRoot('packages/server/bench');
const wanted = process.argv[2] ?? '';
const benches = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.bench.ts'));
const named = `${wanted}.bench.ts`;
const files = benches.includes(named) ? [named] : benches.filter((name) => name.includes(wanted)).sort();

if (files.length === 0) {
  console.error(wanted ? `There is no bench called "${wanted}".` : 'There are no benches.');
  process.exit(1);
}
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
await withModules(
  files.map((name) => inRoot('packages/server/bench', name)),
  async ({ run }, name) => {
    const since = performance.now();
    console.log(`\n${name.replace(/\.bench$/, '')}`);
    await run((line) => console.log(`  ${line}`));
    console.log(`  (${seconds(since)})`);
  },
);
process.exit(0);
