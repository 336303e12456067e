/** What the first page loads, as it crosses the wire: gzipped, without the pictures of the user. */
import type { Page } from 'playwright-core';
import { inBrowser } from './browser.ts';

const GOAL_KB = 380;
const KINDS: [RegExp, string][] = [
  [/\.js$/, 'scripts'],
  [/\.css$/, 'styles'],
  [/^\/(api|ws|health)/, 'answers of the server'],
  [/./, 'the page and its icons'],
];

export async function run(print: (line: string) => void): Promise<void> {
  await inBrowser({ engines: [] }, print, async ({ open }) => {
    const page = await open('/settings/about');
    const loaded = await listening(page);
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('main').waitFor();
    await page.waitForLoadState('networkidle');
    const sizes = new Map<string, { files: number; bytes: number }>();
    for (const [address, bytes] of loaded) {
      const kind = KINDS.find(([pattern]) => pattern.test(address))?.[1] ?? '';
      const sum = sizes.get(kind) ?? { files: 0, bytes: 0 };
      sizes.set(kind, { files: sum.files + 1, bytes: sum.bytes + bytes });
    }
    for (const [kind, { files, bytes }] of sizes)
      print(`${kind.padEnd(24)} ${kb(bytes).padStart(9)} in ${files} files`);
    const app = [...sizes].filter(([kind]) => !kind.startsWith('answers'));
    const sum = app.reduce((total, [, { bytes }]) => total + bytes, 0);
    print(`the app's first page     ${kb(sum).padStart(9)} gz, goal ≤ ${GOAL_KB} kB`);
  });
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** Bytes of each answer's body on the wire, by path. */
async function listening(page: Page): Promise<Map<string, number>> {
  const loaded = new Map<string, number>();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const paths = new Map<string, { path: string; headBytes: number }>();
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const { pathname, protocol } = new URL(response.url);
    if (protocol === 'http:') paths.set(requestId, { path: pathname, headBytes: response.encodedDataLength });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const known = paths.get(requestId);
    if (known) loaded.set(known.path, encodedDataLength - known.headBytes);
  });
  return loaded;
}
