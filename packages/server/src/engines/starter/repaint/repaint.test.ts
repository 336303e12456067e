import type { Outpaint } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext } from '../../embedded/job-testing.ts';
import { decode, encodePng, type Pixels } from '../../embedded/picture.ts';
import { type RepaintJob, repaint } from './repaint.ts';

type Colour = [number, number, number, number];

const pictureOf = (width: number, height: number, colour: (x: number, y: number) => Colour): Pixels => ({
  width,
  height,
  rgba: Buffer.from(
    Array.from({ length: width * height }, (_, i) => colour(i % width, Math.floor(i / width))).flat(),
  ),
});

/** Every byte of it differs from its neighbours, with every transparency. */
const noise = (width: number, height: number, isOpaque: boolean) => {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return pictureOf(width, height, () => [next(), next(), next(), isOpaque ? 255 : next()]);
};

const [DARK, LIGHT]: [Colour, Colour] = [
  [30, 40, 90, 255],
  [240, 200, 120, 255],
];
const stripes = (width: number, height: number, px = 8) =>
  pictureOf(width, height, (_, y) => (Math.floor(y / px) % 2 === 0 ? DARK : LIGHT));

/** White is repainted. */
const maskOf = ({ width, height }: Pixels, value: (x: number, y: number) => number) =>
  encodePng(pictureOf(width, height, (x, y) => [value(x, y), value(x, y), value(x, y), 255]));

const box = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
  x >= left && x < right && y >= top && y < bottom ? 255 : 0;

const run = async (picture: Pixels, job: Partial<RepaintJob>, signal?: AbortSignal) => {
  const asked = { mask: null, outpaint: null, prompt: 'a red apple', seed: 5, styles: [], ...job };
  const result = await repaint({ ...asked, picture: await encodePng(picture) }, jobContext(signal));
  return { ...result, pixels: await decode(result.png) };
};

const at = ({ rgba, width }: Pixels, x: number, y: number) => [
  ...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

const sides = (px: number, feather = 0): Outpaint => ({ left: px, top: px, right: px, bottom: px, feather });

/** Pixels of the original that are not the result's, where `isKept`. */
function changed(
  original: Pixels,
  result: Pixels,
  margin: number,
  isKept: (x: number, y: number) => boolean,
) {
  let count = 0;
  for (let y = 0; y < original.height; y++)
    for (let x = 0; x < original.width; x++)
      if (isKept(x, y) && `${at(original, x, y)}` !== `${at(result, margin + x, margin + y)}`) count++;
  return count;
}

const distance = (a: number[], b: number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));

describe('a picture repainted without a model', () => {
  it.each([
    ['an opaque picture', true],
    ['a transparent picture', false],
  ])('keeps every byte outside the mask of %s', async (_, isOpaque) => {
    const original = noise(90, 70, isOpaque);
    const inside = box(20, 10, 70, 60);
    const mask = await maskOf(original, inside);
    const style = { picture: await encodePng(stripes(16, 16)), strength: 1 };
    for (const job of [{ prompt: 'a red apple' }, { prompt: 'zzqx' }, { styles: [style] }]) {
      const { pixels } = await run(original, { mask, ...job });
      expect(pixels).toMatchObject({ width: 90, height: 70 });
      expect(changed(original, pixels, 0, (x, y) => inside(x, y) === 0)).toBe(0);
      expect(changed(original, pixels, 0, (x, y) => inside(x, y) === 255)).toBeGreaterThan(2000);
    }
  });

  it.each([
    ['an opaque picture', true],
    ['a transparent picture', false],
  ])('keeps every byte of %s that is extended, but for its mask and its soft edge', async (_, isOpaque) => {
    const original = noise(90, 70, isOpaque);
    const inside = box(40, 30, 60, 50);
    const { pixels } = await run(original, {
      mask: await maskOf(original, inside),
      outpaint: sides(24, 6),
    });
    expect(pixels).toMatchObject({ width: 138, height: 118 });
    const isKept = (x: number, y: number) => x >= 6 && x < 84 && y >= 6 && y < 64 && inside(x, y) === 0;
    expect(changed(original, pixels, 24, isKept)).toBe(0);
    expect(changed(original, pixels, 24, (x, y) => inside(x, y) === 255)).toBeGreaterThan(300);
  });

  it('continues stripes through a hole and beyond the sides', async () => {
    const original = stripes(160, 128);
    const inside = box(50, 30, 110, 100);
    const filled = await run(original, { mask: await maskOf(original, inside), prompt: 'zzqx' });
    const wrong = changed(original, filled.pixels, 0, (x, y) => {
      return inside(x, y) === 255 && distance(at(original, x, y), at(filled.pixels, x, y)) > 60;
    });
    expect(wrong).toBeLessThan(0.05 * 60 * 70);
    expect(filled.summary.en).toMatch(/filled from the picture around it.*none of the words/);

    const wide = await run(original, { outpaint: { ...sides(0), left: 48, right: 48 } });
    let astray = 0;
    for (let y = 0; y < 128; y++)
      for (const x of [2, 20, 40, 216, 240, 253])
        if (distance(at(wide.pixels, x, y), at(original, 0, y)) > 60) astray++;
    expect(astray).toBeLessThan(0.1 * 6 * 128);
  });

  it('takes full-size pixels into a hole of a large picture', async () => {
    // Such stripes are lost at the size at which patches are searched.
    const original = stripes(900, 300, 4);
    const inside = box(300, 100, 600, 200);
    const { pixels } = await run(original, { mask: await maskOf(original, inside), prompt: 'zzqx' });
    let sharpRows = 0;
    for (let y = 110; y < 190; y++) {
      const value = at(pixels, 450, y)[0] as number;
      if (Math.min(Math.abs(value - DARK[0]), Math.abs(value - LIGHT[0])) < 30) sharpRows++;
    }
    expect(sharpRows).toBeGreaterThan(50);
  });

  it('draws the words into the mask, and nothing beyond it', async () => {
    const grey = pictureOf(200, 160, () => [128, 128, 128, 255]);
    const inside = box(60, 40, 140, 120);
    const { pixels, summary, details } = await run(grey, { mask: await maskOf(grey, inside) });
    expect(summary.en).toMatch(/library drawing was laid into it: .*apple/i);
    expect(details).toMatchObject({
      hand: 'repaint',
      repainted: { left: 60, top: 40, width: 80, height: 80 },
    });
    const [red, green] = at(pixels, 100, 90);
    expect(red).toBeGreaterThan(150);
    expect(green).toBeLessThan(110);
  });

  it('leaves the ground of a cut-out clear as it is extended', async () => {
    const thing = pictureOf(96, 96, (x, y) =>
      Math.hypot(x - 48, y - 48) < 30 ? [200, 40, 40, 255] : [0, 0, 0, 0],
    );
    const { pixels } = await run(thing, { outpaint: sides(40) });
    for (const [x, y] of [
      [2, 2],
      [88, 3],
      [3, 88],
      [170, 88],
      [88, 172],
    ] as const)
      expect(at(pixels, x, y)[3]).toBe(0);
  });

  it('gives the same picture for the same seed, and the same picture back for an empty mask', async () => {
    const original = noise(64, 48, true);
    const job = { mask: await maskOf(original, box(10, 10, 40, 40)), outpaint: sides(8) };
    expect((await run(original, job)).png.equals((await run(original, job)).png)).toBe(true);
    const empty = await run(original, { mask: await maskOf(original, () => 0) });
    expect(empty.pixels.rgba.equals(original.rgba)).toBe(true);
    expect(empty.summary.en).toMatch(/mask is empty/);
  });

  it('fills pictures that have no whole patch to take from', async () => {
    const tiny = pictureOf(5, 4, () => [10, 200, 30, 255]);
    const { pixels } = await run(tiny, { outpaint: sides(6) });
    expect(pixels).toMatchObject({ width: 17, height: 16 });
    expect(distance(at(pixels, 1, 1), [10, 200, 30, 255])).toBeLessThan(3);
    const whole = await run(tiny, { mask: await maskOf(tiny, () => 255), prompt: 'zzqx' });
    expect(at(whole.pixels, 2, 2)[3]).toBe(0);
  });

  it('stops when it is cancelled, and refuses a repaint of nothing', async () => {
    const original = noise(64, 48, true);
    const stopped = AbortSignal.abort(new Error('stop'));
    await expect(run(original, { outpaint: sides(32) }, stopped)).rejects.toThrow('stop');
    await expect(run(original, {})).rejects.toMatchObject({ code: 'mask_missing' });
    const broken = {
      mask: null,
      outpaint: sides(8),
      prompt: '',
      seed: 1,
      styles: [],
      picture: Buffer.from('x'),
    };
    await expect(repaint(broken, jobContext())).rejects.toMatchObject({ code: 'file_broken' });
  });
});

it('reads a mask of another size', async () => {
  const original = noise(64, 48, true);
  const small = await sharp(await maskOf(noise(32, 24, true), box(0, 0, 16, 24)))
    .png()
    .toBuffer();
  const { pixels } = await run(original, { mask: small });
  expect(changed(original, pixels, 0, (x) => x >= 36)).toBe(0);
});
