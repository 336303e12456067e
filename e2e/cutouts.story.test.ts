import { expect, test } from 'vitest';
import { discPng } from './picture.ts';
import { story } from './studio.ts';

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
    expect((await download).suggestedFilename()).toMatch(/^limner-\d+-1\.png$/);
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
    await page.getByText(/This is not a picture we can read/).waitFor();
  });
});
