import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../../embedded/job-testing.ts';
import { composition } from '../compose/compose.ts';
import { TOKENS } from './feeds.ts';
import { LORA_VALUES } from './lora.ts';
import { gaussianNoise } from './noise.ts';
import { paint } from './paint.ts';
import type { PaintJob } from './paint-job.ts';
import { Tokenizer } from './tokenizer.ts';

const job = (over: Partial<PaintJob> = {}): PaintJob => ({
  modelsDir: MODELS_DIR,
  prompt: 'a green mushroom',
  seed: 7,
  width: 128,
  height: 128,
  steps: 4,
  guidance: 2,
  denoise: 0.8,
  start: null,
  control: null,
  lora: null,
  ...over,
});

const apple = () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><circle cx="100" cy="50" r="44" fill="#d03030"/></svg>';
  return sharp(Buffer.from(svg)).png().toBuffer();
};

const meanColour = async (png: Buffer) => {
  const pixels = await sharp(png).raw().toBuffer();
  const sum = [0, 0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3] as number;
    for (let c = 0; c < 3; c++) (sum[c] as number) += (pixels[at + c] as number) * alpha;
    (sum[3] as number) += alpha;
  }
  return sum.slice(0, 3).map((value) => value / (sum[3] as number)) as [number, number, number];
};

describe('the paint hand', () => {
  it('gives the same bytes for the same seed and others for another', async () => {
    const [one, again, other] = [
      await paint(job(), jobContext()),
      await paint(job(), jobContext()),
      await paint(job({ seed: 8 }), jobContext()),
    ];
    expect(one.png.equals(again.png)).toBe(true);
    expect(one.png.equals(other.png)).toBe(false);
  });

  it.each(['a green mushroom', 'gold key', 'spider'])(
    'leaves nothing around %s with a style, however far the style goes',
    async (prompt) => {
      // Random weights, many times as strong as a trained style's: they paint smudges all over.
      const lora = gaussianNoise(LORA_VALUES, 3).map((value) => value * 0.05);
      const { png } = await paint(job({ prompt, lora, width: 256, height: 256 }), jobContext());
      const drawing = composition({ prompt, seed: 7, width: 512, height: 512 });
      const shape = await sharp((await drawing.raster()).data, {
        raw: { width: 512, height: 512, channels: 4 },
      })
        .extractChannel(3)
        .resize(256, 256)
        .blur(4)
        .raw()
        .toBuffer();
      const pixels = await sharp(png).ensureAlpha().raw().toBuffer();
      let ink = 0;
      for (let i = 0; i < shape.length; i++) {
        const alpha = pixels[4 * i + 3] as number;
        ink += alpha;
        if (shape[i] === 0) expect(alpha).toBe(0);
      }
      expect(ink / 255).toBeGreaterThan(500);
    },
  );

  it('says that a small model painted it, and what guided it', async () => {
    const { summary, details } = await paint(job(), jobContext());
    expect(summary.en).toMatch(
      /^Painted by the small built-in model \(experimental\), guided by a library drawing:/,
    );
    expect(details).toMatchObject({ hand: 'paint', steps: 4, painted_px: 128, guide: expect.anything() });
  });

  it.each([
    [300, 300],
    [200, 100],
    [64, 100],
  ])('paints %i × %i with transparent ground', async (width, height) => {
    const { png } = await paint(job({ width, height }), jobContext());
    expect(await sharp(png).metadata()).toMatchObject({ width, height, channels: 4 });
    const { channels } = await sharp(png).stats();
    expect(channels[3]).toMatchObject({ min: 0, max: 255 });
  });

  it.each([512, 1024])('at %i pixels has lines that the model’s own 128 cannot hold', async (side) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="${side}" height="${side}"><circle cx="256" cy="256" r="220" fill="#d0d0d0"/><path d="M130 200h252M130 230h252M130 260h252M130 290h252" stroke="#303030" stroke-width="4"/></svg>`;
    const start = await sharp(Buffer.from(svg)).png().toBuffer();
    /** How dark the lines are against what is between them, along the middle column. */
    const contrast = async (denoise: number) => {
      const { png } = await paint(job({ start, width: side, height: side, denoise }), jobContext());
      const grey = await sharp(png).flatten({ background: '#d0d0d0' }).greyscale().raw().toBuffer();
      const at = (y: number) => grey[Math.round((y * side) / 512) * side + side / 2] as number;
      return [200, 230, 260, 290].reduce((sum, y) => sum + at(y + 15) - at(y), 0) / 4;
    };
    const [faint, anew] = [await contrast(0.3), await contrast(1)];
    expect(faint).toBeGreaterThan(60);
    expect(anew).toBeLessThan(faint / 2);
  });

  it('leaves no holes in a picture without transparency', async () => {
    const start = await sharp(await apple())
      .flatten({ background: '#345' })
      .png()
      .toBuffer();
    for (const background of [start, await apple()]) {
      const { png } = await paint(
        job({ prompt: 'a red dragon', start: background, denoise: 0.6 }),
        jobContext(),
      );
      expect((await sharp(png).stats()).isOpaque).toBe(background === start);
    }
  });

  it('repaints the user’s picture: little of it at a low denoise, its colour at a high one', async () => {
    const start = await apple();
    const faint = await paint(
      job({ prompt: 'blue ball', start, width: 200, height: 100, denoise: 0.1 }),
      jobContext(),
    );
    const [red, , blue] = await meanColour(faint.png);
    expect(red).toBeGreaterThan(blue + 60);
    const strong = await paint(
      job({ prompt: 'blue ball', start, width: 200, height: 100, denoise: 1, guidance: 3 }),
      jobContext(),
    );
    const [redAfter, , blueAfter] = await meanColour(strong.png);
    expect(blueAfter - redAfter).toBeGreaterThan(blue - red);
    expect(strong.summary.en).toContain('over your picture');
  });

  it('stops between steps when it is aborted', async () => {
    const abort = new AbortController();
    const ctx = { ...jobContext(abort.signal), progress: () => abort.abort(new Error('cancelled')) };
    await expect(paint(job({ steps: 30 }), ctx)).rejects.toThrow('cancelled');
  });
});

describe('the tokenizer', () => {
  const tokenizer = new Tokenizer(['<pad>', '<s>', 'dragon', 'r', '##e', '##ed', 'berry', '龙', 'glass']);
  const read = (text: string) => tokenizer.encode(text).filter((id) => id !== 0);

  it('takes known words whole and unknown ones in the longest known pieces', () => {
    expect(read('Red dragons!')).toEqual([1, 3, 5, 2]);
    expect(read('berries, glass')).toEqual([1, 6, 8]);
  });

  it('takes each Chinese character by itself and skips what it never saw', () => {
    expect(read('红龙')).toEqual([1, 7]);
  });

  it('always gives the same number of tokens', () => {
    expect(tokenizer.encode('')).toHaveLength(TOKENS);
    expect(tokenizer.encode('dragon '.repeat(40))).toHaveLength(TOKENS);
  });
});

describe('seeded noise', () => {
  it('is normal, and differs from seed to seed up to the greatest', () => {
    const noise = gaussianNoise(20_000, 0);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    expect(gaussianNoise(4, 2 ** 32 - 1)).not.toEqual(gaussianNoise(4, 2 ** 32 - 2));
  });
});
