import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { detailPlanes, innerPlanes, linePlanes } from './detail.ts';

const SIDE = 512;
const AREA = SIDE * SIDE;
const drawn = async (svg: string) => {
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${svg}</svg>`;
  return sharp(Buffer.from(whole)).ensureAlpha().raw().toBuffer();
};
const planes = (all: Float32Array) => ({
  lightness: all.subarray(0, AREA),
  alpha: all.subarray(AREA, 2 * AREA),
  lines: all.subarray(2 * AREA),
});
const at = (plane: Float32Array, x: number, y: number) => plane[y * SIDE + x] as number;
const largest = (plane: Float32Array) => plane.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('the fine part of a picture', () => {
  it('knows no areas and no colours', async () => {
    for (const colour of ['#ff0000', '#0000ff', '#ffffff']) {
      const all = detailPlanes(await drawn(`<rect width="100%" height="100%" fill="${colour}"/>`), SIDE);
      expect(largest(all)).toBeLessThan(1e-6);
    }
    const [red, blue] = [
      detailPlanes(await drawn(eye('#ff0000')), SIDE),
      detailPlanes(await drawn(eye('#0000ff')), SIDE),
    ];
    expect(largest(red.map((value, i) => value - (blue[i] as number)))).toBeLessThan(1e-6);
  });

  it('is darker where the picture is darker than around, and has lines between', async () => {
    const { lightness, alpha, lines } = planes(detailPlanes(await drawn(eye('#ffffff')), SIDE));
    expect(at(lightness, 256, 256)).toBeLessThan(-0.5);
    expect(at(lightness, 256, 290)).toBeGreaterThan(0.02);
    expect(largest(alpha)).toBeLessThan(1e-6);
    expect(at(lines, 256 + 10, 256)).toBe(1);
    expect(at(lines, 256, 256)).toBe(0);
  });

  it('has the outline too', async () => {
    const { alpha, lines } = planes(
      detailPlanes(await drawn('<rect x="128" y="128" width="256" height="256" fill="#888"/>'), SIDE),
    );
    expect(at(alpha, 130, 256)).toBeGreaterThan(0.4);
    expect(at(alpha, 126, 256)).toBeLessThan(-0.4);
    expect(at(lines, 128, 256)).toBeGreaterThan(0.9);
  });
});

it('without the outline is the same but for alpha', async () => {
  const picture = await drawn('<rect x="128" y="128" width="256" height="256" fill="#222"/>');
  const [whole, inner] = [planes(detailPlanes(picture, SIDE)), planes(innerPlanes(picture, SIDE))];
  expect(inner.lightness).toEqual(whole.lightness);
  expect(inner.lines).toEqual(whole.lines);
  expect(largest(inner.alpha)).toBe(0);
});

describe('lines alone', () => {
  it('say nothing about light and dark', async () => {
    const { lightness, alpha, lines } = planes(linePlanes(await drawn(eye('#ffffff')), SIDE));
    expect(largest(lightness) + largest(alpha)).toBe(0);
    expect(at(lines, 256 + 10, 256)).toBe(1);
  });

  it('are taken as they are from a picture of bright lines on black', async () => {
    const { lines } = planes(
      linePlanes(
        await drawn(
          '<rect width="100%" height="100%" fill="#000"/><path d="M0 256h512" stroke="#fff" stroke-width="2"/>',
        ),
        SIDE,
      ),
    );
    expect(at(lines, 256, 256)).toBe(1);
    expect(at(lines, 256, 259)).toBe(0);
  });
});

function eye(colour: string): string {
  return `<rect width="100%" height="100%" fill="${colour}"/><circle cx="256" cy="256" r="10"/>`;
}
