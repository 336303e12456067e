import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type ComposeJob, compose } from './compose.ts';
import { cellsOf, gridOf, sampledSize } from './pixel-grid.ts';

interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

async function pixels(job: Partial<ComposeJob>): Promise<Pixels> {
  const { png } = await compose({ prompt: 'gold key, pixel art', seed: 20, width: 512, height: 512, ...job });
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Places along rows and columns where the colour changes. */
function changes({ data, width, height }: Pixels): { across: Set<number>; down: Set<number> } {
  const [across, down] = [new Set<number>(), new Set<number>()];
  const colour = (x: number, y: number): number => data.readUInt32BE((y * width + x) * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 0 && colour(x, y) !== colour(x - 1, y)) across.add(x);
      if (y > 0 && colour(x, y) !== colour(x, y - 1)) down.add(y);
    }
  }
  return { across, down };
}

/** True where every change lies on a line of one grid. */
function isOnGrid(picture: Pixels, cellPx: number, left: number, top: number): boolean {
  const { across, down } = changes(picture);
  const fits = (place: number, from: number): boolean => (place - from) % cellPx === 0;
  return (
    across.size > 5 &&
    [...across].every((place) => fits(place, left)) &&
    [...down].every((place) => fits(place, top))
  );
}

describe('pixel art', () => {
  it.each([
    [16, 32, 0],
    [24, 21, 4],
    [32, 16, 0],
    [48, 10, 16],
    [64, 8, 0],
  ] as const)('on a grid of %i has cells of exactly %i pixels', async (pixel_grid, cellPx, margin) => {
    for (const seed of [20, 21, 22, 23])
      expect(isOnGrid(await pixels({ pixel_grid, seed }), cellPx, margin, margin), `seed ${seed}`).toBe(true);
  });

  it('has one grid for all seeds and prompts that name none', async () => {
    for (const prompt of ['gold key, pixel art', '像素风 红色药水', 'pixel art knight and dragon'])
      for (const seed of [1, 2, 3])
        expect(isOnGrid(await pixels({ prompt, seed }), 16, 0, 0), `${prompt} ${seed}`).toBe(true);
  });

  it('keeps ground and badges on the same cells', async () => {
    for (const prompt of ['pixel art key on a blue background', 'pixel art key on a round badge'])
      expect(isOnGrid(await pixels({ prompt }), 16, 0, 0), prompt).toBe(true);
    const { data } = await pixels({ prompt: 'pixel art key on a blue background', pixel_grid: 48 });
    expect(data[3]).toBe(255);
  });

  it.each([16, 24, 32, 48, 64] as const)('comes in its own size of %i, the same cells', async (side) => {
    const own = await pixels({ width: side, height: side, pixel_grid: side });
    const { data } = await pixels({ width: side * 8, height: side * 8, pixel_grid: side });
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        expect(data.readUInt32BE((y * 8 * side * 8 + x * 8) * 4)).toBe(
          own.data.readUInt32BE((y * side + x) * 4),
        );
  });

  it('has no half-transparent pixel and few colours', async () => {
    const { data } = await pixels({ prompt: 'dragon', treatment: 'pixel', width: 64, height: 64 });
    const [alphas, colours] = [new Set<number>(), new Set<number>()];
    for (let at = 0; at < data.length; at += 4) {
      alphas.add(data[at + 3] as number);
      colours.add(data.readUInt32BE(at));
    }
    expect([...alphas].sort()).toEqual([0, 255]);
    expect(colours.size).toBeLessThan(40);
  });

  it('takes the grid that the prompt names, unless one is asked for beside it', async () => {
    const across = async (prompt: string, over: Partial<ComposeJob> = {}) =>
      (await compose({ prompt, seed: 1, width: 512, height: 512, ...over })).details.pixel_grid;
    expect(await across('16x16 pixel art key')).toMatchObject({ across: 16 });
    expect(await across('像素风钥匙，48×48')).toMatchObject({ across: 48 });
    expect(await across('pixel art key, 512x512')).toMatchObject({ across: 32 });
    expect(await across('16x16 pixel art key', { pixel_grid: 64 })).toMatchObject({ across: 64 });
  });

  it('records its cells', async () => {
    const { details } = await compose({ prompt: 'pixel art key', seed: 1, width: 512, height: 256 });
    expect(details.pixel_grid).toEqual({ across: 32, down: 16, cell_px: 16 });
  });
});

it('a picture with fewer pixels than cells has one cell a pixel', () => {
  expect(gridOf({ width: 24, height: 16 }, 64)).toEqual({ across: 24, down: 16, cellPx: 1, left: 0, top: 0 });
});

it('a picture that tiles has the same cells wherever its tile begins', async () => {
  const grid = gridOf({ width: 48, height: 32 }, 24);
  const { width, height } = sampledSize(grid);
  /** Waves that continue at the opposite edges; the tile begins `cells` cells further on. */
  const waves = (cells: number) => {
    const data = Buffer.alloc(width * height * 4, 255);
    for (let at = 0; at < width * height; at++) {
      const x = ((at % width) + (cells * width) / grid.across) * ((2 * Math.PI) / width);
      const y = (Math.floor(at / width) + (cells * height) / grid.down) * ((2 * Math.PI) / height);
      data.fill(Math.round(128 + 60 * Math.sin(5 * x) + 60 * Math.cos(3 * y + x)), 4 * at, 4 * at + 3);
    }
    return { width, height, data };
  };
  const [plain, moved] = [
    await cellsOf(waves(0), grid, { outlined: false, tiles: true }),
    await cellsOf(waves(5), grid, { outlined: false, tiles: true }),
  ];
  for (let y = 0; y < grid.down; y++)
    for (let x = 0; x < grid.across; x++) {
      const from = ((y + 5) % grid.down) * grid.across + ((x + 5) % grid.across);
      const [one, other] = [moved.data[4 * (y * grid.across + x)], plain.data[4 * from]];
      expect(Math.abs((one as number) - (other as number)), `${x}, ${y}`).toBeLessThanOrEqual(2);
    }
});
