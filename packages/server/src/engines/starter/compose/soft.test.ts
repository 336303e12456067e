import { describe, expect, it } from 'vitest';
import type { Raster } from './raster.ts';
import { rasteriseSoft } from './soft.ts';

const SIZE = { width: 64, height: 64 };
const blur = (id: string, by: number) =>
  `<filter id="${id}" x="-1" y="-1" width="3" height="3"><feGaussianBlur stdDeviation="${by}"/></filter>`;
const alphas = ({ data }: Raster, y: number) =>
  Array.from({ length: SIZE.width }, (_, x) => data[4 * (y * SIZE.width + x) + 3] as number);

describe('a drawing with soft filters', () => {
  it('has no haze around its hard shapes', async () => {
    const glow = `<defs>${blur('b', 4)}</defs><circle cx="32" cy="32" r="17" fill="#f00" fill-opacity=".4" filter="url(#b)"/>`;
    const ball = '<circle cx="32" cy="32" r="16" fill="#0a0"/>';
    const row = alphas(await rasteriseSoft(glow + ball, SIZE), 32);
    expect(row[32]).toBe(255);
    expect(row.slice(0, 11).every((alpha) => alpha === 0)).toBe(true);
    // No step where the haze was cut: it ends softly.
    for (let x = 1; x < 15; x++) expect((row[x] as number) - (row[x - 1] as number)).toBeLessThan(40);
  });

  it('keeps what is soft and meant, like steam', async () => {
    const steam = `<defs>${blur('b', 2)}</defs><rect x="22" y="10" width="20" height="44" fill="#fff" filter="url(#b)"/>`;
    const row = alphas(await rasteriseSoft(steam, SIZE), 32);
    expect(row[32]).toBeGreaterThan(230);
    expect(row[22]).toBeGreaterThan(60);
  });

  it('is left alone inside', async () => {
    const shade = `<defs>${blur('b', 3)}</defs><rect width="64" height="64" fill="#888"/><rect x="20" y="20" width="24" height="24" fill="#000" filter="url(#b)"/>`;
    const { data } = await rasteriseSoft(shade, SIZE);
    expect(data[4 * (32 * 64 + 32)]).toBeLessThan(20);
    expect(data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
  });
});
