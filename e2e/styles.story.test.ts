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
    const item = page.getByRole('menuitem', { name: 'Delete' });
    // Visitors ask for reduced motion here. A transition of its position would mislead the menu that measures itself.
    expect(
      await item.evaluate((element) => {
        const menu = element.closest('.ant-dropdown');
        return menu && getComputedStyle(menu).transitionDuration;
      }),
    ).toBe('0s');
    await item.click();
    await eventually(() => card.count()).toBe(0);
    await page.getByRole('heading', { name: 'a shield' }).waitFor();
  });

  test('made, changed or deleted in one window are so in every other, without a reload', async () => {
    const [here, there] = [await studio.open('/', WIDE), await studio.open('/', WIDE)];
    const cardIn = (page: typeof here, name: string) =>
      page.getByRole('button', { name: new RegExp(`^${name}`) });
    await there
      .getByRole('button', { name: /^Base style/ })
      .first()
      .waitFor();
    await here.getByRole('button', { name: 'New style' }).click();
    await here.getByRole('textbox', { name: 'Name' }).fill('Rust plates');
    await here.getByRole('button', { name: 'Create style' }).click();
    await cardIn(there, 'Rust plates').waitFor();
    // Chosen where it was made, and nowhere else.
    expect(await cardIn(there, 'Rust plates').getAttribute('aria-pressed')).toBe('false');

    await here.getByRole('button', { name: 'Actions for Rust plates' }).click({ force: true });
    await here.getByRole('menuitem', { name: 'Edit style' }).click();
    await here.getByRole('textbox', { name: 'Name' }).fill('Copper plates');
    await here.getByRole('button', { name: 'Save', exact: true }).click();
    await cardIn(there, 'Copper plates').waitFor();

    await there.getByRole('button', { name: 'Actions for Copper plates' }).click({ force: true });
    await there.getByRole('menuitem', { name: 'Delete' }).click();
    await cardIn(here, 'Copper plates').waitFor({ state: 'detached' });
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

  test('keep their height when there are many, and scroll to the last', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Many ${index + 1}`);
    for (const name of names) await studio.api.call('createStyle', { body: { name } });
    const page = await studio.open('/', WIDE);
    const cards = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Many / }) });
    await eventually(() => cards.count()).toBe(names.length);
    const heights = await cards.evaluateAll((all) =>
      all.map((card) => [card.getBoundingClientRect().height, card.scrollHeight]),
    );
    for (const [height, whole] of heights) expect(height).toBeGreaterThan((whole ?? 0) - 1);
    const last = cards.last().getByText(/^Many /);
    await last.scrollIntoViewIfNeeded();
    const box = await last.boundingBox();
    expect(box && box.y + box.height).toBeLessThanOrEqual(WIDE.viewport.height);
  });
});
