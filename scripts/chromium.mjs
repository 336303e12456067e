/**
 * The browser for the stories in `e2e/`: named by LIMNER_CHROMIUM, on the PATH, fetched by playwright before, or
 * installed now. Without one the stories are skipped and the reason is printed.
 */
import { existsSync } from 'node:fs';
import { command, node, which } from './command.mjs';
import { inRoot } from './paths.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** `{path}` or `{reason}`. */
export async function findChromium() {
  const named = process.env.LIMNER_CHROMIUM;
  if (named)
    return existsSync(named)
      ? { path: named }
      : { reason: `LIMNER_CHROMIUM names ${named}, which is not there` };
  const path = which(...NAMES) ?? (await fetchedByPlaywright());
  return path ? { path } : installChromium();
}

async function fetchedByPlaywright() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}

async function installChromium() {
  const isRoot = process.getuid?.() === 0;
  return isRoot && which('apt-get') ? installFromDebian() : installFromPlaywright();
}

async function installFromDebian() {
  console.log('Installing Chromium (apt-get install chromium) …');
  const quiet = { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await command('apt-get', ['update', '-qq'], quiet);
  const { code, output } = await command(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    quiet,
  );
  const path = which(...NAMES);
  return code === 0 && path
    ? { path }
    : { reason: `apt-get could not install chromium: ${lastLine(output)}` };
}

async function installFromPlaywright() {
  console.log('Installing Chromium (playwright-core install chromium) …');
  const { code, output } = await node(
    [inRoot('node_modules/playwright-core/cli.js'), 'install', 'chromium'],
    { quiet: true },
  );
  const path = await fetchedByPlaywright();
  return code === 0 && path
    ? { path }
    : { reason: `playwright could not fetch Chromium: ${lastLine(output)}` };
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';
