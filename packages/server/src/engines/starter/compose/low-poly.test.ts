import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.ts';

const SIDE = 256;
const pixels = async (prompt: string, seed: number) => {
  const { png } = await compose({ prompt, seed, width: SIDE, height: SIDE });
  return sharp(png).ensureAlpha().raw().toBuffer();
};

describe('low poly', () => {
  it('is made of facets of one colour', async () => {
    const [faceted, plain] = [await pixels('low poly pine tree', 3), await pixels('pine tree', 3)];
    const colours = (data: Buffer): number => {
      const seen = new Set<number>();
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen.add(data.readUIntBE(at, 3));
      return seen.size;
    };
    const flat = (data: Buffer): number => {
      let [same, count] = [0, 0];
      for (let at = 4; at < data.length; at += 4) {
        if (data[at + 3] !== 255 || data[at - 1] !== 255) continue;
        count++;
        if (data.readUIntBE(at, 3) === data.readUIntBE(at - 4, 3)) same++;
      }
      return same / count;
    };
    expect(flat(faceted)).toBeGreaterThan(0.7);
    expect(flat(faceted)).toBeGreaterThan(flat(plain));
    expect(colours(faceted)).toBeLessThan(colours(plain));
  });

  it.each(['low poly red apple', '低多边形红苹果', 'red apple, low poly style'])(
    'is meant by "%s"',
    async (prompt) => {
      const { details } = await compose({ prompt, seed: 1, width: 64, height: 64 });
      expect(details).toMatchObject({ style: 'lowpoly', not_drawn: [], unknown_words: [] });
    },
  );
});
