/**
 * The browser for the stories in `e2e/`: named by LIMNER_CHROMIUM, on the PATH, fetched by playwright before, or
 * installed now. Without one the stories are skipped and the reason is printed. Debian's headless shell comes first: the
 * same engine without a window, at half the CPU time for a page.
 */
import { existsSync } from 'node:fs';
import { command, node, which } from './command.mjs';
import { inRoot } from './paths.mjs';

const SHELL = 'chromium-headless-shell';
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** `{path}` or `{reason}`. */
export async function findChromium() {
  const named = process.env.LIMNER_CHROMIUM;
  if (named)
    return existsSync(named)
      ? { path: named }
      : { reason: `LIMNER_CHROMIUM names ${named}, which is not there` };
  const found = which(...NAMES) ?? (await fetchedByPlaywright());
  const shell = which(SHELL) ?? (await installedShell(found !== null));
  const path = shell ?? found;
  return path ? { path } : installChromium();
}

async function fetchedByPlaywright() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : null;
}

/** Null where Debian's packages do not have it. Their list is fetched only if there is no other browser. */
async function installedShell(hasOther) {
  if (!mayInstall()) return null;
  if (!hasOther) await apt('update');
  await apt('install', '-y', '--no-install-recommends', '--no-remove', SHELL);
  return which(SHELL);
}

async function installChromium() {
  if (!mayInstall()) return installFromPlaywright();
  const { code, output } = await apt('install', '-y', '--no-install-recommends', 'chromium');
  const path = which(...NAMES);
  return code === 0 && path
    ? { path }
    : { reason: `apt-get could not install chromium: ${lastLine(output)}` };
}

const mayInstall = () => process.getuid?.() === 0 && which('apt-get') !== null;

function apt(...args) {
  console.log(`apt-get ${args.join(' ')} …`);
  return command('apt-get', ['-qq', ...args], { quiet: true, env: { DEBIAN_FRONTEND: 'noninteractive' } });
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
