import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

const painted = async (studio: Studio, prompt: string, count: number) => {
  const body = { prompt, batch_size: count, style_id: 1, seed: 7 };
  return studio.ended((await studio.api.call('generate', { body })).id);
};

story('A picture looked at large', (studio) => {
  test('is walked to by keys alone, and from it through the batch and on to the next task', async () => {
    await painted(studio, 'a blue potion', 2);
    await painted(studio, 'a red dragon', 4);
    const page = await studio.open('/', WIDE);
    const first = page.getByRole('article').first().getByRole('button', { name: 'Open picture 1' });
    await first.waitFor();
    // The cursor begins in the prompt; Escape leaves it.
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowDown');
    await eventually(() => first.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press('Space');
    const viewer = page.getByRole('dialog', { name: 'Picture 1 of 4' });
    await viewer.getByRole('img', { name: 'a red dragon, picture 1' }).waitFor();

    for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Picture 4 of 4' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Picture 1 of 2' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByRole('dialog', { name: 'Picture 1 of 4' }).waitFor();

    const download = page.waitForEvent('download');
    await page.keyboard.press('d');
    expect((await download).suggestedFilename()).toMatch(/^\d+_0_.+\.png$/);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await eventually(() => first.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test('comes closer by key and by wheel, and is fitted again', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('button', { name: 'Open picture 1' }).first().click();
    const viewer = page.getByRole('dialog');
    const percent = async () => Number.parseInt(await viewer.getByRole('status').innerText(), 10);
    await viewer.waitFor();
    await eventually(percent).toBeGreaterThan(0);
    const fitted = await percent();
    await page.keyboard.press('+');
    await eventually(percent).toBeGreaterThan(fitted);
    await page.keyboard.press('1');
    await eventually(percent).toBe(100);
    await page.mouse.move(700, 400);
    await page.mouse.wheel(0, -400);
    await eventually(percent).toBeGreaterThan(100);
    await page.keyboard.press('0');
    await eventually(percent).toBe(fitted);
  });

  test('is held against what it was made from as long as Space is held', async () => {
    const [source] = (await studio.api.tasks({ text: 'dragon' })).items;
    const body = { input_image: `${source?.id}_0`, source_task_id: source?.id };
    await studio.ended((await studio.api.call('removeBg', { body })).id);
    const page = await studio.open('/', WIDE);
    await page.getByRole('button', { name: 'Open picture 1' }).first().click();
    const original = page.getByRole('dialog').getByRole('img', { name: 'Original' });
    await page.getByRole('dialog').waitFor();
    await page.keyboard.down('Space');
    await original.waitFor();
    await page.keyboard.up('Space');
    await original.waitFor({ state: 'detached' });
  });

  test('is compared with the next one that is chosen, in three ways', async () => {
    const page = await studio.open('/', WIDE);
    const dragon = page.getByRole('article').filter({ hasText: 'a red dragon' });
    await dragon.getByRole('button', { name: 'Open picture 1' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('c');
    await page.getByText('Choose a second picture').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'Picture 2 of 4' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('slider', { name: /Boundary/ }).waitFor();
    for (const way of ['Side by side', 'Difference']) {
      await page.getByText(way, { exact: true }).click();
      for (const name of ['First', 'Second'])
        await eventually(() =>
          page.getByRole('img', { name }).evaluate((image) => (image as HTMLImageElement).naturalWidth),
        ).toBeGreaterThan(0);
    }
    await page.getByRole('term').filter({ hasText: 'Seed' }).waitFor();
  });

  test('goes away when it is deleted, and the next one is shown', async () => {
    await painted(studio, 'a yellow pear', 1);
    const task = await painted(studio, 'a green apple', 1);
    const page = await studio.open('/', WIDE);
    const apple = page.getByRole('article').filter({ hasText: 'a green apple' });
    await apple.getByRole('button', { name: 'Open picture 1' }).click();
    await page.getByRole('dialog').getByRole('heading', { name: 'a green apple' }).waitFor();
    await studio.api.call('deleteTask', { params: { id: task.id } });
    await page.getByRole('dialog').getByRole('heading', { name: 'a yellow pear' }).waitFor();
    await apple.waitFor({ state: 'detached' });
  });

  test('is deleted alone: the others stay, it can be undone, and other windows take it down', async () => {
    const { id } = await painted(studio, 'a golden key', 3);
    const page = await studio.open('/', WIDE);
    const other = await studio.open('/history', WIDE);
    const key = page.getByRole('article').filter({ hasText: 'a golden key' });
    const badge = other.getByRole('button', { name: /a golden key/ });
    await badge.getByText('3', { exact: true }).waitFor();
    await key.getByRole('button', { name: 'Open picture 1' }).click();
    await page.getByRole('dialog', { name: 'Picture 1 of 3' }).waitFor();
    await page.getByRole('button', { name: 'Delete picture' }).click();
    const left = page.getByRole('dialog', { name: 'Picture 1 of 2' });
    await left.getByRole('img', { name: 'a golden key, picture 2' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog', { name: 'Picture 2 of 3' }).waitFor();

    await page.keyboard.press('Backspace');
    await page.getByRole('dialog', { name: 'Picture 2 of 2' }).waitFor();
    await badge.getByText('2', { exact: true }).waitFor();
    const task = await studio.api.call('getTask', { params: { id } });
    expect(task.frames.map(({ index }) => index)).toEqual([0, 2]);
    await page.keyboard.press('Escape');
    await eventually(() => key.getByRole('group').count()).toBe(2);
  });
});
