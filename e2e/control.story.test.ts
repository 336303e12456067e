import { expect, test } from 'vitest';
import { discPng } from './picture.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const picture = {
  name: 'disc.png',
  mimeType: 'image/png',
  buffer: discPng(256, [210, 60, 40], [20, 30, 60]),
};

story('A control picture on the bare machine', (studio) => {
  test('is shown beside what the built-in model sees of it, anew for each type', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('combobox', { name: 'Model' }).click();
    await page.getByText('Starter paint (built in, experimental)').last().click();
    await page.getByRole('switch', { name: 'ControlNet' }).click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /Drop a picture/ }).click();
    await (await choosing).setFiles(picture);

    const seen = page.getByRole('img', { name: 'What the model sees' });
    const addresses = new Set<string | null>();
    for (const type of ['Canny', 'Blur', 'Tile']) {
      await page.getByText(type, { exact: true }).click();
      await eventually(async () => {
        await seen.waitFor();
        return addresses.has(await seen.getAttribute('src'));
      }).toBe(false);
      addresses.add(await seen.getAttribute('src'));
    }
    expect(addresses.size).toBe(3);
    // A look is nothing to keep.
    const looks = async () => (await studio.api.tasks({ kind: 'control_preview' })).items.length;
    await eventually(looks).toBe(1);
  });

  test('of a type that nothing here can look at says what is needed', async () => {
    const { id } = await studio.api.call('upload', { file: new Blob([Uint8Array.from(picture.buffer)]) });
    const refused = studio.api.call('controlPreview', { body: { image: id, type: 'depth' } });
    await expect(refused).rejects.toMatchObject({ code: 'models_missing' });
    const { family } = await studio.api.call('controlPreview', { body: { image: id, type: 'canny' } });
    expect(family).toBe('starter-control-preview');
  });
});
