import { expect, test } from 'vitest';
import { eventually, story, WITH_WORKER } from './studio.ts';

const WIDE = { ...WITH_WORKER, viewport: { width: 1440, height: 900 } };

interface Manifest {
  name: string;
  start_url: string;
  icons: { src: string; sizes: string }[];
}

story('Limner in the browser', (studio) => {
  test.for([
    ['en-GB', /^Limner/],
    ['zh-CN', /^画匠/],
  ] as const)('can be installed under its name: %s', async ([locale, name]) => {
    const page = await studio.open('/', { ...WIDE, locale });
    const address = await page.locator('link[rel="manifest"]').getAttribute('href');
    const here = new URL(address as string, studio.url).href;
    const manifest = (await (await fetch(here)).json()) as Manifest;
    expect(manifest.name).toMatch(name);
    expect(new URL(manifest.start_url, here).href).toBe(`${studio.url}/`);
    for (const { src } of manifest.icons) expect((await fetch(new URL(src, here))).status).toBe(200);
  });

  test('starts without its server, says so, and comes back by itself', async () => {
    const body = { prompt: 'a red dragon', batch_size: 2, style_id: 1 };
    await studio.ended((await studio.api.call('generate', { body })).id);
    const page = await studio.open('/', WIDE);
    const dragon = page.getByRole('heading', { name: 'a red dragon' });
    await dragon.waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await eventually(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);

    await studio.whileAway(async () => {
      await page.getByText('Reconnecting', { exact: true }).waitFor();
      await dragon.waitFor();
      await page.reload();
      await page.getByText('Limner does not answer').waitFor();
      await page.getByText('Reconnecting', { exact: true }).waitFor();
      // What is written meanwhile is kept.
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a green apple');
    });
    await dragon.waitFor();
    const generate = page.getByRole('button', { name: /Generate/ });
    await eventually(() => generate.isEnabled()).toBe(true);
    await generate.click();
    await page.getByRole('heading', { name: 'a green apple' }).waitFor();
  });

  test('finishes a batch before the eyes of a page that lost its server in the middle', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('region', { name: 'Results' }).waitFor();
    const body = { prompt: 'a silver shield', batch_size: 12, style_id: 1 };
    const { id } = await studio.api.call('generate', { body });
    const article = page.getByRole('article').filter({ hasText: 'a silver shield' });
    await article.waitFor();
    await studio.whileAway(async () => {
      await page.getByText('Reconnecting', { exact: true }).waitFor();
    });
    await studio.ended(id);
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(12);
  });

  test('does not let anything jump while it paints', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('region', { name: 'Results' }).waitFor();
    await page.getByRole('heading', { name: 'a red dragon' }).waitFor();
    const body = { prompt: 'a golden crown', batch_size: 6, style_id: 1 };
    const { id } = await studio.api.call('generate', { body });
    const article = page.getByRole('article').filter({ hasText: 'a golden crown' });
    await article.waitFor();
    await page.evaluate(async () => {
      // The new task moves the others down, in the frame that paints it first.
      for (const _ of [1, 2]) await new Promise((painted) => requestAnimationFrame(painted));
      const jumps: { value: number; moved: string[] }[] = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          sources: { node?: Node }[];
        })[])
          jumps.push({ value: entry.value, moved: entry.sources.map(({ node }) => node?.textContent ?? '') });
      }).observe({ type: 'layout-shift' });
      Object.assign(window, { jumps });
    });
    await studio.ended(id);
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(6);
    const jumps = await page.evaluate(
      () => (window as unknown as { jumps: { value: number; moved: string[] }[] }).jumps,
    );
    const total = jumps.reduce((sum, { value }) => sum + value, 0);
    expect(total, JSON.stringify(jumps.filter(({ value }) => value > 0.01))).toBeLessThan(0.02);
  });
});
