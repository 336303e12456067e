import sharp from 'sharp';
import { expect, test } from 'vitest';
import { jobContext } from '../embedded/job-testing.ts';
import type { Pixels } from '../embedded/picture.ts';
import { unmix, unmixPicture } from './unmix.ts';

const SIDE = 64;
const RED = [220, 40, 30] as const;
const GREEN = [20, 160, 60] as const;

/** A red disc on green: each pixel's mixture, and the alpha that a network would find. */
function discOnGreen(): Pixels {
  const rgba = Buffer.alloc(4 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const fromMiddle = Math.hypot((i % SIDE) - 31.5, Math.floor(i / SIDE) - 31.5);
    const alpha = Math.min(1, Math.max(0, (24 - fromMiddle) / 8));
    for (let c = 0; c < 3; c++)
      rgba[4 * i + c] = Math.round(alpha * (RED[c] as number) + (1 - alpha) * (GREEN[c] as number));
    rgba[4 * i + 3] = Math.round(255 * alpha);
  }
  return { width: SIDE, height: SIDE, rgba };
}
const at = ({ rgba }: Pixels, x: number, y: number): number[] => [
  ...rgba.subarray(4 * (y * SIDE + x), 4 * (y * SIDE + x) + 4),
];

test('soft pixels get the colour of the thing alone, and keep their alpha', async () => {
  const before = discOnGreen();
  const after = discOnGreen();
  await unmix(after, new AbortController().signal);
  let soft = 0;
  for (let x = 0; x < SIDE; x++) {
    const [r = 0, g = 0, b = 0, a = 0] = at(after, x, 32);
    if (a > 40 && a < 250) soft++;
    expect(Math.abs(r - RED[0]) + Math.abs(g - RED[1]) + Math.abs(b - RED[2]), `at ${x}`).toBeLessThan(24);
    expect(Math.abs(a - (at(before, x, 32)[3] as number))).toBeLessThanOrEqual(6);
  }
  expect(soft).toBeGreaterThan(8);
});

test('traces of alpha in the ground are gone, and gaps in the thing are closed', async () => {
  const pixels = discOnGreen();
  pixels.rgba[3] = 4;
  const middle = 4 * (32 * SIDE + 32) + 3;
  pixels.rgba[middle] = 252;
  await unmix(pixels, new AbortController().signal);
  expect(pixels.rgba[3]).toBe(0);
  expect(pixels.rgba[middle]).toBe(255);
});

test('glass keeps its own colour: only the part of the ground is taken out', async () => {
  const pixels = discOnGreen();
  const blue = [30, 60, 230];
  for (let y = 28; y < 36; y++)
    for (let x = 28; x < 36; x++) {
      const i = 4 * (y * SIDE + x);
      for (let c = 0; c < 3; c++)
        pixels.rgba[i + c] = Math.round(0.5 * (blue[c] as number) + 0.5 * (GREEN[c] as number));
      pixels.rgba[i + 3] = 128;
    }
  await unmix(pixels, new AbortController().signal);
  const [r = 0, g = 0, b = 0] = at(pixels, 32, 32);
  expect([r, g, b].map((level, c) => Math.abs(level - (blue[c] as number)) < 12)).toEqual([true, true, true]);
});

test('a picture that is all thing or all ground stays as it is', async () => {
  const picture = await sharp({ create: { width: 8, height: 8, channels: 4, background: '#336699' } })
    .png()
    .toBuffer();
  const { png, details } = await unmixPicture({ picture }, jobContext());
  expect(await sharp(png).raw().toBuffer()).toEqual(await sharp(picture).raw().toBuffer());
  expect(details).toEqual({ soft_pixels: 0 });
});
