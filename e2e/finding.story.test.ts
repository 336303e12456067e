import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

/** Small pictures, one task each, newest last. */
async function paint(studio: Studio, ...prompts: string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const prompt of prompts) {
    const { id } = await studio.api.call('generate', { body: { prompt, width: 64, height: 64 } });
    ids.push(id);
  }
  for (const id of ids) await studio.ended(id);
  return ids;
}

story('Finding and keeping pictures', (studio) => {
  test('a star is seen in every tab, found again, and asked about before its task is deleted', async () => {
    await paint(studio, 'a red dragon', 'a blue potion');
    const [page, other] = [
      await studio.open('/history', WIDE),
      await studio.open('/history?starred=1', WIDE),
    ];
    await other.getByText('Nothing matches these filters.').waitFor();
    await page.getByRole('button', { name: /a red dragon, Finished/ }).click();
    await page.locator('footer').getByRole('button', { name: 'Star', exact: true }).click();
    await other.getByRole('button', { name: /a red dragon, Finished, Starred/ }).waitFor();
    await page.getByRole('button', { name: 'Delete task' }).click();
    const question = page.getByRole('dialog', { name: /One of its pictures is starred/ });
    await question.getByRole('button', { name: 'Keep' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await page.getByRole('button', { name: /a red dragon, Finished, Starred/ }).count()).toBe(1);
  });

  test('many are chosen by click, range and key, and saved as one archive', async () => {
    await paint(studio, 'an owl', 'a crown', 'a ship', 'a chest');
    const page = await studio.open('/history', WIDE);
    const tile = (name: string) => page.getByRole('button', { name: new RegExp(`: ${name}, `) }).first();
    await tile('a chest').click({ modifiers: ['ControlOrMeta'] });
    await tile('an owl').click({ modifiers: ['Shift'] });
    const bar = page.getByRole('toolbar', { name: 'Chosen tasks' });
    await bar.getByText('4 chosen').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      bar.getByRole('button', { name: 'Download zip' }).click(),
    ]);
    const zip = (await readFile(await download.path())).toString('latin1');
    for (const name of ['an-owl', 'a-crown', 'a-ship', 'a-chest']) expect(zip).toContain(`_0_${name}.png`);
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'hidden' });
    await page.keyboard.press('ControlOrMeta+a');
    await bar.getByText('6 chosen').waitFor();
  });

  test('many are deleted after one question that says what it costs, and come back', async () => {
    await paint(studio, 'old boots', 'old hat');
    const page = await studio.open('/history?text=old', WIDE);
    for (const name of ['boots', 'hat'])
      await page
        .getByRole('button', { name: new RegExp(`old ${name}, `) })
        .click({ modifiers: ['ControlOrMeta'] });
    await page.getByRole('toolbar', { name: 'Chosen tasks' }).getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete 2 tasks with 2 pictures?' });
    await question.getByText(/They stay in the bin for 30 days/).waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Nothing matches these filters.').waitFor();
    expect((await studio.api.tasks({ text: 'old' })).items).toEqual([]);

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Restored.').waitFor();
    await page.getByRole('button', { name: /old hat, / }).waitFor();
    await studio.api.call('deleteTasks', {
      body: { tasks: (await studio.api.tasks({ text: 'old' })).items.map(({ id }) => id) },
    });
    await page.goto(`${studio.url}/settings/bin`);
    await page.getByRole('button', { name: 'Restore old boots' }).click();
    await page.getByRole('button', { name: 'Restore old boots' }).waitFor({ state: 'detached' });
    expect((await studio.api.tasks({ text: 'old' })).items.map(({ prompt }) => prompt)).toEqual([
      'old boots',
    ]);
  });

  test('a day is gone to, and where nothing was there is a way back', async () => {
    const page = await studio.open('/history', WIDE);
    await page.getByRole('button', { name: 'Jump to date' }).click();
    await page.getByRole('button', { name: 'Earlier month' }).click();
    await page.locator('[data-day]').first().click();
    await page.getByText(/No tasks on or before/).waitFor();
    expect(new URL(page.url()).searchParams.get('at')).toMatch(/^\d{4}-\d{2}-01$/);
    await page.getByRole('main').getByRole('button', { name: 'Back to the newest' }).last().click();
    await page
      .getByRole('button', { name: /a red dragon/ })
      .first()
      .waitFor();
  });

  test('a preset saved by one is used by another, and its name is not taken twice', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('button', { name: 'One picture more' }).click();
    await page.getByRole('button', { name: /^Presets/ }).click();
    await page.getByRole('textbox', { name: 'Name of the preset' }).fill('Five icons');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Five icons', exact: true }).waitFor();
    const other = await studio.open('/', WIDE);
    await other.getByRole('button', { name: /^Presets/ }).click();
    await other.getByRole('button', { name: 'Five icons', exact: true }).click();
    await other.getByRole('button', { name: /Generate 5 pictures/ }).waitFor();
    await other.getByRole('textbox', { name: 'Name of the preset' }).fill('Five icons');
    await other.getByRole('button', { name: 'Save', exact: true }).click();
    await other.getByRole('alertdialog').getByRole('button', { name: 'Replace' }).click();
    await other.getByRole('textbox', { name: 'Name of the preset' }).waitFor();
    expect(await studio.api.call('listPresets', {})).toHaveLength(1);
  });

  test('the storage page says what would go, and a clean-up keeps what is starred', async () => {
    const page = await studio.open('/settings', WIDE);
    await page.route(/storage\/cleanup/, (route) => route.abort(), { times: 1 });
    await page.goto(`${studio.url}/settings/storage`);
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await page.getByText('To be deleted', { exact: true }).waitFor();
    await page.getByRole('combobox', { name: 'Delete what is older than' }).click();
    await page.getByTitle('everything that has ended').click();
    await page.getByText('1 starred task').waitFor();
    await page.getByRole('button', { name: 'Clean up now' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Delete \d/ })
      .click();
    await page.getByText(/ deleted, .* in total/).waitFor();
    await eventually(async () => (await studio.api.tasks()).items.map(({ prompt }) => prompt)).toEqual([
      'a red dragon',
    ]);
  });
});
