import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const painted = async (studio: Studio, prompt: string, count: number) => {
  const body = { prompt, batch_size: count, style_id: 1, seed: 7 };
  return studio.ended((await studio.api.call('generate', { body })).id);
};

story('Back, links and small screens', (studio) => {
  test('Back closes the picture shown large; its address opens it again', async () => {
    const { id } = await painted(studio, 'a red dragon', 2);
    const page = await studio.open('/', PHONE);
    await page.getByRole('button', { name: 'Open picture 1' }).first().click();
    await page.getByRole('dialog', { name: 'Picture 1 of 2' }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Show picture 2' }).click();
    await page.getByRole('dialog', { name: 'Picture 2 of 2' }).waitFor();
    await eventually(() => new URL(page.url()).searchParams.get('viewer')).toBe(`${id}_1`);
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');

    const linked = await studio.open(`/?viewer=${id}_1`, WIDE);
    await linked.getByRole('dialog', { name: 'Picture 2 of 2' }).waitFor();
    await linked.goBack();
    await linked.getByRole('dialog').waitFor({ state: 'detached' });
    await linked.getByRole('article').first().waitFor();
  });

  test("Back closes a task's detail and keeps what the list was narrowed by", async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByRole('searchbox', { name: 'Search prompts' }).fill('dragon');
    await eventually(() => new URL(page.url()).searchParams.get('text')).toBe('dragon');
    await page
      .getByRole('button', { name: /a red dragon/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Use this recipe' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Use this recipe' }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('text')).toBe('dragon');
    await page.goBack();
    await eventually(() => new URL(page.url()).pathname).toBe('/');
  });

  test('nothing is wider than the window, whatever its width and the language', async () => {
    for (const locale of ['en-GB', 'zh-CN']) {
      const page = await studio.open('/', { ...WIDE, locale });
      await page.getByRole('article').first().waitFor();
      for (const width of [320, 390, 640, 720, 744, 768, 860, 1024, 1200, 1440]) {
        await page.setViewportSize({ width, height: 700 });
        await eventually(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(
          0,
        );
        const words = page.getByRole('navigation').first().getByRole('link').first();
        const lines = await words.evaluate((link) => link.getClientRects().length && link.clientHeight);
        expect(lines, `${locale} at ${width}`).toBeLessThan(60);
      }
    }
  });

  test('every tool of the picture shown large can be reached on a phone', async () => {
    const page = await studio.open('/', PHONE);
    await page.getByRole('button', { name: 'Open picture 1' }).first().click();
    const tools = page.getByRole('dialog').getByRole('toolbar').getByRole('button');
    await tools.first().waitFor();
    const right = await tools.evaluateAll((all) =>
      Math.max(...all.map((one) => one.getBoundingClientRect().right)),
    );
    expect(right).toBeLessThanOrEqual(390);
  });

  test('the prompt has the cursor; keys of an input method that composes do nothing else', async () => {
    const page = await studio.open('/', WIDE);
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    await eventually(() => prompt.evaluate((field) => field === document.activeElement)).toBe(true);
    const before = (await studio.api.tasks()).items.length;
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: 'hong se', selectionStart: 7, selectionEnd: 7 });
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    expect(await prompt.evaluate((field) => field === document.activeElement)).toBe(true);
    await input.send('Input.insertText', { text: '红色' });
    expect(await prompt.inputValue()).toContain('红色');
    expect((await studio.api.tasks()).items.length).toBe(before);
  });

  test('the pill that says what is painted leads to the queue, where its order is changed', async () => {
    const { id } = await studio.api.call('generate', {
      body: { prompt: 'a castle', batch_size: 24, style_id: 1, width: 1024, height: 1024 },
    });
    const page = await studio.open('/settings/about', WIDE);
    await page.getByRole('link', { name: /^\d+ painting, \d+ of 24 done/ }).click();
    await page.getByRole('heading', { name: 'Queue', exact: true }).waitFor();
    const runs = page.getByRole('list', { name: 'Running' });
    await runs.getByRole('link', { name: 'a castle' }).waitFor();
    await page.getByRole('button', { name: /^Pause Starter[^:]*: Generation/ }).click();
    await page.getByText(/Paused since/).waitFor();
    for (const prompt of ['a brass key', 'a green bow'])
      await studio.api.call('generate', { body: { prompt, style_id: 1 } });
    const waiting = page.getByRole('list', { name: 'Waiting' });
    await eventually(() => waiting.getByRole('link').allInnerTexts()).toEqual(['a brass key', 'a green bow']);
    await page.getByRole('button', { name: /^Move a green bow/ }).focus();
    await page.keyboard.press('ArrowUp');
    await eventually(() => waiting.getByRole('link').allInnerTexts()).toEqual(['a green bow', 'a brass key']);
    const handle = page.getByRole('button', { name: /^Move a green bow/ });
    const [from, to] = [await handle.boundingBox(), await waiting.getByRole('listitem').last().boundingBox()];
    await page.mouse.move((from?.x ?? 0) + 8, (from?.y ?? 0) + 8);
    await page.mouse.down();
    await page.mouse.move((from?.x ?? 0) + 8, (to?.y ?? 0) + 20, { steps: 4 });
    await page.mouse.up();
    await eventually(() => waiting.getByRole('link').allInnerTexts()).toEqual(['a brass key', 'a green bow']);
    const lanes = await studio.api.call('listLanes', {});
    expect(lanes.find((lane) => lane.id === 'starter')?.paused_at).not.toBeNull();
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel all' }).click();
    await page.getByText('No task is running or waiting.').waitFor();
    expect((await studio.ended(id)).status).toBe('cancelled');
    await page.getByRole('button', { name: /^Resume Starter[^:]*: Generation/ }).click();
    await page.getByText(/Paused since/).waitFor({ state: 'detached' });
  });

  test('the open section of the settings is in view on a phone', async () => {
    const page = await studio.open('/settings/about', { viewport: { width: 390, height: 844 } });
    const section = page.locator('nav [aria-current="page"][href$="/settings/about"]');
    await eventually(async () => {
      const box = await section.boundingBox();
      return box !== null && box.x >= 0 && Math.floor(box.x + box.width) <= 390;
    }).toBe(true);
  });
});
