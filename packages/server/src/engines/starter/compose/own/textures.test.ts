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

it.each(['grass', 'stone', 'wood', 'water', '草地', '石头', '木头', '水'])(
  '%s fills the picture where edges shall meet, also without the word texture',
  async (prompt) => {
    const job = { prompt, seed: 1, width: 64, height: 64 };
    const isFilled = async (png: Buffer) => (await sharp(png).stats()).isOpaque;
    expect(await isFilled((await compose({ ...job, asTexture: true })).png)).toBe(true);
    expect(await isFilled((await compose(job)).png)).toBe(false);
  },
);

/** How many pixels along the line between two columns, or rows, differ much from the one beside them. */
const breaks = (line: Line, length: number, a: number, b: number): number => {
  let count = 0;
  for (let along = 0; along < length; along++)
    if ([0, 1, 2].some((c) => Math.abs(line(a, along * 4 + c) - line(b, along * 4 + c)) > 24)) count++;
  return count;
};

const SUBJECTS = [
  'grass',
  'stone',
  'cobblestone',
  'wood',
  'water',
  'sand',
  'brick',
  'stone brick',
  'lava',
  'snow',
  'dirt',
  'ice',
];

it.each(SUBJECTS.map((subject) => [`seamless ${subject} tile`]))(
  '%s has no more breaks between its opposite edges than within',
  async (prompt) => {
    for (const [seed, width, height] of [
      [3, 128, 128],
      [4, 192, 128],
      [5, 100, 150],
    ] as const) {
      const { png } = await compose({ prompt, seed, width, height });
      const data = await sharp(png).ensureAlpha().raw().toBuffer();
      const column: Line = (x, along) =>
        data[Math.floor(along / 4) * width * 4 + x * 4 + (along % 4)] as number;
      const row: Line = (y, along) => data[y * width * 4 + along] as number;
      const most = (line: Line, side: number, length: number): number =>
        Math.max(...Array.from({ length: side - 1 }, (_, at) => breaks(line, length, at, at + 1)));
      expect(breaks(column, height, width - 1, 0), `${seed}`).toBeLessThanOrEqual(
        most(column, width, height),
      );
      expect(breaks(row, width, height - 1, 0), `${seed}`).toBeLessThanOrEqual(most(row, height, width));
    }
  },
);

it('grass covers its tile evenly', async () => {
  for (const seed of [1, 2, 3, 4]) {
    const { png } = await compose({ prompt: 'grass tile', seed, width: 128, height: 128 });
    const data = await sharp(png).greyscale().raw().toBuffer();
    const ground = data.toSorted((a, b) => a - b)[data.length >> 1] as number;
    const shares = Array.from({ length: 16 }, (_, part) => {
      const [left, top] = [32 * (part % 4), 32 * Math.floor(part / 4)];
      let drawn = 0;
      for (let at = 0; at < 1024; at++)
        if (Math.abs((data[(top + (at >> 5)) * 128 + left + (at % 32)] as number) - ground) > 6) drawn++;
      return drawn / 1024;
    });
    expect(Math.min(...shares), `seed ${seed}`).toBeGreaterThan(0.2);
    expect(Math.max(...shares) / Math.min(...shares), `seed ${seed}`).toBeLessThan(3);
  }
});

it.each(['grass tile, watercolour', 'neon stone tile', '草地纹理，水彩', 'wood texture, low poly'])(
  '%s: a style that a texture does not take is reported as not drawn',
  async (prompt) => {
    const { summary, details } = await compose({ prompt, seed: 1, width: 64, height: 64 });
    expect(details.style).toBeNull();
    expect(details.not_drawn).toEqual([expect.stringMatching(/watercolour|neon|水彩|low poly/)]);
    expect(summary.en).not.toContain('Style:');
  },
);
