import { expect, test } from 'vitest';
import { discPng } from './picture.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

story('Cut-outs', (studio) => {
  test('are one click away from a picture on the wall', async () => {
    const task = await studio.api.call('generate', {
      body: { prompt: 'a red apple on a green background', style_id: 1 },
    });
    await studio.ended(task.id);
    const page = await studio.open('/', WIDE);
    const picture = page.getByRole('group', { name: 'Picture 1, Finished' }).first();
    await picture.hover();
    await picture.getByRole('button', { name: 'Cut out' }).click();
    await page.getByRole('heading', { name: /^Cut-out \d+$/ }).waitFor();
    const [cutOut] = (await studio.api.tasks({ kind: 'remove_bg' })).items;
    const ended = await studio.ended(cutOut?.id ?? 0);
    expect([ended.status, ended.source_task_id]).toEqual(['completed', task.id]);
  });

  test('show no drop hints on touch devices', async () => {
    const page = await studio.open('/remove-bg', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose pictures', exact: true }).tap();
    await chooser;
    expect(await page.getByText(/Drop|Paste/).count()).toBe(0);
  });

  test('of a file are shown beside the original, and measured', async () => {
    const page = await studio.open('/remove-bg', WIDE);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /Drop pictures here/ }).click();
    const buffer = discPng(256, [210, 40, 40], [250, 250, 250]);
    await (await chooser).setFiles({ name: 'disc.png', mimeType: 'image/png', buffer });
    await page.getByRole('heading', { name: 'disc.png' }).waitFor();
    await page.getByRole('slider', { name: /Boundary/ }).waitFor();
    await page
      .getByText(/% of the area/)
      .first()
      .waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download PNG' }).click();
    expect((await download).suggestedFilename()).toMatch(/^\d+_0(_.+)?\.png$/);
  });

  test('refuse what is no picture, in a sentence', async () => {
    const page = await studio.open('/remove-bg', WIDE);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /Drop pictures here/ }).click();
    await (await chooser).setFiles({
      name: 'notes.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    });
    await page.getByText(/which Limner does not read/).waitFor();
  });

  test('take several pictures from history at once, and are looked at closely', async () => {
    const page = await studio.open('/remove-bg', WIDE);
    await page.getByRole('button', { name: 'Pick from history' }).click();
    const pictures = page.getByRole('dialog').getByRole('button', { name: /apple/ });
    await pictures.first().waitFor();
    await pictures.first().click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cut-out|^Task/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Use 2 pictures' }).click();
    await page.getByText('2 of 2 done').waitFor();
    await page.getByText(/^Task \d+, picture 1$/).waitFor();
    const percent = () => page.getByRole('group', { name: 'Zoom' }).getByRole('status').innerText();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await eventually(percent).not.toBe('');
    await page.getByRole('button', { name: '1 : 1' }).click();
    await eventually(percent).toBe('100 %');
    await page.getByRole('button', { name: 'All as zip' }).waitFor();
  });

  test('are made of a link, unless it leads into a private network', async () => {
    const page = await studio.open('/remove-bg', WIDE);
    await page.getByRole('button', { name: 'Fetch from a link' }).click();
    await page.getByPlaceholder('https://').fill('http://10.0.0.1/router.png');
    await page.getByRole('button', { name: 'Fetch', exact: true }).click();
    await page.getByText(/10\.0\.0\.1 is inside a private network/).waitFor();
    await page.getByRole('button', { name: 'Remove router.png from the list' }).click();
    await page.getByText(/inside a private network/).waitFor({ state: 'detached' });
  });
});
