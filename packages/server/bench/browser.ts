/** A Chromium that looks at a studio made for a bench. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { repository } from '../test/places.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from '../test/start-studio.ts';

export const WEB_DIR = path.join(repository, 'packages', 'web', 'dist');

interface Looking {
  studio: TestStudio;
  browser: Browser;
  /** A page of a profile of its own, as wide as a desk. */
  open(address?: string): Promise<Page>;
}

async function findChromium(): Promise<{ path?: string; reason?: string }> {
  const script = await import(pathToFileURL(path.join(repository, 'scripts', 'chromium.mjs')).href);
  return script.findChromium();
}

/** Says why there is nothing to measure when there is no Chromium. */
export async function inBrowser(
  options: TestStudioOptions,
  print: (line: string) => void,
  look: (looking: Looking) => Promise<void>,
): Promise<void> {
  const found = await findChromium();
  if (!found.path) return print(`not measured: ${found.reason}`);
  const environ = { RATE_LIMIT_PER_MINUTE: '1000000', ...options.environ };
  const studio = await startStudio({ ...options, environ, layout: { webDir: WEB_DIR } });
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath: found.path, args });
  const open = async (address = '/') => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      // What is kept for later is not part of the first page.
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    await page.goto(studio.url + address);
    return page;
  };
  try {
    await look({ studio, browser, open });
  } finally {
    await browser.close();
    await studio.close();
  }
}
