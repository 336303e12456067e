import { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fromRgb, hueDistance } from './colour.ts';
import { compose, composition } from './compose.ts';

const make = (prompt: string, seed = 1, width = 160, height = 160) =>
  compose({ prompt, seed, width, height });

async function pixels(png: Buffer): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The hue that most of the coloured ink has. */
async function mainHue(png: Buffer): Promise<number> {
  const { data } = await pixels(png);
  const bins = new Float64Array(36);
  for (let at = 0; at < data.length; at += 4) {
    if ((data[at + 3] as number) < 200) continue;
    const { chroma, hue } = fromRgb(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    if (chroma > 0.06) bins[Math.floor(hue / 10) % 36] = (bins[Math.floor(hue / 10) % 36] as number) + chroma;
  }
  return bins.indexOf(Math.max(...bins)) * 10 + 5;
}

const RED = 28;
const GOLDEN_BROWN = 70;
const GREEN = 145;
const BLUE = 262;
const PURPLE = 310;

describe('compose', () => {
  it('draws the size that was asked for, trimmed to a margin, with empty corners', async () => {
    for (const [width, height] of [
      [64, 64],
      [200, 120],
      [120, 200],
    ] as const) {
      const picture = await pixels((await make('a red dragon', 3, width, height)).png);
      expect([picture.width, picture.height]).toEqual([width, height]);
      const alpha = (x: number, y: number) => picture.data[(y * width + x) * 4 + 3];
      expect([alpha(0, 0), alpha(width - 1, 0), alpha(0, height - 1), alpha(width - 1, height - 1)]).toEqual([
        0, 0, 0, 0,
      ]);
    }
  });

  it('leaves no colour in invisible pixels', async () => {
    const { data } = await pixels((await make('a cute ghost', 2)).png);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 0) expect([data[at], data[at + 1], data[at + 2]]).toEqual([0, 0, 0]);
    }
  });

  it('gives the same bytes for the same job and another picture for another seed', async () => {
    const [first, again, other] = await Promise.all([
      make('iron sword', 7),
      make('iron sword', 7),
      make('iron sword', 8),
    ]);
    expect(first.png.equals(again.png)).toBe(true);
    expect(first.png.equals(other.png)).toBe(false);
  });

  it.each([
    ['a red dragon', RED],
    ['红色的龙', RED],
    ['红龙', RED],
    ['a dragon, red', RED],
    ['blue flame', BLUE],
    ['蓝色火焰', BLUE],
    ['purple potion', PURPLE],
    ['绿色的头盔', GREEN],
  ])('colours "%s"', async (prompt, hue) => {
    for (const seed of [1, 2, 3, 4])
      expect(hueDistance(await mainHue((await make(prompt, seed)).png), hue)).toBeLessThan(40);
  });

  it.each([
    'black sword',
    'a black shield',
    '黑色的剑',
    'black potion',
    'black crown',
    'black heart',
    'black castle',
    'black horse',
    'black button',
    'black key, pixel art',
  ])('"%s" is black', async (prompt) => {
    for (const seed of [1, 2, 3, 4]) {
      const { data } = await pixels((await make(prompt, seed)).png);
      let [ink, black] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        if ((data[at + 3] as number) < 200) continue;
        const [red, green, blue] = data.subarray(at, at + 3) as unknown as [number, number, number];
        const { lightness, chroma } = fromRgb(red, green, blue);
        ink++;
        if (lightness < 0.45 && chroma < 0.035) black++;
      }
      expect(black / ink, `seed ${seed}`).toBeGreaterThan(0.8);
    }
  });

  it('sets a purple crystal into a wooden staff', async () => {
    const { details } = await make('magic staff with purple crystal', 11);
    expect(details.mapping).toMatchObject([
      { word: 'magic staff', material: 'wood' },
      { word: 'crystal', colour: { en: 'purple' } },
    ]);
  });

  it('keeps the colour of each of two things', async () => {
    const { details } = await make('a red apple and a green book');
    const mapping = details.mapping as { word: string; colour: { en: string } | null }[];
    expect(mapping.map(({ word, colour }) => [word, colour?.en])).toEqual([
      ['red apple', undefined],
      ['green book', undefined],
    ]);
    const apart = (await make('红苹果和绿色的书')).details.mapping as typeof mapping;
    expect(apart.map(({ word, colour }) => [word, colour?.en])).toEqual([
      ['红苹果', undefined],
      ['书', 'green'],
    ]);
  });

  it('fills the canvas where a background was asked for, and only then', async () => {
    const grounded = await pixels((await make('red mushroom on a green background')).png);
    expect(grounded.data[3]).toBe(255);
    const chinese = await make('绿色背景上的红蘑菇');
    expect(chinese.details.background).toEqual({ shape: 'full', colour: 'green' });
    expect((await make('蘑菇，透明背景')).details.background).toBeNull();
  });

  it.each(['dragon', 'castle', 'wolf', 'tree', '狼'])('shows the same %s in every style', async (thing) => {
    const concept = async (prompt: string) => {
      const [first] = (await make(prompt)).details.mapping as { icon: string }[];
      return first?.icon.split(':')[1];
    };
    const plain = await concept(`red ${thing}`);
    for (const style of ['pixel art', 'neon', 'watercolour', 'outline', 'sticker', 'papercut', 'flat'])
      expect([style, await concept(`${style} red ${thing}`)]).toEqual([style, plain]);
  });

  it.each(['a wooden chair', 'a gold bar'])('makes %s of what it is named after', async (prompt) => {
    for (const seed of [1, 5, 7]) {
      const hue = await mainHue((await make(prompt, seed)).png);
      expect(hueDistance(hue, GOLDEN_BROWN), `seed ${seed}`).toBeLessThan(35);
    }
  });

  it('keeps the colour of a thing that is called after it, where a style paints it anew', async () => {
    for (const style of ['silhouette', 'outline'])
      for (const thing of ['red potion', 'red apple', '红药水'])
        expect(hueDistance(await mainHue((await make(`${style} ${thing}`)).png), RED)).toBeLessThan(40);
  });

  it('makes pixel art without half-transparent pixels', async () => {
    const { data } = await pixels((await make('像素风爱心')).png);
    const alphas = new Set<number>();
    for (let at = 3; at < data.length; at += 4) alphas.add(data[at] as number);
    expect([...alphas].sort()).toEqual([0, 255]);
  });

  it('records what every word became, the author of the art, and the unknown words', async () => {
    const { summary, details } = await make('a red dragon and a glorbnax');
    expect(details.mapping).toMatchObject([
      {
        word: 'dragon',
        colour: { en: 'red', zh: '红色' },
        licence: expect.any(String),
        url: expect.stringContaining('http'),
      },
    ]);
    expect(details.unknown_words).toEqual(['glorbnax']);
    expect(summary.en).toMatch(/^Composed from the vector library: "dragon" → dragon/);
    expect(summary.en).toContain('Not in the library: glorbnax.');
    expect(summary.zh).toContain('图库中没有：glorbnax');
  });

  it('refuses only where it knows nothing at all', async () => {
    const refusal = await make('glorbnax zzyqx').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StudioError);
    expect(refusal).toMatchObject({
      code: 'nothing_recognised',
      field: 'prompt',
      data: { words: ['glorbnax', 'zzyqx'] },
    });
  });

  it('draws one thing of the library where the prompt is empty, another for another seed', async () => {
    const things = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => compose({ prompt: ' ', seed, width: 64, height: 64 })),
    );
    const summaries = things.map(({ summary }) => summary.en);
    expect(summaries).toEqual(
      summaries.map(() => expect.stringMatching(/^Composed from the vector library/)),
    );
    expect(new Set(summaries).size).toBe(12);
  });

  it('stops when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(compose({ prompt: 'dragon', seed: 1, width: 64, height: 64, signal })).rejects.toThrow(
      'cancelled',
    );
  });
});

describe('a composition', () => {
  const alphaDifference = (a: Buffer, b: Buffer) =>
    a.reduce((sum, value, i) => (i % 4 === 3 ? sum + Math.abs(value - (b[i] as number)) : sum), 0) /
    (a.length / 4);

  it('is rendered small as it is large, at once', async () => {
    const drawing = composition({ prompt: 'a red dragon', seed: 3, width: 512, height: 256 });
    const small = await drawing.small(128);
    expect([small.width, small.height]).toEqual([128, 64]);
    const large = await drawing.raster();
    const shrunk = await sharp(large.data, { raw: { width: 512, height: 256, channels: 4 } })
      .resize(128, 64)
      .raw()
      .toBuffer();
    expect(alphaDifference(small.data, shrunk)).toBeLessThan(4);
  });

  it('that is worked into pixels comes as it was worked, whatever size is enough', async () => {
    const drawing = composition({ prompt: 'pixel art potion', seed: 3, width: 256, height: 256 });
    expect(await drawing.small(64)).toBe(await drawing.raster());
  });
});
