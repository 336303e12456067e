import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../../embedded/job-testing.ts';
import type { PaintControl } from './control.ts';
import { blurHint, edgesHint, premultipliedPlanes } from './hints.ts';
import { paint } from './paint.ts';

const SIDE = 128;
const drawn = (svg: string) =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${svg}</svg>`),
  ).ensureAlpha();
/** A red bar on the left and a blue one on the right: nothing that the library would draw for an apple. */
const BARS =
  '<rect x="8" y="20" width="30" height="90" fill="#e02020"/><rect x="90" y="20" width="30" height="90" fill="#2040e0"/>';

const painted = async (control: Partial<PaintControl> | null) => {
  const picture = await drawn(BARS).png().toBuffer();
  const whole: PaintControl | null = control && {
    type: 'canny',
    picture,
    strength: 1,
    start: 0,
    end: 1,
    ...control,
  };
  const job = { modelsDir: MODELS_DIR, prompt: 'an apple', seed: 4, width: SIDE, height: SIDE, steps: 6 };
  const { png, details } = await paint(
    { ...job, guidance: 2, denoise: 0.8, start: null, control: whole, lora: null },
    jobContext(),
  );
  return { png, details, pixels: await sharp(png).raw().toBuffer() };
};

/** How far the alpha of a picture is from that of the bars, 0…1. */
async function distance(pixels: Buffer): Promise<number> {
  const bars = await drawn(BARS).raw().toBuffer();
  let sum = 0;
  for (let at = 3; at < bars.length; at += 4) sum += Math.abs((bars[at] as number) - (pixels[at] as number));
  return sum / (255 * SIDE * SIDE);
}

/** Red minus blue in the middle of a column, weighed by alpha. */
const warmth = (pixels: Buffer, x: number) => {
  const at = 4 * (64 * SIDE + x);
  return (((pixels[at] as number) - (pixels[at + 2] as number)) * (pixels[at + 3] as number)) / 255;
};

describe('a control picture', () => {
  it('puts edges where its own are, and the more so the stronger it is', async () => {
    const [none, weak, full] = [await painted(null), await painted({ strength: 0.4 }), await painted({})];
    expect(await distance(full.pixels)).toBeLessThan((await distance(none.pixels)) * 0.8);
    expect(await distance(full.pixels)).toBeLessThanOrEqual(await distance(weak.pixels));
    expect(full.details).toMatchObject({ control: { type: 'canny', strength: 1 } });
  });

  it('at strength 0 is the same as none', async () => {
    const [none, zero] = [await painted(null), await painted({ strength: 0 })];
    expect(zero.png.equals(none.png)).toBe(true);
  });

  it.each(['blur', 'tile'] as const)('as %s puts its colours where they are', async (type) => {
    const { pixels } = await painted({ type });
    expect(warmth(pixels, 23) - warmth(pixels, 105)).toBeGreaterThan(120);
  });
});

describe('what the model is shown of a picture', () => {
  const planes = async (svg: string) => premultipliedPlanes({ rgba: await drawn(svg).raw().toBuffer() });
  const lit = (hint: Float32Array) => hint.filter((value) => value > 0).length;

  it('are edges where something steps, and none where nothing does', async () => {
    expect(lit(edgesHint(await planes('')))).toBe(0);
    const square = lit(edgesHint(await planes('<rect x="32" y="32" width="64" height="64" fill="#888"/>')));
    // About 16 cells of 4 pixels along each side.
    expect(square).toBeGreaterThan(56);
    expect(square).toBeLessThan(72);
  });

  it('takes an edge map for what it is', async () => {
    const map =
      '<rect width="128" height="128" fill="#000"/><path d="M32 32h64v64h-64z" fill="none" stroke="#fff" stroke-width="2"/>';
    const square = lit(edgesHint(await planes(map)));
    expect(square).toBeGreaterThan(56);
    // Not both sides of each line.
    expect(square).toBeLessThan(150);
  });

  it('is a blurred copy of its colours', async () => {
    const hint = blurHint(await planes('<rect width="128" height="128" fill="#ff0000"/>'));
    expect([...hint.subarray(0, 256)].every((value) => value > 0.99)).toBe(true);
    expect([...hint.subarray(256, 768)].every((value) => value < -0.99)).toBe(true);
  });
});
