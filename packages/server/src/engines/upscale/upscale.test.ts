import type { StudioError } from '@limner/contract';
import { Resvg } from '@resvg/resvg-js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../embedded/job-testing.ts';
import { decode } from '../embedded/picture.ts';
import { enlarge } from './enlarge.ts';
import { type MethodName, openEnlargers } from './models.ts';
import { isPixelArt } from './pixel-art.ts';
import { upscale } from './upscale.ts';

const disc = (side: number) => {
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 64 64"><circle cx="32" cy="32" r="24" fill="#d03030"/><path d="M20 40 L32 14 L44 40 Z" fill="#3050c0"/></svg>`,
    ),
  ).ensureAlpha();
};

const job = (picture: Buffer, factor: 2 | 3 | 4, model: MethodName = 'slim') => ({
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

  it('reports its progress and stops when it is aborted', async () => {
    const picture = await disc(200).png().toBuffer();
    const ctx = jobContext();
    await upscale(job(picture, 2), ctx);
    expect(ctx.seen).toEqual([0.25, 0.5, 0.75, 1]);
    const abort = new AbortController();
    abort.abort(new Error('cancelled'));
    await expect(upscale(job(picture, 2), jobContext(abort.signal))).rejects.toThrow('cancelled');
  });

  it('refuses what would become too large', async () => {
    for (const [width, height] of [
      [3000, 3000],
      [1, 50_000],
    ] as const) {
      const large = await sharp({ create: { width, height, channels: 3, background: '#888' } })
        .png()
        .toBuffer();
      await expect(upscale(job(large, 4), jobContext())).rejects.toSatisfy(
        (error: StudioError) =>
          error.code === 'result_too_large' &&
          error.field === 'params.factor' &&
          error.data.width === 4 * width,
      );
    }
  });

  it('leaves no haze: what was transparent is so, and what is left can be seen', async () => {
    const source = await disc(64).png().toBuffer();
    const { png } = await upscale(job(source, 4, 'thick'), jobContext());
    const [before, after] = [await alphas(source), await alphas(png)];
    for (let at = 0; at < after.length; at++) {
      const [x, y] = [(at % 256) >> 2, Math.floor(at / 256) >> 2];
      if (before[y * 64 + x] === 0 && after[at] !== 0) throw new Error(`haze at ${at}`);
    }
    expect(after.filter((alpha) => alpha > 0 && alpha < 8)).toEqual([]);
  });
});

const alphas = async (picture: Buffer | Uint8Array) => [
  ...(await sharp(picture).ensureAlpha().extractChannel(3).raw().toBuffer()),
];

/** A shaded ball in a palette, one pixel a cell, on nothing. */
function sprite(side: number): Buffer {
  const rgba = Buffer.alloc(4 * side * side);
  const palette = ['3a1d0f', 'a8501c', 'e08a2e', 'ffd071', '6a2f9a', 'b066d8'];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x - side / 2, y - side / 2) / (side / 2);
      if (distance > 0.85) continue;
      const shade = distance > 0.72 ? 0 : 1 + (((x + 2 * y) >> 2) % (palette.length - 1));
      rgba.write(`${palette[shade]}ff`, 4 * (y * side + x), 'hex');
    }
  }
  return rgba;
}

const pngOf = (rgba: Buffer, side: number) =>
  sharp(rgba, { raw: { width: side, height: side, channels: 4 } });

describe('pixel art', () => {
  it.each([
    [32, 1],
    [48, 4],
  ])('of %i pixels on cells of %i keeps its colours, its pixels and its transparency', async (side, cell) => {
    const rgba = sprite(side);
    const picture = await pngOf(rgba, side)
      .resize(side * cell, side * cell, { kernel: 'nearest' })
      .png()
      .toBuffer();
    const { png, details, summary } = await upscale(job(picture, 4, 'auto'), jobContext());
    expect(details).toMatchObject({ model: 'nearest-neighbour', asked: 'auto' });
    expect(summary.en).toContain('pixel art');
    const back = await sharp(png).resize(side, side, { kernel: 'nearest' }).raw().toBuffer();
    expect(back.equals(rgba)).toBe(true);
    const colours = async (bytes: Buffer | Uint8Array) => {
      const raw = await sharp(bytes).ensureAlpha().raw().toBuffer();
      return new Set(Array.from({ length: raw.length / 4 }, (_, i) => raw.readUInt32LE(4 * i))).size;
    };
    expect(await colours(png)).toBe(await colours(picture));
  });

  it('can be asked for by name, and left out by name', async () => {
    const picture = await pngOf(sprite(32), 32).png().toBuffer();
    expect((await upscale(job(picture, 2, 'slim'), jobContext())).details.model).toBe('esrgan-slim');
    const drawing = await disc(48).png().toBuffer();
    expect((await upscale(job(drawing, 2, 'pixel'), jobContext())).details.model).toBe('nearest-neighbour');
  });

  it.each([24, 64, 200])(
    'is not seen in a drawing with soft edges of %i px, in few colours or many',
    async (side) => {
      for (const shapes of [
        '<circle cx="32" cy="32" r="24"/>',
        '<rect width="64" height="64" fill="white"/><path d="M5 50 L32 8 L60 52" stroke="#222" stroke-width="3" fill="none"/>',
        '<rect width="64" height="64" fill="#eed"/><circle cx="20" cy="32" r="14" fill="#a33"/><path d="M5 60 L50 40 L60 62Z" fill="#33a"/>',
      ]) {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 64 64">${shapes}</svg>`;
        expect(isPixelArt(await decode(await sharp(Buffer.from(svg)).png().toBuffer()))).toBe(false);
        expect(isPixelArt(await decode(Buffer.from(new Resvg(svg).render().asPng())))).toBe(false);
      }
    },
  );
});
