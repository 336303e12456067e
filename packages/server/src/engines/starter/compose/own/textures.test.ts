import sharp from 'sharp';
import { expect, it } from 'vitest';
import { compose } from '../compose.ts';

/** Mean difference between two columns of a picture, or two rows. */
type Line = (at: number, along: number) => number;
const between = (line: Line, length: number, a: number, b: number): number => {
  let sum = 0;
  for (let along = 0; along < length; along++)
    for (let channel = 0; channel < 3; channel++)
      sum += Math.abs(line(a, along * 4 + channel) - line(b, along * 4 + channel));
  return sum / length;
};

it.each([
  ['grass texture', 256, 256],
  ['stone brick wall tile', 256, 128],
  ['seamless cobblestone', 128, 192],
  ['lava tile', 160, 160],
  ['sand texture', 128, 128],
  ['wooden planks texture', 128, 128],
  ['water tile, seamless', 128, 128],
])('%s fills the picture and goes on at the opposite edge', async (prompt, width, height) => {
  for (const seed of [1, 2]) {
    const { png } = await compose({ prompt, seed, width, height });
    const data = await sharp(png).ensureAlpha().raw().toBuffer();
    for (let at = 3; at < data.length; at += 4) expect(data[at]).toBe(255);
    const column: Line = (x, along) =>
      data[Math.floor(along / 4) * width * 4 + x * 4 + (along % 4)] as number;
    const row: Line = (y, along) => data[y * width * 4 + along] as number;
    const most = (line: Line, side: number, length: number): number =>
      Math.max(...Array.from({ length: side - 1 }, (_, at) => between(line, length, at, at + 1)));
    expect(between(column, height, width - 1, 0)).toBeLessThanOrEqual(most(column, width, height));
    expect(between(row, width, height - 1, 0)).toBeLessThanOrEqual(most(row, height, width));
  }
});
