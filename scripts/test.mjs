/**
 * `npm test`: installs what it needs, builds the product, finds a browser and runs every test. Arguments go to vitest
 * (`npm test -- packages/contract`). `--over-the-wire`: all tests that can be repeated against a process; `--scale`: on Postgres, Redis and a bucket. The last line is plain: `N passed, N failed, N skipped`.
 */
import './node-version.mjs';
import { rmSync } from 'node:fs';
import { findChromium } from './chromium.mjs';
import { node } from './command.mjs';
import { readJson } from './fresh.mjs';
import { inRoot } from './paths.mjs';
import { prepare } from './prepare.mjs';

const REPORT = inRoot(`node_modules/.cache/limner-tests-${process.pid}.json`);

await prepare({ dev: true });
const chromium = await findChromium();
if (chromium.reason) console.log(`Stories in the browser are skipped: ${chromium.reason}.`);

/** Legs that `npm test` runs a part of. */
const LEGS = {
  '--over-the-wire': { project: 'process', env: { LIMNER_TEST_WIRE: 'all' } },
  '--scale': { project: 'scale', env: { LIMNER_TEST_SCALE: 'all' } },
};
const leg = LEGS[process.argv[2]];
const rest = leg ? ['--project', leg.project, ...process.argv.slice(3)] : process.argv.slice(2);
const { code } = await node(
  [
    inRoot('node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...rest,
  ],
  {
    env: {
      ...(chromium.path ? { LIMNER_CHROMIUM: chromium.path } : { LIMNER_NO_CHROMIUM: chromium.reason }),
      ...leg?.env,
    },
  },
);

const report = readJson(REPORT);
const { passed, failed, skipped } = count(report, code);
rmSync(REPORT, { force: true });
for (const [reason, tests] of notOverTheWire(report))
  console.log(`${tests} tests were not repeated: each ${reason}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : code;

/** How many tests need more of a server than its wire, or a disk, by what they need. */
function notOverTheWire(report) {
  const reasons = new Map();
  for (const { assertionResults } of report?.testResults ?? [])
    for (const { meta } of assertionResults)
      if (meta?.notOverTheWire) reasons.set(meta.notOverTheWire, (reasons.get(meta.notOverTheWire) ?? 0) + 1);
  return reasons;
}

/** A file that could not even be loaded, or an error outside any test, counts as one failure. */
function count(report, exitCode) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  const broken = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = (report?.numFailedTests ?? 0) + broken.length;
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped };
}
