/** A grid with axes over a prompt that has choices and a wildcard, from the form to the sheet and back to its pictures. */
import type { Task } from '@limner/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

async function pick(page: Page, axis: 'X' | 'Y', field: string): Promise<void> {
  await page.getByRole('combobox', { name: `Field of axis ${axis}` }).click();
  await page
    .getByRole('option', { name: field, exact: true })
    .or(page.getByTitle(field, { exact: true }))
    .last()
    .click();
}

story('A grid', (studio) => {
  test('of two axes is made from a prompt with choices and a wildcard, and each picture says its words', async () => {
    await studio.api.call('putWildcard', { body: { name: 'animal', text: 'fox\nwolf\nowl' } });
    const page = await studio.open('/', WIDE);
    const prompt = page.getByLabel('Prompt', { exact: true });
    await prompt.fill('a {red|golden} ');
    await prompt.press('End');
    await prompt.pressSequentially('__ani');
    await page.getByRole('option', { name: /^animal/ }).waitFor();
    await prompt.press('Enter');
    await expect.poll(() => prompt.inputValue()).toBe('a {red|golden} __animal__');
    await page.getByText('6 combinations').waitFor();

    await page.getByRole('button', { name: /^Grid/ }).click();
    await pick(page, 'X', 'Seed');
    await page.getByLabel('Values of axis X').fill('1-3');
    await pick(page, 'Y', 'Prompt S/R');
    await page.getByLabel('Values of axis Y').fill('animal__, animal__ in a castle');
    await page.getByRole('button', { name: /^Make the grid: 6 pictures/ }).click();
    await page.waitForURL(/\/grids\/\d+$/);
    await page.getByText('6 of 6 pictures finished').waitFor();

    const { items } = await studio.api.tasks({});
    const tasks: Task[] = await Promise.all(
      items.map(({ id }) => studio.api.call('getTask', { params: { id } })),
    );
    const words = tasks.flatMap(({ frames }) => frames.map(({ drawn }) => drawn?.prompt ?? ''));
    expect(words).toHaveLength(6);
    for (const text of words) expect(text).toMatch(/^a (red|golden) (fox|wolf|owl)( in a castle)?$/);
    expect(words.filter((text) => text.endsWith('castle'))).toHaveLength(3);

    const cells = page.getByRole('table').getByRole('button');
    await eventually(() => cells.count()).toBe(6);
    await cells.first().click();
    const detail = page.getByRole('region', { name: /^Task \d+$/ });
    await detail.getByText(/^a (red|golden) (fox|wolf|owl)$/).waitFor();
    await detail.getByRole('link', { name: 'Grid 1' }).waitFor();
    await detail.getByRole('button', { name: 'Use drawn text' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await eventually(() => prompt.inputValue()).toMatch(/^a (red|golden) (fox|wolf|owl)$/);

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Grids' }).click();
    await page.getByRole('link', { name: 'Grid 1' }).waitFor();
  });
});
