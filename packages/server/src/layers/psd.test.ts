/** Photoshop documents, read back by ag-psd: an implementation of its own. */

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { emptyRaster, layOver, type Raster } from '../images/stack.ts';
import { psdOf, type StackedLayer } from './psd.ts';
import { digest, readBack, stackedPsd } from './testing-psd.ts';

/** Pixels that compress badly and well, and rows of each kind; a frame of nothing around them. */
function noisy(width: number, height: number, seed: number, inset = 0): Raster {
  const raster = emptyRaster({ width, height });
  let state = seed;
  for (let y = inset; y < height - inset; y++)
    for (let x = inset; x < width - inset; x++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const isPlain = y % 3 === 0 || (x >> 4) % 2 === 0;
      const colour = isPlain
        ? [seed % 256, 10, 200, 255]
        : [state >>> 24, (state >>> 16) & 255, 7, (state >>> 8) & 255];
      raster.rgba.set(colour, 4 * (y * width + x));
    }
  return raster;
}

const layer = (name: string, pixels: Raster, more: Partial<StackedLayer> = {}): StackedLayer => ({
  ...{ name, visible: true, opacity: 255, left: 0, top: 0 },
  ...more,
  pixels: async () => ({ ...pixels, rgba: Buffer.from(pixels.rgba) }),
});

async function written(size: { width: number; height: number }, layers: StackedLayer[]) {
  const { sizeBytes, chunks } = await psdOf(size, layers);
  const bytes = await buffer(Readable.from(chunks));
  expect(bytes.length).toBe(sizeBytes);
  return readBack(bytes);
}

const SIZE = { width: 301, height: 77 };
const ground = {
  ...noisy(301, 77, 5),
  rgba: Buffer.from(noisy(301, 77, 5).rgba.map((value, at) => (at % 4 === 3 ? 255 : value))),
};

describe('a Photoshop document', () => {
  it('has the layers with their names, places and pixels, the lowest first', async () => {
    const hero = noisy(301, 77, 9, 11);
    const psd = await written(SIZE, [layer('背景 "back"', ground), layer('Hero 🐉', hero)]);
    expect([psd.width, psd.height, psd.bitsPerChannel]).toEqual([301, 77, 8]);
    expect(psd.children?.map(({ name }) => name)).toEqual(['背景 "back"', 'Hero 🐉']);
    // Of a layer only what is not transparent.
    expect(psd.children?.[1]).toMatchObject({ left: 11, top: 11, right: 290, bottom: 66 });
    const whole = emptyRaster(SIZE);
    layOver(whole, ground);
    layOver(whole, hero);
    expect(digest(stackedPsd(psd))).toBe(digest(whole));
    expect(whole.rgba.equals(Buffer.from(psd.imageData?.data ?? []))).toBe(true);
  });

  it('keeps what is hidden, moved over the edge, faint or empty', async () => {
    const psd = await written(SIZE, [
      layer('ground', ground),
      layer('hidden', noisy(301, 77, 3), { visible: false }),
      layer('moved', noisy(301, 77, 4), { left: -40, top: 60, opacity: 128 }),
      layer('empty', emptyRaster(SIZE), { left: 5 }),
    ]);
    expect(psd.children?.map(({ hidden = false, left, top }) => [hidden, left, top])).toEqual([
      [false, 0, 0],
      [true, 0, 0],
      [false, -40, 60],
      [false, 5, 0],
    ]);
    expect(psd.children?.[2]?.opacity).toBeCloseTo(128 / 255, 3);
    const whole = emptyRaster(SIZE);
    layOver(whole, ground);
    layOver(whole, noisy(301, 77, 4), { left: -40, top: 60, opacity: 128 });
    expect(digest(stackedPsd(psd))).toBe(digest(whole));
    expect(whole.rgba.equals(Buffer.from(psd.imageData?.data ?? []))).toBe(true);
  });

  it('has a transparency of its own where no layer is opaque', async () => {
    const hero = noisy(40, 30, 9, 4);
    const psd = await written({ width: 40, height: 30 }, [layer('hero', hero)]);
    const whole = emptyRaster(hero);
    layOver(whole, hero);
    expect(digest(stackedPsd(psd))).toBe(digest(whole));
    const alphas = (bytes: Uint8ClampedArray | Buffer) => [...bytes].filter((_, at) => at % 4 === 3);
    expect(alphas(Buffer.from(psd.imageData?.data ?? []))).toEqual(alphas(hero.rgba));
  });
});
