import sharp from 'sharp';
import { expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../../embedded/job-testing.ts';
import { paint } from './paint.ts';
import { seamless } from './seamless.ts';

type Rgb = Uint8Array;

/** Mean difference over the border between two columns, or two rows, of a picture in RGBA. */
function border(
  rgba: Rgb,
  [width, height]: [number, number],
  a: number,
  b: number,
  columns: boolean,
): number {
  const length = columns ? height : width;
  const at = (line: number, along: number) => 4 * (columns ? along * width + line : line * width + along);
  let sum = 0;
  for (let along = 0; along < length; along++)
    for (let c = 0; c < 3; c++)
      sum += Math.abs((rgba[at(a, along) + c] as number) - (rgba[at(b, along) + c] as number));
  return sum / (3 * length);
}

it.each([
  ['seamless grass tile', 128, 128],
  ['stone tile', 128, 96],
  ['water tile', 96, 128],
])('the painting of a %s continues at its opposite edges', async (prompt, width, height) => {
  const settings = { steps: 4, guidance: 2, denoise: 0.8, start: null, control: null, lora: null };
  const { png } = await paint(
    { modelsDir: MODELS_DIR, prompt, seed: 11, width, height, ...settings },
    jobContext(),
  );
  const rgba = await sharp(png).ensureAlpha().raw().toBuffer();
  for (const columns of [true, false]) {
    const side = columns ? width : height;
    const within = Array.from({ length: side - 1 }, (_, at) =>
      border(rgba, [width, height], at, at + 1, columns),
    );
    expect(border(rgba, [width, height], side - 1, 0, columns)).toBeLessThanOrEqual(Math.max(...within));
  }
});

it('keeps the middle of the painting and fades out a colour that drifts towards the edges', async () => {
  const [width, height] = [80, 60];
  const drawing = { width, height, rgba: Buffer.alloc(4 * width * height, 100) };
  const square = { width, height: width, rgba: Buffer.alloc(4 * width * width, 255) };
  for (let i = 0; i < width * width; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    square.rgba.fill(100 + x, 4 * i, 4 * i + 3);
    if (x === 40 && y === 40) square.rgba.fill(10, 4 * i, 4 * i + 3);
  }
  const { rgba } = await seamless(square, drawing, { width, height });
  const level = (x: number, y: number) => rgba[4 * (y * width + x)] as number;
  expect(level(40, 40)).toBe(10);
  expect(level(30, 40)).toBe(130);
  for (let y = 10; y < 70; y++) expect(Math.abs(level(79, y) - level(0, y))).toBeLessThan(10);
});
