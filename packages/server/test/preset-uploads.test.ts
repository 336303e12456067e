import { OWNER, Recipe, UNTOUCHED_SETTINGS } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cleanup } from '../src/tasks/cleanup.ts';
import { planCleanup } from '../src/tasks/store/cleanup-plan.ts';
import { tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const DAY_MS = 86_400_000;

describe.each(await testDialects())('a clean-up on %s', (_, dialect) => {
  let studio: TestStudio;
  let cleanup: Cleanup;

  beforeEach(async () => {
    studio = await startStudio({ dialect, engines: [] });
    const { db, blobs, log } = studio.studio;
    cleanup = new Cleanup({ db, blobs, log, news: { deleted: () => undefined }, days: 7, hasBin: false });
  });
  afterEach(() => studio.close());

  const upload = () =>
    studio.client.call('upload', { file: new Blob([new Uint8Array(tinyPng)]), fileName: 'a.png' });
  const here = ({ url }: { url: string }) => studio.stored.has(studio.keyAt(url));

  it('leaves uploads that a preset names, by id or URL, until the preset is deleted', async () => {
    const [byId, byUrl, unused] = [await upload(), await upload(), await upload()];
    const recipe = Recipe.parse({
      kind: 'generation',
      type: 'img2img',
      input_image: byUrl.url,
      controlnet: { type: 'canny', image: byId.id },
    });
    const { id } = await studio.client.call('createPreset', {
      body: { name: 'Hall', settings: { ...UNTOUCHED_SETTINGS, recipe } },
    });
    const later = Date.now() + 8 * DAY_MS;
    expect(await planCleanup(OWNER, studio.studio.db.read, later, later)).toMatchObject({ uploads: 1 });
    await cleanup.removeOld(later);
    expect(await Promise.all([byId, byUrl, unused].map(here))).toEqual([true, true, false]);
    await studio.client.call('deletePreset', { params: { id } });
    await cleanup.removeOld(later);
    expect(await Promise.all([byId, byUrl].map(here))).toEqual([false, false]);
  });
});
