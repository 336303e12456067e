import type { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../embedded/job-testing.ts';
import { enlarge } from './enlarge.ts';
import { openEnlargers } from './models.ts';
import { upscale } from './upscale.ts';

const disc = (side: number) => {
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 64 64"><circle cx="32" cy="32" r="24" fill="#d03030"/><path d="M20 40 L32 14 L44 40 Z" fill="#3050c0"/></svg>`,
    ),
  ).ensureAlpha();
};

const job = (picture: Buffer, factor: 2 | 3 | 4, model: 'thick' | 'slim' = 'slim') => ({
  modelsDir: MODELS_DIR,
  model,
  factor,
  picture,
});

async function meanDifference(a: Buffer, b: Buffer): Promise<number> {
  const flat = (picture: Buffer) => sharp(picture).flatten({ background: '#40a060' }).raw().toBuffer();
  const [one, other] = [await flat(a), await flat(b)];
  return one.reduce((sum, value, i) => sum + Math.abs(value - (other[i] as number)), 0) / one.length;
}

describe('upscale', () => {
  it.each([2, 3, 4] as const)('makes a picture ×%i, close to the same drawing made large', async (factor) => {
    const { png, summary } = await upscale(job(await disc(48).png().toBuffer(), factor), jobContext());
    expect(await sharp(png).metadata()).toMatchObject({
      width: 48 * factor,
      height: 48 * factor,
      channels: 4,
    });
    expect(
      await meanDifference(
        png,
        await disc(48 * factor)
          .png()
          .toBuffer(),
      ),
    ).toBeLessThan(4);
    expect(summary.en).toContain(`${factor} times`);
  });

  it('enlarges with the clean network too', async () => {
    const { png } = await upscale(job(await disc(24).png().toBuffer(), 2, 'thick'), jobContext());
    expect(await sharp(png).metadata()).toMatchObject({ width: 48, height: 48 });
  });

  it('shows no seam where tiles meet', async () => {
    // 150 pixels take two tiles a side, 20 around the border between them take one.
    const side = 150;
    const rgba = await disc(side).flatten({ background: '#909090' }).ensureAlpha().raw().toBuffer();
    const enlargers = await openEnlargers(MODELS_DIR, 'slim', 2);
    const options = { factor: 2, signal: new AbortController().signal, progress: () => {} };
    const tiled = await enlarge({ width: side, height: side, rgba }, enlargers, options);
    const crop = { left: 100, top: 20, width: 50, height: 100 };
    const part = await sharp(rgba, { raw: { width: side, height: side, channels: 4 } })
      .extract(crop)
      .raw()
      .toBuffer();
    const whole = await enlarge({ width: crop.width, height: crop.height, rgba: part }, enlargers, options);
    let most = 0;
    for (let y = 60; y < 140; y++) {
      for (let x = 46; x < 66; x++) {
        const [a, b] = [
          4 * (y * 2 * crop.width + x),
          4 * ((y + 2 * crop.top) * 2 * side + x + 2 * crop.left),
        ];
        for (let c = 0; c < 3; c++)
          most = Math.max(most, Math.abs((whole.rgba[a + c] as number) - (tiled.rgba[b + c] as number)));
      }
    }
    expect(most).toBeLessThanOrEqual(2);
  });

  it('leaves no dark rim where a picture turns transparent', async () => {
    const white = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="14" fill="white"/></svg>`;
    const { png } = await upscale(job(await sharp(Buffer.from(white)).png().toBuffer(), 4), jobContext());
    const pixels = await sharp(png).raw().toBuffer();
    let darkest = 255;
    for (let at = 0; at < pixels.length; at += 4)
      if ((pixels[at + 3] as number) > 8) darkest = Math.min(darkest, pixels[at] as number);
    expect(darkest).toBeGreaterThan(235);
  });

  it('tells its progress and stops when it is told to', async () => {
    const picture = await disc(200).png().toBuffer();
    const ctx = jobContext();
    await upscale(job(picture, 2), ctx);
    expect(ctx.seen).toEqual([0.25, 0.5, 0.75, 1]);
    const abort = new AbortController();
    abort.abort(new Error('cancelled'));
    await expect(upscale(job(picture, 2), jobContext(abort.signal))).rejects.toThrow('cancelled');
  });

  it('refuses what would become too large', async () => {
    const large = await sharp({ create: { width: 3000, height: 3000, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    await expect(upscale(job(large, 4), jobContext())).rejects.toSatisfy(
      (error: StudioError) => error.code === 'too_many_pixels' && error.data.width === 12_000,
    );
  });
});
