import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { FakeComfy } from '../packages/server/test/fake-comfy/fake-comfy.ts';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

/** A batch of which one picture is done and the next has stopped in the middle, so that no news of it comes any more. */
async function haltedBatch(studio: Studio, fake: FakeComfy) {
  await studio.api.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  const isHere = async () =>
    (await studio.api.call('listFamilies', {})).find(({ id }) => id === 'flux-schnell')?.available;
  await eventually(isHere).toBe(true);
  const body = { prompt: 'a lighthouse', family: 'flux-schnell', batch_size: 3, width: 256, height: 256 };
  const { id } = await studio.api.call('generate', { body });
  const read = async () => (await studio.api.call('getTask', { params: { id } })).frames[1];
  await eventually(async () => (await read())?.preview_url ?? null).not.toBeNull();
  fake.faults.hang = true;
  // A step that was under way still ends.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  return { id, frame: await read() };
}

const preview = (page: Page) =>
  page
    .getByRole('article')
    .filter({ hasText: 'a lighthouse' })
    .getByRole('group', { name: /^Picture 2, / })
    .locator('img');

/** What a window shows that has just been opened: the address and whether it could be read. */
async function shownIn(page: Page) {
  const image = preview(page);
  await image.waitFor();
  await eventually(() =>
    image.evaluate((element) => (element as HTMLImageElement).naturalWidth),
  ).toBeGreaterThan(0);
  return image.getAttribute('src');
}

story('A task under way', (studio) => {
  test('is there at once with its last preview after a reload, in another window and on a phone', async () => {
    const fake = await FakeComfy.start({ faults: { promptMs: 6_000 } });
    try {
      const { id, frame } = await haltedBatch(studio, fake);
      expect(frame?.status).toBe('running');
      const page = await studio.open('/', WIDE);
      expect(await shownIn(page)).toBe(frame?.preview_url);
      await page.reload();
      expect(await shownIn(page)).toBe(frame?.preview_url);
      const ring = page.getByRole('progressbar', { name: /^Picture 2, .* per cent/ });
      expect(Number(await ring.getAttribute('aria-valuenow'))).toBe(Math.round((frame?.progress ?? 0) * 100));

      const phone = await studio.open('/', {
        viewport: { width: 390, height: 844 },
        isMobile: true,
        hasTouch: true,
      });
      expect(await shownIn(phone)).toBe(frame?.preview_url);
      await phone
        .getByRole('article')
        .filter({ hasText: 'a lighthouse' })
        .getByRole('group', { name: 'Picture 1, Finished' })
        .first()
        .waitFor();

      fake.faults.hang = false;
      fake.faults.promptMs = 0;
      expect((await studio.ended(id)).status).toBe('completed');
      await page.getByRole('group', { name: 'Picture 3, Finished' }).waitFor();
    } finally {
      await fake.close();
    }
  });
});
