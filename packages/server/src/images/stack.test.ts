/** What layers make up together, against the formula in real numbers and as bytes. */
import { describe, expect, it } from 'vitest';
import { emptyRaster, encodeRaster, IN_PLACE, layOver, type Raster, stackOf } from './stack.ts';

const raster = (width: number, height: number, ...pixels: number[][]): Raster => ({
  width,
  height,
  rgba: Buffer.from(pixels.flat()),
});
const over = (below: number[], layer: number[], opacity = 255): number[] => {
  const whole = raster(1, 1, below);
  layOver(whole, raster(1, 1, layer), { ...IN_PLACE, opacity });
  return [...whole.rgba];
};

describe('a layer over what is below it', () => {
  it.each([
    ['hides it where it is opaque', [10, 20, 30, 255], [1, 2, 3, 255], [1, 2, 3, 255]],
    [
      'leaves it where it is clear, whatever its colour',
      [10, 20, 30, 40],
      [200, 200, 200, 0],
      [10, 20, 30, 40],
    ],
    ['is alone over nothing', [99, 99, 99, 0], [1, 2, 3, 7], [1, 2, 3, 7]],
    ['is mixed by its alpha', [0, 0, 0, 255], [255, 100, 0, 128], [128, 50, 0, 255]],
    ['keeps what is clear beneath both', [255, 0, 0, 128], [0, 0, 255, 128], [85, 0, 170, 192]],
  ])('%s', (_, below, layer, expected) => {
    expect(over(below, layer)).toEqual(expected);
  });

  it('takes its opacity off its alpha', () => {
    expect(over([0, 0, 0, 255], [255, 255, 255, 255], 51)).toEqual([51, 51, 51, 255]);
    expect(over([5, 6, 7, 8], [255, 255, 255, 255], 0)).toEqual([5, 6, 7, 8]);
  });

  it('is nowhere further than half a step from the formula', () => {
    for (let n = 0; n < 5_000; n++) {
      const [cd = 0, d = 0, cs = 0, s = 0] = [n * 7, n * 13, n * 29, n * 31].map((value) => value % 256);
      const [colour = 0, , , alpha = 0] = over([cd, cd, cd, d], [cs, cs, cs, s]);
      const a = s / 255 + (d / 255) * (1 - s / 255);
      expect(Math.abs(alpha - 255 * a)).toBeLessThanOrEqual(0.5000001);
      if (a === 0 || s === 0) continue;
      const c = ((cs * s) / 255 + cd * (d / 255) * (1 - s / 255)) / a;
      expect(Math.abs(colour - c)).toBeLessThanOrEqual(0.5000001);
    }
  });
});

it('is cut off at the edges of the whole', () => {
  const dot = [9, 9, 9, 255];
  const whole = emptyRaster({ width: 2, height: 2 });
  layOver(whole, raster(2, 2, dot, dot, dot, dot), { left: 1, top: -1, opacity: 255 });
  expect([...whole.rgba]).toEqual([0, 0, 0, 0, ...dot, 0, 0, 0, 0, 0, 0, 0, 0]);
  layOver(whole, raster(1, 1, dot), { left: -5, top: 7, opacity: 255 });
  expect([...whole.rgba]).toEqual([0, 0, 0, 0, ...dot, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it('stacks whole pictures from the lowest up, and is as large as the largest', async () => {
  const red = await encodeRaster(raster(2, 1, [255, 0, 0, 255], [255, 0, 0, 255]));
  const blue = await encodeRaster(raster(1, 2, [0, 0, 255, 255], [0, 0, 255, 128]));
  const whole = await stackOf([red, blue]);
  expect([whole.width, whole.height]).toEqual([2, 2]);
  expect([...whole.rgba]).toEqual([0, 0, 255, 255, 255, 0, 0, 255, 0, 0, 255, 128, 0, 0, 0, 0]);
});
