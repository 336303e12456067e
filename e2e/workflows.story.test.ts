import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { textGraph } from '../packages/server/src/engines/comfy/fixtures/text-graph.ts';
import { FakeComfy } from '../packages/server/test/fake-comfy/fake-comfy.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

story('A workflow of one’s own', (studio) => {
  test('is imported, saved as a model, painted with, exported, and imported again beside it', async () => {
    const fake = await FakeComfy.start();
    try {
      await studio.api.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
      const family = async (id: string) =>
        (await studio.api.call('listFamilies', {})).find((each) => each.id === id);
      await eventually(async () => (await family('sdxl'))?.available).toBe(true);

      const page = await studio.open('/settings/workflows', WIDE);
      const take = async (name: string, text: string) => {
        const choosing = page.waitForEvent('filechooser');
        await page.getByRole('button', { name: 'Import a workflow' }).click();
        await (await choosing).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
      };
      const graph = textGraph({ prompt: 'pixel art, {{prompt}}', sampler: { steps: 27 } });
      await take('icons.json', JSON.stringify(graph));
      const form = page.getByRole('form', { name: 'Import icons' });
      await form.getByText('sd_xl_base_1.0.safetensors').waitFor();
      await form.getByText('Attic PC has everything.').waitFor();
      await form.getByLabel('Name', { exact: true }).fill('Icon painter');
      await form.getByLabel('Name in Chinese').fill('图标画手');
      await form.getByRole('group', { name: 'Steps' }).getByLabel('Default').fill('12');
      await form.getByRole('button', { name: 'Save as a model' }).click();
      const card = page.getByRole('article', { name: 'Icon painter', exact: true });
      await card.waitFor();

      await card.getByRole('button', { name: 'Edit Icon painter' }).click();
      await card.getByRole('button', { name: 'Add an example' }).click();
      await card.getByLabel('Prompt of example 1').fill('a silver sword');
      await card.getByRole('button', { name: 'Save' }).click();
      await card.getByRole('button', { name: 'Edit Icon painter' }).waitFor();

      // The form has it among its models, with its default and its example.
      await page.goto(`${studio.url}/`);
      await page.getByRole('combobox', { name: 'Model' }).click();
      await page.getByTitle('Icon painter').or(page.getByText('Icon painter')).last().click();
      await page.getByRole('button', { name: 'Use the prompt: a silver sword' }).click();
      await page
        .getByRole('button', { name: /^Generate/ })
        .first()
        .click();
      const id = 'workflow-icon-painter';
      const painted = async () => (await studio.api.call('listTasks', {})).find((task) => task.family === id);
      await eventually(async () => (await painted())?.status).toBe('completed');
      expect((await painted())?.prompt).toBe('a silver sword');

      await page.goto(`${studio.url}/settings/workflows`);
      const waiting = page.waitForEvent('download');
      await card.getByRole('link', { name: 'Export Icon painter as a file' }).click();
      const download = await waiting;
      expect(download.suggestedFilename()).toBe('Icon painter.limner-workflow.json');
      const file = await readFile(await download.path(), 'utf8');

      await take(download.suggestedFilename(), file);
      const again = page.getByRole('form', { name: 'Import Icon painter' });
      await again.getByText('There is a workflow called Icon painter already.').waitFor();
      await again.getByText('1 example comes with it.').waitFor();
      await again.getByRole('button', { name: 'Save as a model' }).click();
      await page.getByRole('article', { name: 'Icon painter (2)' }).waitFor();
      expect(await family(`${id}-2`)).toMatchObject({
        available: true,
        label: { en: 'Icon painter (2)', zh: '图标画手 (2)' },
        examples: [{ prompt: 'a silver sword' }],
      });

      // Turned off, it is offered no more; its pictures say that it is gone.
      await card.getByRole('switch').click();
      await eventually(() => family(id)).toBeUndefined();
      await page.goto(`${studio.url}/history?task=${(await painted())?.id}`);
      await page.getByText('(no longer on this Limner)').waitFor();
    } finally {
      await fake.close();
    }
  });
});
