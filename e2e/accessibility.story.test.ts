import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { story } from './studio.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const PAGES = [
  '/',
  '/remove-bg',
  '/history',
  '/history?view=list',
  '/training/new',
  '/settings',
  '/settings/models',
  '/settings/wildcards',
  '/settings/mcp',
  '/grids',
  '/settings/storage',
  '/settings/status',
  '/settings/about',
];
/** For all pages one after another on a busy machine. */
const LIMIT_MS = 400_000;
const LOOKS = [
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 }, locale: 'en-GB' },
  { colorScheme: 'light', viewport: { width: 1440, height: 900 }, locale: 'zh-CN' },
  { colorScheme: 'light', viewport: { width: 390, height: 844 }, locale: 'en-GB' },
] as const;

story('Accessibility', (studio) => {
  test.for(LOOKS)(
    'no serious finding on any page: $colorScheme, $viewport.width px, $locale',
    { timeout: LIMIT_MS },
    async (look) => {
      const task = await studio.api.call('generate', {
        body: { prompt: 'a red dragon', batch_size: 4, style_id: 1 },
      });
      await studio.ended(task.id);
      const page = await studio.open('/', look);
      const axe = await readFile(AXE, 'utf8');
      for (const address of [...PAGES, `/history?task=${task.id}`]) {
        await page.goto(studio.url + address);
        await page.getByRole('main').waitFor();
        await page.waitForLoadState('networkidle');
        expect([address, await seriousFindings(page, axe)]).toEqual([address, []]);
      }
      await page.goto(studio.url);
      await page.locator('[data-opens-picture]').first().click();
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('i');
      await page.getByRole('dialog').getByRole('complementary').waitFor();
      expect(await seriousFindings(page, axe)).toEqual([]);
    },
  );
});

async function seriousFindings(page: Page, axe: string): Promise<string[][]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 160))]);
}
