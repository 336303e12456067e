import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WINDOWS: [string, BrowserContextOptions][] = [
  ['on a desktop', { viewport: { width: 1440, height: 900 } }],
  ['on a tablet', { viewport: { width: 1000, height: 760 } }],
  ['on a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'zh-CN' }],
];
/** How long each answer takes, in the order in which most hurts: the form before the styles, the pictures last. */
const DELAYS_MS: [RegExp, number][] = [
  [/\/assets\/studio-page/, 900],
  [/\/api\/(families|engines)/, 1_200],
  [/\/api\/styles/, 1_700],
  [/\/api\/presets/, 2_400],
  [/\/api\/tasks\?/, 2_000],
  [/\/api\/tasks\/\d/, 600],
];

/** A page over a slow line, which writes down everything that moves without being asked to. */
async function slowPage(studio: Studio, options: BrowserContextOptions): Promise<Page> {
  const page = await studio.open('/notices', options);
  await page.addInitScript(() => {
    const shifts: unknown[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[])
        shifts.push({ value: entry.value, moved: entry.sources.map(({ node }) => node?.textContent) });
    }).observe({ type: 'layout-shift', buffered: true });
  });
  for (const [address, delayMs] of DELAYS_MS)
    await page.route(address, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await route.continue().catch(() => undefined);
    });
  await page.goto(studio.url, { waitUntil: 'commit' });
  return page;
}

interface LayoutShift {
  value: number;
  sources: { node?: Node | null }[];
}

const shiftsOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { shifts: { value: number; moved: string[] }[] }).shifts);

story('The studio while it loads', (studio) => {
  test.each(WINDOWS)('%s has its shape from the start, and nothing jumps', async (_, options) => {
    const body = { prompt: 'a red dragon', batch_size: 3, style_id: 1, seed: 7 };
    await studio.ended((await studio.api.call('generate', { body })).id);
    const page = await slowPage(studio, options);
    await page.getByRole('main', { name: /^(Loading|正在载入)$/ }).waitFor();
    const shape = () =>
      page
        .locator('main > :not(h1)')
        .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width));
    // Its styles may come a moment later than its text.
    await eventually(async () => Math.min(...(await shape()))).toBeGreaterThan(0);
    const before = await shape();
    await page.getByRole('textbox', { name: /^(Prompt|提示词)$/ }).waitFor();
    expect(await shape()).toEqual(before);
    await page.getByRole('article').filter({ hasText: 'a red dragon' }).first().waitFor();
    await page.waitForLoadState('networkidle');

    const shifts = await shiftsOf(page);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    expect(sum, JSON.stringify(shifts)).toBeLessThan(0.005);
  });

  test('without any picture says so when that is known', async () => {
    for (const { id } of (await studio.api.tasks({})).items)
      await studio.api.call('deleteTask', { params: { id } });
    const page = await slowPage(studio, { viewport: { width: 1440, height: 900 } });
    const empty = page.getByText('Nothing painted yet.');
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).waitFor();
    expect(await empty.count()).toBe(0);
    await eventually(() => empty.count()).toBe(1);
  });
});
