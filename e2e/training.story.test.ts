import { expect, test } from 'vitest';
import { discPng } from './picture.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const COLOURS = [
  [210, 40, 40],
  [40, 160, 60],
  [40, 80, 210],
  [220, 180, 40],
] as const;

/** Eight discs, each on a ground of its own. */
const pictures = Array.from({ length: 8 }, (_, index) => ({
  name: `disc-${index}.png`,
  mimeType: 'image/png',
  buffer: discPng(64, COLOURS[index % 4] ?? COLOURS[0], index < 4 ? [250, 250, 250] : [20, 20, 30]),
}));

story('Training', (studio) => {
  test('makes a style of dropped pictures, is stopped and goes on, and the style is used', async () => {
    const page = await studio.open('/training', WIDE);
    await page.getByText('Nothing trained yet.').waitFor();
    const train = page.getByRole('button', { name: /Train the style/ });
    // What is missing is told at the fields, and the first one has the focus.
    await train.click();
    await page.getByRole('alert').filter({ hasText: 'Add at least 8 pictures.' }).waitFor();
    await page.getByRole('alert').filter({ hasText: 'Name the style.' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Choose files');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).click();
    await (await chooser).setFiles(pictures);
    await page.getByText('8 pictures, 8 to 40 are needed').waitFor();
    await page.getByRole('textbox', { name: 'Caption of disc-0.png' }).fill('a red ball');
    await page.getByRole('textbox', { name: 'Name of the style' }).fill('Discs');
    const steps = page.getByRole('slider', { name: 'Steps' });
    await steps.focus();
    await page.keyboard.press('Home');
    await page.getByText(/^Time: /).waitFor();
    await eventually(() => train.isEnabled()).toBe(true);
    await page.reload();
    await page.getByText('8 pictures, 8 to 40 are needed').waitFor();
    expect(await page.getByRole('textbox', { name: 'Caption of disc-0.png' }).inputValue()).toBe(
      'a red ball',
    );
    await eventually(() => train.isEnabled()).toBe(true);
    await train.click();

    await page.getByRole('heading', { name: 'Discs' }).waitFor();
    await page.getByRole('img', { name: /^Loss from/ }).waitFor({ timeout: 240_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: /^Resume from step \d+/ }).click();
    const [run] = await studio.api.call('listTraining', {});
    expect((await studio.ended(run?.id ?? 0)).status).toBe('completed');

    await page.getByRole('img', { name: 'a red dragon, With the style' }).waitFor();
    await page.getByRole('button', { name: 'Compare strengths in the lab' }).click();
    await page.getByRole('textbox', { name: 'Prompts' }).fill('a star');
    await page.getByRole('textbox', { name: 'Strengths' }).fill('0.6');
    await page.getByRole('button', { name: 'Paint 2 pictures' }).click();
    const row = page.getByRole('region', { name: 'a star' });
    await row.getByText('Discs, without its LoRA').waitFor();
    const [lab] = await studio.api.call('listGrids', {});
    const { cells } = await studio.api.call('getGrid', { params: { id: lab?.id ?? 0 } });
    for (const { task_id } of cells) expect((await studio.ended(task_id)).status).toBe('completed');
    await eventually(() => row.locator('img').count()).toBe(2);
    await page.getByText('Blind', { exact: true }).click();
    await row.getByRole('button', { name: 'Picture A' }).click();
    await page.getByText('This is what you chose.').waitFor();
    await page.getByText('Side by side', { exact: true }).click();
    await row.getByRole('button', { name: 'Use Discs at 0.6' }).click();
    await row.getByRole('button', { name: 'In use' }).waitFor();
    expect(await studio.api.call('listStyles', {})).toContainEqual(
      expect.objectContaining({ name: 'Discs', strength: 0.6 }),
    );

    await page.goto(`${studio.url}/training/${run?.id}`);
    await page.getByRole('button', { name: 'Train again with these settings' }).click();
    await page.getByText('8 pictures, 8 to 40 are needed').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name of the style' }).inputValue()).toBe('Discs');
    await page.goBack();
    await page.getByRole('button', { name: 'Use this style' }).click();
    const card = page.getByRole('button', { name: /^Discs/ });
    await eventually(() => card.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a castle');
    await page.getByRole('button', { name: /Generate/ }).click();
    await page.getByRole('heading', { name: 'a castle' }).waitFor();
    const [task] = (await studio.api.tasks({ kind: 'generation', limit: 1 })).items;
    expect(task).toMatchObject({ family: 'starter-paint' });
    expect((await studio.ended(task?.id ?? 0)).status).toBe('completed');
  }, 900_000);

  test('shows every trainer, and of one that is not ready what it lacks', async () => {
    const page = await studio.open('/training/new', WIDE);
    await page.getByRole('combobox', { name: 'Trainer' }).click();
    await page.getByRole('option', { name: /ComfyUI's own nodes/ }).click();
    await page.getByText('This trainer lacks what is listed above.').waitFor();
    expect(await page.getByRole('button', { name: /Train the style/ }).isDisabled()).toBe(true);
    await page.getByText('More settings').click();
    await page.getByRole('switch', { name: 'Save memory' }).waitFor();
    await page.reload();
    await page.getByText('This trainer lacks what is listed above.').waitFor();
  });

  test('refuses a name that is taken, at the field', async () => {
    const { name } = await studio.api.call('createStyle', { body: { name: 'Taken' } });
    const page = await studio.open('/training/new', WIDE);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).click();
    await (await chooser).setFiles(pictures);
    await page.getByText('8 pictures, 8 to 40 are needed').waitFor();
    await page.getByRole('textbox', { name: 'Name of the style' }).fill(name);
    const train = page.getByRole('button', { name: /Train the style/ });
    await eventually(() => train.isEnabled()).toBe(true);
    await train.click();
    await page.getByRole('alert').filter({ hasText: 'There is a style called "Taken" already.' }).waitFor();
  });
});
