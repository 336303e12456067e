import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import newer from '../packages/server/src/engines/comfy/fixtures/object-info-0.33.json' with { type: 'json' };
import { FakeComfy } from '../packages/server/test/fake-comfy/fake-comfy.ts';
import type { FakeObjectInfo } from '../packages/server/test/fake-comfy/fake-object-info.ts';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

story('A picture painted in layers', (studio) => {
  test('is arranged, exported and kept; on a phone too', async () => {
    const fake = await FakeComfy.start();
    fake.objectInfo = newer as unknown as FakeObjectInfo;
    try {
      await studio.api.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
      const family = 'qwen-image-layered';
      const isHere = async () =>
        (await studio.api.call('listFamilies', {})).find(({ id }) => id === family)?.available;
      await eventually(isHere).toBe(true);
      const params = { layers: 3, steps: 1 };
      const size = { width: 320, height: 256 };
      const body = { prompt: 'a knight', family, params, ...size };
      const { id } = await studio.api.call('generate', { body });
      await studio.ended(id);

      const page = await studio.open('/', WIDE);
      const block = page.getByRole('article').filter({ hasText: 'a knight' });
      // One picture, not four.
      await eventually(() => block.getByRole('group', { name: /^Picture / }).count()).toBe(1);
      await page.goto(`${studio.url}/?viewer=${id}_0`);
      await page.getByRole('dialog', { name: 'Picture 1 of 1' }).waitFor();
      await page.keyboard.press('l');
      const panel = page.getByRole('complementary', { name: 'Layers' });
      const names = () =>
        panel
          .getByRole('textbox')
          .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).placeholder));
      await eventually(names).toEqual(['Layer 3', 'Layer 2', 'Layer 1']);
      const shown = () =>
        page
          .getByRole('dialog')
          .locator('img[data-place]')
          .evaluateAll((images) => images.map((image) => Number((image as HTMLElement).dataset.place)));
      expect(await shown()).toEqual([1, 2, 3]);

      await panel.getByRole('button', { name: 'Hide Layer 2' }).click();
      await eventually(shown).toEqual([1, 3]);
      await panel.getByRole('button', { name: 'Look at Layer 2 alone' }).click();
      await eventually(shown).toEqual([2]);
      await panel.getByRole('button', { name: 'Look at Layer 2 alone' }).click();
      await panel.getByRole('button', { name: 'Move Layer 1 up' }).click();
      await eventually(names).toEqual(['Layer 3', 'Layer 1', 'Layer 2']);
      await eventually(shown).toEqual([1, 3]);

      await panel.getByRole('button', { name: 'Select Layer 3' }).click();
      const grip = page.getByRole('button', { name: /^Move Layer 3: / });
      await grip.press('ArrowRight');
      await grip.press('Shift+ArrowUp');
      await eventually(() => panel.getByLabel('X', { exact: true }).inputValue()).toBe('1');
      await eventually(() => panel.getByLabel('Y', { exact: true }).inputValue()).toBe('-10');
      const box = await grip.boundingBox();
      if (!box) throw new Error('the picture has no place');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + (40 * box.width) / 320, y, { steps: 4 });
      await page.mouse.up();
      await eventually(() => panel.getByLabel('X', { exact: true }).inputValue()).toBe('41');
      await panel.getByRole('slider', { name: 'Opacity' }).fill('50');
      await panel.getByRole('textbox', { name: 'Name of Layer 3' }).fill('Hero');

      // What was arranged is what is exported.
      const waiting = page.waitForEvent('download');
      await panel.getByRole('link', { name: 'PNG', exact: true }).click();
      const download = await waiting;
      expect(download.suggestedFilename()).toBe(`${id}_0_a-knight.png`);
      const png = await readFile(await download.path());
      const arrangement = [
        { place: 2, visible: false },
        { place: 1 },
        { place: 3, name: 'Hero', left: 41, top: -10, opacity: 0.5 },
      ];
      const query = encodeURIComponent(JSON.stringify(arrangement));
      const asked = await fetch(`${studio.url}/api/outputs/${id}_0/layers/png?arrangement=${query}`);
      expect(png.equals(Buffer.from(await asked.arrayBuffer()))).toBe(true);

      // It is kept while other pictures are looked at.
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await block.getByRole('button', { name: 'Open picture 1' }).click();
      await page.getByRole('button', { name: 'Layers', exact: true }).click();
      await eventually(names).toEqual(['Hero', 'Layer 1', 'Layer 2']);
      await panel.getByRole('button', { name: 'Go on with this picture' }).click();
      await page.getByText('Your arrangement is kept as a picture').waitFor();
      const input = page.getByRole('dialog');
      await eventually(() => input.count()).toBe(0);

      const phone = await studio.open(`/?viewer=${id}_0`, PHONE);
      await phone.getByRole('button', { name: 'Layers', exact: true }).tap();
      const sheet = phone.getByRole('complementary', { name: 'Layers' });
      await sheet.getByRole('button', { name: 'Hide Layer 3' }).tap();
      await eventually(() => sheet.getByRole('button', { name: 'Show Layer 3' }).count()).toBe(1);
      const [picture, list] = [
        await phone.locator('img[data-place="1"]').boundingBox(),
        await sheet.boundingBox(),
      ];
      // Beside each other, not over each other.
      expect((picture?.y ?? 0) + (picture?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + 1);
      expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    } finally {
      await fake.close();
    }
  });
});
