import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

/** A whole picture is filled several times, and the machine may be busy. */
const STORY_MS = 300_000;
const WIDE = { viewport: { width: 1440, height: 900 } };

/** A thing on a clear ground, on the wall of the studio. */
async function withApple(studio: Studio): Promise<Page> {
  const body = { prompt: 'a red apple', family: 'starter', seed: 4, width: 256, height: 256 } as const;
  await studio.ended((await studio.api.call('generate', { body })).id);
  const page = await studio.open('/', WIDE);
  for (const _ of [4, 3, 2]) await page.getByRole('button', { name: 'One picture fewer' }).click();
  await page.getByRole('group', { name: 'Picture 1, Finished' }).first().hover();
  return page;
}

const editor = (page: Page) => page.getByRole('dialog', { name: 'Mask and frame' });

/** Where something lies once it has stopped moving: the editor places it when its stage has been measured. */
async function settledBox(element: Locator) {
  let last = '';
  let box: Awaited<ReturnType<Locator['boundingBox']>> = null;
  const isSettled = async () => {
    box = await element.boundingBox();
    const before = last;
    last = JSON.stringify(box);
    return box !== null && box.width > 0 && last === before;
  };
  await eventually(isSettled).toBe(true);
  return box as unknown as NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;
}

/** Of the mask as it is shown, by share of its sides. */
const maskAt = (page: Page, x: number, y: number): Promise<number> =>
  editor(page)
    .locator('canvas')
    .evaluate(
      (canvas, [x, y]) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pen = (canvas as HTMLCanvasElement).getContext('2d');
        return pen?.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data[3] ?? -1;
      },
      [x, y] as const,
    );

/** The values of a mask's file: of its corner and its middle, and how many pixels are neither black nor white. */
const valuesOf = (page: Page, address: string) =>
  page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen?.drawImage(image, 0, 0);
    const { data } = pen?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
    const at = (x: number, y: number) => data[4 * (y * image.width + x)];
    let grey = 0;
    for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 0 && (data[i] ?? 0) < 255) grey++;
    return { corner: at(1, 1), middle: at(image.width / 2, image.height / 2), grey, width: image.width };
  }, address);

/** Presses Generate. @returns the recipe that is sent, and the task once it has ended */
async function generated(page: Page, studio: Studio) {
  const answered = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/tasks'),
  );
  await page.getByRole('button', { name: /^Generate/ }).click();
  const answer = await answered;
  return { sent: answer.request().postDataJSON().recipe, task: await studio.ended((await answer.json()).id) };
}

story('Masks and frames', (studio) => {
  test(
    'a mask is painted, undone, taken from alpha, feathered and sent',
    async () => {
      const page = await withApple(studio);
      await page.getByRole('button', { name: 'Use as input' }).first().click();
      await page.getByText('Inpaint', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a green meadow');
      await page.getByRole('button', { name: 'Paint a mask' }).click();
      const stage = editor(page).locator('canvas');
      await eventually(() => editor(page).getByRole('button', { name: 'Fill the mask' }).isEnabled()).toBe(
        true,
      );
      const box = await settledBox(stage);
      const [y, from, to] = [box.y + box.height / 2, box.x + 0.3 * box.width, box.x + 0.7 * box.width];
      await page.mouse.move(from, y);
      await page.mouse.down();
      await page.mouse.move(to, y, { steps: 5 });
      await page.mouse.up();
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(255);
      expect(await maskAt(page, 0.5, 0.2)).toBe(0);

      await page.keyboard.press('Control+z');
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(0);
      await editor(page).getByRole('button', { name: 'Redo' }).click();
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(255);

      // During a stroke it takes the stroke back, and what the pointer does until it is lifted paints nothing.
      const low = box.y + 0.9 * box.height;
      await page.mouse.move(from, low);
      await page.mouse.down();
      await page.mouse.move(to, low, { steps: 3 });
      await eventually(() => maskAt(page, 0.5, 0.9)).toBe(255);
      await page.keyboard.press('Control+z');
      await eventually(() => maskAt(page, 0.5, 0.9)).toBe(0);
      await page.mouse.move(from, low, { steps: 3 });
      await page.mouse.up();
      expect([await maskAt(page, 0.5, 0.9), await maskAt(page, 0.5, 0.5)]).toEqual([0, 255]);

      // Back keeps what was painted.
      await page.goBack();
      await page.getByRole('button', { name: 'Edit the mask' }).click();
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(255);

      await editor(page).getByRole('button', { name: 'Transparent parts' }).click();
      await eventually(() => maskAt(page, 0.01, 0.01)).toBe(255);
      expect(await maskAt(page, 0.5, 0.5)).toBe(0);
      await editor(page).getByRole('button', { name: 'Feather' }).click();
      const edits = editor(page).getByRole('button', { name: 'Done' });
      await eventually(() => edits.isEnabled()).toBe(true);
      await edits.click();
      await page.getByRole('button', { name: 'Edit the mask' }).waitFor();

      const { sent, task } = await generated(page, studio);
      expect(sent).toMatchObject({ type: 'inpaint', outpaint: null, mask_image: expect.any(String) });
      expect(task.status).toBe('completed');
      const shown = await page.locator(`[data-mask="${sent.mask_image}"]`).evaluate((element) => {
        return getComputedStyle(element).maskImage.slice(5, -2);
      });
      const mask = await valuesOf(page, shown);
      expect(mask).toMatchObject({ corner: 255, middle: 0, width: 256 });
      // Its edge is as wide as it was feathered, all around the apple.
      expect(mask.grey).toBeGreaterThan(2000);
    },
    STORY_MS,
  );

  test(
    'a picture is extended by a handle, by the keyboard and by numbers, and its recipe brings the frame',
    async () => {
      const page = await withApple(studio);
      await page.getByRole('button', { name: 'Extend', exact: true }).first().click();
      const handle = editor(page).getByRole('slider', { name: 'Right' });
      await handle.waitFor();
      const box = await settledBox(handle);
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 120, y, { steps: 4 });
      await page.mouse.up();
      const right = editor(page).getByRole('spinbutton', { name: 'Right' });
      const dragged = Number(await right.inputValue());
      expect(dragged).toBeGreaterThan(16);
      expect((256 + dragged) % 8).toBe(0);
      await page.keyboard.press('Control+z');
      await eventually(() => right.inputValue()).toBe('0');
      await editor(page).getByRole('button', { name: 'Redo' }).click();
      await eventually(() => right.inputValue()).toBe(String(dragged));

      // A stroke after it is taken back first, then the frame, which is shown again.
      await handle.press('b');
      const picture = await settledBox(editor(page).locator('canvas'));
      await page.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
      await page.mouse.down();
      await page.mouse.up();
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(255);
      await page.keyboard.press('Control+z');
      await eventually(() => maskAt(page, 0.5, 0.5)).toBe(0);
      await page.keyboard.press('Control+z');
      await eventually(async () => (await right.isVisible()) && right.inputValue()).toBe('0');
      await page.keyboard.press('Control+Shift+z');
      await eventually(() => right.inputValue()).toBe(String(dragged));
      expect(await maskAt(page, 0.5, 0.5)).toBe(0);

      // A number that became too large while it was typed is taken back as one.
      await right.fill('');
      await right.pressSequentially('99999');
      await editor(page).getByText('A whole number from 0 px to 4096 px.').waitFor();
      await page.keyboard.press('Control+z');
      await eventually(() => right.inputValue()).toBe(String(dragged));

      const bottom = editor(page).getByRole('slider', { name: 'Bottom' });
      await bottom.press('ArrowDown');
      await bottom.press('ArrowDown');
      await eventually(() => bottom.getAttribute('aria-valuenow')).toBe('16');
      const left = editor(page).getByRole('spinbutton', { name: 'Left' });
      const finished = editor(page).getByRole('button', { name: 'Done' });
      await left.fill('-5');
      await editor(page).getByText('A whole number from 0 px to 4096 px.').waitFor();
      expect(await finished.isDisabled()).toBe(true);
      await left.press('Control+z');
      await eventually(() => left.inputValue()).toBe('0');
      expect([await finished.isEnabled(), await bottom.getAttribute('aria-valuenow')]).toEqual([true, '16']);
      await left.fill('20');
      await editor(page)
        .getByText(`Result: ${256 + 20 + dragged} × 272.`)
        .waitFor();
      await finished.click();
      await page.getByText(`${256 + 20 + dragged} × 272 px`).waitFor();

      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a red apple');
      const { sent, task } = await generated(page, studio);
      const outpaint = { left: 20, top: 0, right: dragged, bottom: 16, feather: 32 };
      expect(sent).toMatchObject({ type: 'inpaint', mask_image: null, outpaint });
      expect(task.frames[0]?.output).toMatchObject({ width: 256 + 20 + dragged, height: 272 });

      const again = await studio.open(`/history?task=${task.id}`, WIDE);
      await again.getByRole('button', { name: 'Use this recipe' }).click();
      await again.getByText('The studio uses this recipe now.').waitFor();
      await again.getByText(`${256 + 20 + dragged} × 272 px`).waitFor();
      expect((await generated(again, studio)).sent.outpaint).toEqual(outpaint);
    },
    STORY_MS,
  );
});
