import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

story('Styles', (studio) => {
  test('are made, used and deleted; their pictures stay', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('button', { name: 'New style' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Ember inventory');
    await page.getByRole('textbox', { name: 'Trigger words' }).fill('golden');
    await page.getByRole('button', { name: 'Create style' }).click();
    const card = page.getByRole('button', { name: /^Ember inventory/ });
    await eventually(() => card.getAttribute('aria-pressed')).toBe('true');

    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a shield');
    await page.getByRole('button', { name: /Generate/ }).click();
    await page.getByRole('heading', { name: 'a shield' }).waitFor();
    const [task] = (await studio.api.tasks({ limit: 1 })).items;
    const style = (await studio.api.call('listStyles', {})).find(({ name }) => name === 'Ember inventory');
    expect(task?.style_id).toBe(style?.id);
    await studio.ended(task?.id ?? 0);

    await page.getByRole('button', { name: 'Actions for Ember inventory' }).click({ force: true });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await eventually(() => card.count()).toBe(0);
    await page.getByRole('heading', { name: 'a shield' }).waitFor();
  });

  test('refuse a name that is taken, at the field', async () => {
    await studio.api.call('createStyle', { body: { name: 'Glass' } });
    const page = await studio.open('/', WIDE);
    await page.getByRole('button', { name: 'New style' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Glass');
    await page.getByRole('button', { name: 'Create style' }).click();
    await page.getByRole('alert').filter({ hasText: 'There is a style called "Glass" already.' }).waitFor();
  });

  test('begin with the base style, which cannot be deleted', async () => {
    const page = await studio.open('/', WIDE);
    const base = page.getByRole('listitem').filter({ hasText: 'Base style' }).first();
    await base.getByText('Base style cannot be deleted.').waitFor({ state: 'attached' });
    expect(await base.getByRole('button', { name: /Actions/ }).count()).toBe(0);
    expect(await base.getByRole('button').first().getAttribute('aria-pressed')).toBe('true');
  });
});
