/**
 * `npm run shots [folder]`: screenshots of every page of a real Limner into `shots/`. `e2e/shots.ts` exports
 * `run({url, chromium, folder})`.
 */
import './node-version.mjs';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { findChromium } from './chromium.mjs';
import { inRoot } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { withServer } from './serve-for.mjs';
import { withModules } from './typescript-run.mjs';

const SCRIPT = inRoot('e2e/shots.ts');

await prepare({ dev: true });
const { path: chromium, reason } = await findChromium();
if (!chromium || !existsSync(SCRIPT)) {
  console.error(chromium ? 'There is no e2e/shots.ts.' : `Screenshots need Chromium: ${reason}.`);
  process.exit(1);
}
const folder = resolve(process.argv[2] ?? inRoot('shots'));
mkdirSync(folder, { recursive: true });
await withModules([SCRIPT], ({ run }) => withServer((url) => run({ url, chromium, folder })));
console.log(`Screenshots are in ${folder}.`);
