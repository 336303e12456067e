import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

const PAGES = [
  '/',
  '/queue',
  '/grids',
  '/history',
  '/cutouts',
  '/training',
  '/settings/storage',
  '/settings/engines',
  '/settings/wildcards',
];
const WIDTHS = [320, 390, 768, 1024, 1440];
const LOOKS = [
  { locale: 'en-GB', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
] as const;

/** As a browser that enlarges text only. */
function doubleText(): void {
  const elements = [...document.querySelectorAll<HTMLElement>('body, body *')];
  const sizes = elements.map((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  for (const [at, element] of elements.entries()) element.style.fontSize = `${2 * (sizes[at] ?? 0)}px`;
}

story('At twice the text size', (studio) => {
  test.each(LOOKS)('nothing scrolls sideways: $locale, $colorScheme', async (look) => {
    const body = { prompt: 'a red dragon', style_id: 1, seed: 7, width: 64, height: 64 };
    await studio.ended((await studio.api.call('generate', { body })).id);
    const page = await studio.open('/', { ...look, viewport: { width: 1440, height: 800 } });
    for (const address of PAGES) {
      await page.goto(studio.url + address);
      await page.getByRole('main').waitFor();
      await page.waitForLoadState('networkidle');
      await page.evaluate(doubleText);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        await eventually(async () => `${address} ${width}: ${await beyond()}`).toBe(`${address} ${width}: 0`);
      }
    }
  });

  test.each(LOOKS)('every tool of the viewer is on the screen at 390 px: $locale', async (look) => {
    const page = await studio.open('/', {
      ...look,
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    });
    await page.locator('[data-opens-picture]').first().click();
    const viewer = page.getByRole('dialog');
    await viewer.waitFor();
    for (const tool of await viewer.getByRole('toolbar').getByRole('button').all()) {
      const box = await tool.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844).toBe(true);
    }
  });
});
