import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

story('A first visit', (studio) => {
  test('ends with four pictures on the wall, each saying how it was made', async () => {
    const page = await studio.open('/', { viewport: { width: 1440, height: 900 } });
    await page.getByText('Nothing painted yet.').waitFor();
    await page.getByRole('button', { name: 'a red dragon' }).click();
    await page.getByRole('button', { name: /Generate 4 pictures/ }).click();

    const wall = page.getByRole('region', { name: 'Results' });
    await wall.getByRole('heading', { name: 'a red dragon' }).waitFor();
    for (const n of [1, 2, 3, 4]) await wall.getByRole('group', { name: `Picture ${n}, Finished` }).waitFor();
    await wall.getByText(/Composed from/).waitFor();
    const images = wall.getByRole('img');
    const shown = () =>
      images.evaluateAll((all) => all.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length);
    await eventually(shown).toBe(4);
  });

  test('keeps what was painted for the next visit, with its seeds', async () => {
    const [first] = (await studio.api.tasks({ limit: 1 })).items;
    const page = await studio.open(`/history?task=${first?.id}`, { viewport: { width: 1440, height: 900 } });
    await page.getByRole('heading', { name: `Task ${first?.id}` }).waitFor();
    await page.getByText('How it was made').waitFor();
    await page.getByRole('button', { name: 'Use this recipe' }).click();
    await eventually(() => page.getByRole('textbox', { name: 'Prompt', exact: true }).inputValue()).toBe(
      'a red dragon',
    );
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).not.toBe('');
  });

  test('is a recipe: a picture dropped on any page offers to restore it', async () => {
    const [first] = (await studio.api.tasks({ limit: 1 })).items;
    const file = await fetch(studio.url + first?.output_paths[1]);
    const bytes = [...new Uint8Array(await file.arrayBuffer())];
    const page = await studio.open('/history', { viewport: { width: 1440, height: 900 } });
    await page.getByRole('main').waitFor();
    await page.locator('main').evaluate((main, content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(content)], 'dragon.png', { type: 'image/png' }));
      main.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, bytes);
    await page.getByRole('button', { name: 'Restore the recipe' }).click();
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    await eventually(() => prompt.inputValue()).toBe('a red dragon');
  });

  test('says in the form what stands in the way', async () => {
    const page = await studio.open();
    await page.getByRole('button', { name: /Generate/ }).click();
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    await eventually(() => prompt.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('has room for the prompt as it grows, and scrolls a long one', async () => {
    const page = await studio.open();
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    const hidden = () => prompt.evaluate((field) => field.scrollHeight - field.clientHeight);
    const height = async () => (await prompt.boundingBox())?.height ?? 0;
    const empty = await height();
    await prompt.fill('a dragon\n'.repeat(5));
    await eventually(height).toBeGreaterThan(empty);
    expect(await hidden()).toBe(0);
    await prompt.fill('a dragon\n'.repeat(40));
    await eventually(hidden).toBeGreaterThan(0);
    expect(await height()).toBeLessThan(empty * 4);
    await prompt.fill('');
    await eventually(height).toBe(empty);
  });

  test('paints from the keyboard alone', async () => {
    const page = await studio.open();
    await page.getByRole('region', { name: 'Results' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('a green apple');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'a green apple' }).waitFor();
  });

  test('speaks Chinese to a Chinese browser, and English when asked to', async () => {
    const page = await studio.open('/', { locale: 'zh-CN', viewport: { width: 1440, height: 900 } });
    const prompt = page.getByRole('textbox', { name: '提示词', exact: true });
    await prompt.fill('蓝色的剑');
    await prompt.press('Control+Enter');
    await page.getByRole('heading', { name: '蓝色的剑' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');

    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.getByRole('button', { name: /Generate/ }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('button', { name: /Generate/ }).waitFor();
  });

  test('fits a phone: nothing is wider than the screen, the whole form is one tap away', async () => {
    const page = await studio.open('/', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await page.getByRole('heading', { name: 'a red dragon' }).first().waitFor();
    for (const address of ['/', '/remove-bg', '/history', '/settings']) {
      await page.goto(studio.url + address);
      await page.getByRole('main').waitFor();
      expect([address, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
        address,
        390,
      ]);
    }
    await page.goto(studio.url);
    await page.getByRole('button', { name: 'All settings' }).first().tap();
    await page.getByRole('button', { name: 'New style' }).waitFor();
    await page.getByRole('spinbutton', { name: 'Pictures' }).waitFor();
  });
});
