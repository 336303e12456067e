import { expect, test } from 'vitest';
import { encodePng, type Pixels } from '../embedded/picture.ts';
import { seamError } from '../embedded/seam-error.ts';
import { tiled } from './tiled.ts';

const [WIDTH, HEIGHT] = [96, 64];
function pictureOf(
  levelAt: (x: number, y: number) => number,
  alphaAt = (_x: number, _y: number) => 255,
): Pixels {
  const rgba = Buffer.alloc(4 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = 4 * (y * WIDTH + x);
      rgba.fill(levelAt(x, y), at, at + 3);
      rgba[at + 3] = alphaAt(x, y);
    }
  return { width: WIDTH, height: HEIGHT, rgba };
}
const slope = pictureOf((x, y) => x + 2 * y);
const waves = pictureOf(
  (x, y) => 128 + 60 * Math.sin((2 * Math.PI * x) / 32) + 40 * Math.cos((2 * Math.PI * y) / 16),
);
const said = { summary: { en: 'Drawn.', zh: '绘制。' }, details: {} };

test('the seam error tells a slope, which jumps at its edges, from waves, which continue', () => {
  expect(seamError(slope).x).toBeGreaterThan(50);
  expect(seamError(slope).y).toBeGreaterThan(20);
  expect(seamError(waves).x).toBeLessThan(1.3);
  expect(seamError(waves).y).toBeLessThan(1.3);
});

test.each(['both', 'x', 'y'] as const)(
  'a slope gets edges that meet along %s, and nowhere else',
  async (axes) => {
    const { details, summary } = await tiled({ ...said, png: await encodePng(slope) }, axes);
    const { x, y } = details.seam_error as { x: number; y: number };
    expect(x < 1.3).toBe(axes !== 'y');
    expect(y < 1.3).toBe(axes !== 'x');
    expect(summary.en).toContain('blended');
  },
);

test('what meets already stays as it is, also a thing on a transparent ground', async () => {
  const thing = pictureOf(
    (x, y) => x + y,
    (x, y) => (Math.hypot(x - 48, y - 32) < 20 ? 255 : 0),
  );
  for (const [pixels, en, zh] of [
    [waves, 'Drawn. Its opposite edges meet as drawn.', '无缝'],
    [thing, 'no texture', '不是贴图'],
  ] as const) {
    const png = await encodePng(pixels);
    const result = await tiled({ ...said, png }, 'both');
    expect(result.png).toBe(png);
    expect(result.summary.en).toContain(en);
    expect(result.summary.zh).toContain(zh);
  }
  expect(await tiled({ ...said, png: Buffer.from('no picture') }, null)).toEqual({
    ...said,
    png: Buffer.from('no picture'),
  });
});
