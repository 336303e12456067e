import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

story('A picture on its way out of the browser', (studio) => {
  test('is in the clipboard as PNG, pixel for pixel, and so is its name', async () => {
    const body = { prompt: 'a red dragon', width: 64, height: 64, style_id: 1, seed: 7 };
    const { id } = await studio.ended((await studio.api.call('generate', { body })).id);
    const page = await studio.open('/', WIDE);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Open picture 1' }).first().click();
    const viewer = page.getByRole('dialog');
    await viewer.getByRole('img', { name: 'a red dragon, picture 1' }).waitFor();
    await page.keyboard.press('p');
    await page.getByText('Picture copied').waitFor();
    const isSame = await page.evaluate(async (url) => {
      const pixelsOf = async (blob: Blob) => {
        const bitmap = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        const data = canvas.getContext('2d')?.getImageData(0, 0, bitmap.width, bitmap.height).data;
        return `${bitmap.width}x${bitmap.height} ${data?.join()}`;
      };
      const [item] = await navigator.clipboard.read();
      const copied = await item?.getType('image/png');
      return (
        copied !== undefined && (await pixelsOf(copied)) === (await pixelsOf(await (await fetch(url)).blob()))
      );
    }, `/outputs/${id}_0.png`);
    expect(isSame).toBe(true);
    await viewer.getByRole('button', { name: 'Copy file name' }).click();
    await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${id}_0_a-red-dragon.png`,
    );
  });

  test('is the whole file under its name when it is dragged out, also under a new template', async () => {
    const page = await studio.open('/settings/storage', WIDE);
    const template = page.getByLabel('Template');
    await template.fill('{slug}?');
    await page.getByRole('alert').getByText('contains ?').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await template.fill('{slug}-{task}-{index}');
    await page.getByText(/^Example: a-red-dragon-12-1\.png$/).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('File names changed.').waitFor();

    await page.getByRole('link', { name: 'Studio' }).first().click();
    const picture = page.getByRole('button', { name: 'Open picture 1' }).first();
    await picture.waitFor();
    await page.evaluate(() => {
      addEventListener('dragstart', ({ dataTransfer }) => {
        document.body.dataset.carried = dataTransfer?.getData('DownloadURL');
      });
    });
    const box = await picture.boundingBox();
    if (!box) throw new Error('the picture has no place');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2 + 40, { steps: 5 });
    await eventually(() => page.evaluate(() => document.body.dataset.carried)).toMatch(
      /^image\/png:a-red-dragon-\d+-1\.png:http:\/\/[^/]+\/outputs\/\d+_0\.png/,
    );
    await page.mouse.up();

    const download = page.waitForEvent('download');
    await picture.focus();
    await page.keyboard.press('d');
    expect((await download).suggestedFilename()).toMatch(/^a-red-dragon-\d+-1\.png$/);
  });
});
