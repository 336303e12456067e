import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import newer from '../packages/server/src/engines/comfy/fixtures/object-info-0.33.json' with { type: 'json' };
import { FakeComfy } from '../packages/server/test/fake-comfy/fake-comfy.ts';
import type { FakeObjectInfo } from '../packages/server/test/fake-comfy/fake-object-info.ts';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  locale: 'zh-CN',
  colorScheme: 'light',
} as const;

async function withFilms(studio: Studio, work: () => Promise<void>): Promise<void> {
  const fake = await FakeComfy.start({ faults: { newer: true } });
  fake.objectInfo = newer as unknown as FakeObjectInfo;
  try {
    await studio.api.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
    const isHere = async () =>
      (await studio.api.call('listFamilies', {})).find(({ id }) => id === 'wan22-5b')?.available;
    await eventually(isHere).toBe(true);
    await work();
  } finally {
    await fake.close();
  }
}

const newestAnimation = async (studio: Studio) => {
  const [found] = await studio.api.call('listTasks', { query: { kind: 'animation', limit: 1 } });
  return found ? studio.ended(found.id) : null;
};

/** A notice closes after some seconds, within which a busy machine may not reach its button. In the page. */
function keepNotices(): void {
  const { setTimeout } = window;
  const keep = (work: TimerHandler, ms = 0) => (ms > 8_000 ? 0 : setTimeout(work, ms));
  Object.assign(window, { setTimeout: keep });
}

story('An animation', (studio) => {
  test('is made of a video whose frames the browser reads', async () => {
    await withFilms(studio, async () => {
      const { id } = await studio.api.call('video', { body: { prompt: 'a square', fps: 8, seconds: 2 } });
      await studio.ended(id);
      const page = await studio.open(`/?viewer=${id}_0`, WIDE);
      const viewer = page.getByRole('dialog', { name: /^Picture 1 of 1/ });
      await viewer.getByRole('button', { name: 'Export animation' }).click();
      const dialog = page.getByRole('dialog', { name: 'Export animation' });
      await dialog.getByText('the browser reads them').waitFor();
      await dialog.getByText('WebM', { exact: true }).click();
      await dialog.getByText('encoded by the program ffmpeg').waitFor();
      expect(await dialog.getByRole('button', { name: 'Make animation' }).isDisabled()).toBe(true);
      await dialog.getByText('WebP', { exact: true }).click();
      await dialog.getByRole('spinbutton', { name: 'Every' }).fill('4');
      await dialog.getByRole('button', { name: 'Make animation' }).click();
      await page.getByText('The animation is being made.').waitFor();
      const made = await newestAnimation(studio);
      // A fourth of the frames at a fourth of the rate.
      expect(made?.recipe.animation?.fps).toBe(2);
      const output = made?.frames[0]?.output;
      expect(output).toMatchObject({ media_type: 'image/webp', width: 96, height: 64 });
      const bytes = Buffer.from(await (await fetch(studio.url + output?.url)).arrayBuffer());
      const { pages = 0 } = await sharp(bytes, { animated: true }).metadata();
      expect(pages).toBe(5);
      // The square has moved between the first and the last frame.
      const whereOf = async (at: number) => {
        const { data, info } = await sharp(bytes, { page: at })
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        const row = data.subarray(
          info.width * Math.floor(info.height / 2),
          info.width * (Math.floor(info.height / 2) + 1),
        );
        return row.indexOf(Math.max(...row));
      };
      expect(await whereOf(4)).toBeGreaterThan((await whereOf(0)) + 20);
    });
  });

  test('of a batch is a sheet with an archive for engines, on a phone in Chinese too', async () => {
    const body = { prompt: 'a coin', batch_size: 3, width: 64, height: 64, family: 'starter' };
    const { id } = await studio.api.call('generate', { body });
    await studio.ended(id);
    const page = await studio.open(`/?viewer=${id}_0`, PHONE);
    await page.evaluate(keepNotices);
    await page.getByRole('button', { name: '导出动画' }).click();
    const dialog = page.getByRole('dialog', { name: '导出动画' });
    await dialog
      .getByText('共 3 帧，每帧 64 × 64 像素，时长 0.25 秒。 精灵表：134 × 134 像素，2 列 2 行。')
      .waitFor();
    const make = dialog.getByRole('button', { name: '生成动画' });
    const rate = dialog.getByRole('spinbutton', { name: '每秒帧数' });
    await dialog.getByText('GIF', { exact: true }).click();
    await rate.fill('60');
    await dialog.getByText('GIF 每秒最多显示 50 帧。').waitFor();
    expect(await make.isDisabled()).toBe(true);
    await rate.fill('');
    await dialog.getByText('精灵表', { exact: true }).click();
    expect(await make.isDisabled()).toBe(false);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    await make.click();
    await page.getByRole('button', { name: '查看', exact: true }).click();
    const made = await newestAnimation(studio);
    expect(made?.frames[0]?.outputs.map(({ role }) => role)).toEqual(['sheet', 'archive']);
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载游戏引擎文件（.zip）' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const zip = await readFile(await download.path());
    expect(zip.includes('a-coin.json') && zip.includes('a-coin.tres')).toBe(true);
  });
});
