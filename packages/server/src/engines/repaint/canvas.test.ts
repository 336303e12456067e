import type { FrameRecipe, Outpaint } from '@limner/contract';
import { Recipe } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { InputPicture } from '../engine.ts';
import { canvasOf, ofCanvas } from './canvas.ts';

const ALIVE = new AbortController().signal;

/** Noise with every alpha, so that each changed byte shows. */
function noise(width: number, height: number, opaque: boolean): Buffer {
  const rgba = Buffer.alloc(4 * width * height);
  let state = 7;
  for (let i = 0; i < rgba.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgba[i] = opaque && i % 4 === 3 ? 255 : state >>> 24;
  }
  return rgba;
}

const raw = (rgba: Buffer, width: number, height: number) =>
  sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();

const picture = (bytes: Buffer, width: number, height: number): InputPicture => ({
  sha256: `${width}`,
  mediaType: 'image/png',
  width,
  height,
  read: async () => bytes,
});

/** Columns 0…19 are kept, 20…39 half, the rest is repainted. */
const stepsMask = (width: number, height: number) => {
  const grey = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    return x < 20 ? 0 : x < 40 ? 128 : 255;
  });
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
};

const asked = (outpaint: Partial<Outpaint> | null, mask: boolean): FrameRecipe => ({
  ...Recipe.parse({
    kind: 'generation',
    type: 'inpaint',
    prompt: 'a hall',
    input_image: 'picture',
    mask_image: mask ? 'mask' : null,
    outpaint,
  }),
  family: 'sdxl',
  seed: 1,
});

const pixelsOf = async (png: Buffer) => {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { rgba: data, width: info.width, height: info.height };
};

const at = ({ rgba, width }: { rgba: Buffer; width: number }, x: number, y: number) => [
  ...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
];

const red = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();

describe('a repainted picture', () => {
  it.each([
    ['opaque', true],
    ['see-through', false],
  ])('keeps every byte where the mask is black, of an %s original', async (_, opaque) => {
    const original = noise(64, 40, opaque);
    const canvas = canvasOf(
      asked(null, true),
      new Map([
        ['picture', picture(await raw(original, 64, 40), 64, 40)],
        ['mask', picture(await stepsMask(64, 40), 64, 40)],
      ]),
    );
    // Half the size, as a model that works at its own size returns it.
    const done = await pixelsOf(await canvas.finished(await red(32, 20), ALIVE));
    expect([done.width, done.height]).toEqual([64, 40]);
    for (let y = 0; y < 40; y++) {
      const row = 4 * y * 64;
      expect(done.rgba.subarray(row, row + 80).equals(original.subarray(row, row + 80))).toBe(true);
      expect(at(done, 50, y)).toEqual([255, 0, 0, 255]);
    }
  });

  it('mixes both where the mask is grey', async () => {
    const grey = Buffer.alloc(4 * 64 * 40, 255).map((value, i) => (i % 4 === 3 ? value : 100));
    const canvas = canvasOf(
      asked(null, true),
      new Map([
        ['picture', picture(await raw(Buffer.from(grey), 64, 40), 64, 40)],
        ['mask', picture(await stepsMask(64, 40), 64, 40)],
      ]),
    );
    const done = await pixelsOf(await canvas.finished(await red(64, 40), ALIVE));
    expect(at(done, 30, 20)).toEqual([178, 50, 50, 255]);
  });

  it('reads transparent parts of a mask as black, and stretches a smaller one', async () => {
    const clear = await sharp({
      create: { width: 32, height: 20, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const canvas = canvasOf(
      asked(null, true),
      new Map([
        ['picture', picture(await raw(noise(64, 40, true), 64, 40), 64, 40)],
        ['mask', picture(clear, 32, 20)],
      ]),
    );
    const mask = canvas.pictures.get(ofCanvas(asked(null, true)).mask_image ?? '');
    expect(mask).toMatchObject({ width: 64, height: 40 });
    const { rgba } = await pixelsOf((await mask?.read()) as Buffer);
    expect(Math.max(...rgba.filter((_, i) => i % 4 !== 3))).toBe(0);
  });
});

describe('an extended picture', () => {
  const original = noise(64, 40, true);
  const extended = async (outpaint: Partial<Outpaint>, mask = false) => {
    const frame = asked(outpaint, mask);
    const canvas = canvasOf(
      frame,
      new Map([
        ['picture', picture(await raw(original, 64, 40), 64, 40)],
        ['mask', picture(await stepsMask(64, 40), 64, 40)],
      ]),
    );
    const seen = ofCanvas(frame);
    const sent = async (id: string | null) => {
      const one = canvas.pictures.get(id ?? '') as InputPicture;
      const pixels = await pixelsOf(await one.read());
      expect([pixels.width, pixels.height]).toEqual([one.width, one.height]);
      return pixels;
    };
    return {
      canvas: await sent(seen.input_image),
      mask: await sent(seen.mask_image),
      done: await pixelsOf(await canvas.finished(await red(100, 100), ALIVE)),
    };
  };

  it('has the original in its place, byte for byte beyond the soft edge', async () => {
    const { done, mask } = await extended({ left: 30, top: 10, feather: 8 });
    expect([done.width, done.height]).toEqual([94, 50]);
    for (let y = 8; y < 40; y++)
      for (let x = 8; x < 64; x++) {
        expect(at(mask, 30 + x, 10 + y)).toEqual([0, 0, 0, 255]);
        expect(at(done, 30 + x, 10 + y)).toEqual(at({ rgba: original, width: 64 }, x, y));
      }
    expect(at(done, 5, 5)).toEqual([255, 0, 0, 255]);
  });

  it('fades from the margin into the original, and not at sides that stay', async () => {
    const { mask } = await extended({ left: 30, feather: 8 });
    const row = Array.from({ length: 94 }, (_, x) => at(mask, x, 20)[0] as number);
    expect(row.slice(0, 30).every((value) => value === 255)).toBe(true);
    expect(row.slice(30, 38)).toEqual(row.slice(30, 38).toSorted((a, b) => b - a));
    expect(row[30]).toBeGreaterThan(200);
    expect(row[37]).toBeGreaterThan(0);
    expect(row.slice(38).every((value) => value === 0)).toBe(true);
  });

  it('keeps the middle of an original narrower than its soft edges', async () => {
    const { mask } = await extended({ left: 8, right: 8, feather: 256 });
    expect(at(mask, 8 + 31, 20)[0]).toBeLessThan(3);
    expect(at(mask, 8 + 32, 20)[0]).toBeLessThan(3);
  });

  it('has no hole and no hard border under its margins', async () => {
    const { canvas } = await extended({ left: 200, bottom: 90, feather: 8 });
    expect([canvas.width, canvas.height]).toEqual([264, 130]);
    // Noise averages to grey; far from the picture it is still the picture's.
    for (const [x, y] of [
      [0, 0],
      [100, 60],
      [0, 129],
      [263, 129],
    ] as const)
      for (const value of at(canvas, x, y).slice(0, 3)) {
        expect(value).toBeGreaterThan(80);
        expect(value).toBeLessThan(180);
      }
    expect(at(canvas, 200, 0)).toEqual([...original.subarray(0, 4)]);
  });

  it('is repainted within its own mask too', async () => {
    const { done, mask } = await extended({ right: 16, feather: 0 }, true);
    expect(at(mask, 50, 3)[0]).toBe(255);
    expect(at(mask, 5, 3)[0]).toBe(0);
    expect(at(done, 50, 3)).toEqual([255, 0, 0, 255]);
    expect(at(done, 5, 3)).toEqual(at({ rgba: original, width: 64 }, 5, 3));
  });

  it('is sent under another name where its sides or its soft edge differ', () => {
    const named = (outpaint: Partial<Outpaint>) => {
      const frame = asked(outpaint, false);
      const pictures = new Map([['picture', picture(Buffer.alloc(0), 64, 40)]]);
      return [...canvasOf(frame, pictures).pictures.values()].map(({ sha256 }) => sha256);
    };
    expect(named({ left: 8 })).toEqual(named({ left: 8 }));
    expect(
      new Set([...named({ left: 8 }), ...named({ right: 8 }), ...named({ left: 8, feather: 1 })]).size,
    ).toBe(6);
  });
});
