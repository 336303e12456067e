import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const MANY = 130;

async function fill(studio: Studio): Promise<void> {
  for (let n = 1; n <= MANY; n++) {
    const task = await studio.api.call('generate', {
      body: { prompt: `lamp number ${n}`, width: 64, height: 64 },
    });
    // Some are painted; the others are cancelled while they wait, which is quick and is history as well.
    if (n > 3) await studio.api.call('cancelTask', { params: { id: task.id } }).catch(() => undefined);
  }
}

story('History', (studio) => {
  test('scrolls to its beginning', async () => {
    await fill(studio);
    const page = await studio.open('/history', WIDE);
    await page
      .getByRole('button', { name: `lamp number ${MANY}`, exact: false })
      .first()
      .waitFor();
    const oldest = page.getByRole('button', { name: /lamp number 1, / });
    await eventually(async () => {
      await page.locator('[data-history]').evaluate((list) => list.scrollTo(0, list.scrollHeight));
      return oldest.count();
    }).toBe(1);
    const tiles = await page.locator('[data-picture]').count();
    expect(tiles).toBeLessThan(MANY);
  });

  test('is filtered by words and state, and the address keeps the filter', async () => {
    const page = await studio.open('/history', WIDE);
    await page.getByRole('searchbox', { name: 'Search prompts' }).fill('number 77');
    await page.getByText('1 found').waitFor();
    expect(new URL(page.url()).searchParams.get('text')).toBe('number 77');
    await page.reload();
    await page.getByText('1 found').waitFor();
    await page.getByRole('searchbox', { name: 'Search prompts' }).fill('nothing like this');
    await page.getByText('Nothing matches these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('button', { name: new RegExp(`lamp number ${MANY},`) }).waitFor();
    await page.goto(`${studio.url}/history?status=completed`);
    await page.getByRole('button', { name: /lamp number 1, Finished/ }).waitFor();
    expect(await page.getByRole('button', { name: /Cancelled/ }).count()).toBe(0);
  });

  test('is a list for those who look for words', async () => {
    const page = await studio.open('/history?view=list&text=number', WIDE);
    await page.getByRole('button', { name: new RegExp(`lamp number ${MANY}`) }).click();
    await page.getByRole('heading', { name: /^Task \d+$/ }).waitFor();
  });
});
