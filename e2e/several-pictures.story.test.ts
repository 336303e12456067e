import { expect, test } from 'vitest';
import { FakeComfy } from '../packages/server/test/fake-comfy/fake-comfy.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

const saving = (id: number, batch_size: number, seed: number) => {
  const from = { model: ['1', 0], positive: ['2', 0], negative: ['3', 0], latent_image: [`${id}`, 0] };
  const how = { steps: 2, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 };
  return {
    [id]: { class_type: 'EmptyLatentImage', inputs: { width: 256, height: 192, batch_size } },
    [id + 1]: { class_type: 'KSampler', inputs: { ...from, ...how, seed } },
    [id + 2]: { class_type: 'VAEDecode', inputs: { samples: [`${id + 1}`, 0], vae: ['1', 2] } },
    [id + 3]: { class_type: 'SaveImage', inputs: { images: [`${id + 2}`, 0], filename_prefix: 'four' } },
  };
};

/** One saving node with a single picture, another with a batch of three. */
const workflow = {
  1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_base_1.0.safetensors' } },
  2: { class_type: 'CLIPTextEncode', inputs: { text: '{{prompt}}', clip: ['1', 1] } },
  3: { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['1', 1] } },
  ...saving(10, 1, 7),
  ...saving(20, 3, 8),
};

story('A workflow that saves four pictures', (studio) => {
  test('shows four, on the wall, large and in the detail; each is starred and deleted by itself', async () => {
    const fake = await FakeComfy.start();
    try {
      await studio.api.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
      const map = { prompt: { node: '2', input: 'text' } };
      const { id: family } = await studio.api.call('addWorkflow', { body: { name: 'Four', workflow, map } });
      const isHere = async () =>
        (await studio.api.call('listFamilies', {})).find(({ id }) => id === family)?.available;
      await eventually(isHere).toBe(true);
      const { id } = await studio.api.call('generate', { body: { prompt: 'a chest', family } });
      expect((await studio.ended(id)).output_paths).toHaveLength(4);

      const page = await studio.open('/', WIDE);
      const block = page.getByRole('article').filter({ hasText: 'a chest' });
      const tiles = block.getByRole('group', { name: /^Picture 1\.\d, / });
      await eventually(() => tiles.count()).toBe(4);
      const widths = () =>
        tiles
          .locator('img')
          .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0));
      await eventually(widths).toEqual([true, true, true, true]);

      await block.getByRole('button', { name: 'Open picture 1.1' }).click();
      await page.getByRole('dialog', { name: 'Picture 1 of 4' }).waitFor();
      for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowRight');
      await page.getByRole('dialog', { name: 'Picture 4 of 4' }).waitFor();
      expect(new URL(page.url()).searchParams.get('viewer')).toBe(`${id}_0_3`);
      await page.reload();
      await page.getByRole('dialog', { name: 'Picture 4 of 4' }).waitFor();
      await page.keyboard.press('s');
      const stars = async () => (await studio.api.call('getTask', { params: { id } })).stars;
      await eventually(stars).toBe(1);

      await page.goto(`${studio.url}/?task=${id}`);
      const strip = page.getByRole('list', { name: 'Pictures of this task' });
      await eventually(() => strip.getByRole('button').count()).toBe(4);

      await studio.api.call('deleteOutput', { params: { id: `${id}_0_1` } });
      await eventually(() => tiles.count()).toBe(3);
    } finally {
      await fake.close();
    }
  });
});
