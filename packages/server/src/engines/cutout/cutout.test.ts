import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { CASES, errorOf, pictureOf } from '../../../bench/cutout-cases.ts';
import { alphaError } from '../../../test/alpha-error.ts';
import { jobContext, MODELS_DIR } from '../embedded/job-testing.ts';
import { cutout } from './cutout.ts';

const SIDE_PX = 160;
const SHAPES = `
  <circle cx="62" cy="66" r="38" fill="#c8442c"/>
  <path d="M90 20 L146 60 L104 96 Z" fill="#2a5db0"/>
  <path d="M20 128 C60 104 100 150 144 120" fill="none" stroke="#226b3a" stroke-width="7"/>`;
const RING = '<circle cx="80" cy="80" r="48" fill="none" stroke="#b8860b" stroke-width="26"/>';
const FACE = `
  <circle cx="80" cy="80" r="62" fill="#e8a33d"/>
  <circle cx="58" cy="66" r="14" fill="white"/><circle cx="58" cy="68" r="5" fill="#222"/>
  <circle cx="102" cy="66" r="14" fill="white"/><circle cx="102" cy="68" r="5" fill="#222"/>`;
const PALE = `
  <path d="M40 24 L124 60 L132 120 L60 140 Z" fill="#e8d8ff"/>
  <path d="M40 24 L78 40 L60 140 L30 120 Z" fill="#2f8fff"/>
  <circle cx="102" cy="84" r="8" fill="#222"/>`;
const GRADIENT = `<defs><linearGradient id="g" x2="0.7" y2="1"><stop stop-color="#f0d8b0"/><stop offset="1" stop-color="#6080b8"/></linearGradient></defs>`;

const svg = (body: string) => {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}">${body}</svg>`,
  );
};
const pixelsOf = (picture: Buffer | Uint8Array) => sharp(picture).ensureAlpha().raw().toBuffer();

function onGround(shapes: string, fill: string): Sharp {
  return sharp(svg(`${GRADIENT}<rect width="100%" height="100%" fill="${fill}"/>${shapes}`)).removeAlpha();
}

const cut = (picture: Buffer, model = 'sprite', userModel: string | null = null) => {
  return cutout({ modelsDir: MODELS_DIR, model, userModel, picture }, jobContext());
};

/** Mean errors in levels of 0…255: of alpha, and of what is seen when the cut-out lies on black and on white. */
async function errors(shapes: string, result: Buffer) {
  const [truth, own] = [await pixelsOf(svg(shapes)), await pixelsOf(result)];
  return alphaError(truth, own);
}

const alphaAt = async (result: Buffer, x: number, y: number) =>
  (await pixelsOf(result))[4 * (y * SIDE_PX + x) + 3];

describe('a thing on a plain or gradient background', () => {
  it.each(['white', '#808080', '#3ab54a', 'url(#g)'])(
    'is cut from %s with its own soft edges and colours',
    async (fill) => {
      const { png } = await cut(await onGround(SHAPES, fill).png().toBuffer());
      const { alpha, seen } = await errors(SHAPES, png);
      expect(alpha).toBeLessThan(0.4);
      expect(seen).toBeLessThan(0.4);
    },
  );

  it('is cut whole where most of it has nearly the colour of the ground', async () => {
    const { png } = await cut(await onGround(PALE, '#ece8e0').png().toBuffer());
    const { alpha, seen } = await errors(PALE, png);
    expect(alpha).toBeLessThan(0.4);
    expect(seen).toBeLessThan(0.4);
  });

  it('is cut cleanly from a JPEG', async () => {
    const { png } = await cut(await onGround(SHAPES, '#e4e8ee').jpeg({ quality: 85 }).toBuffer());
    expect((await errors(SHAPES, png)).alpha).toBeLessThan(2);
  });

  it('keeps its size, and gives transparent pixels the colour of the edge beside them', async () => {
    const { png } = await cut(await onGround(SHAPES, 'white').png().toBuffer());
    const pixels = await pixelsOf(png);
    expect(pixels.length).toBe(4 * SIDE_PX ** 2);
    const besideTheCircle = pixels.subarray(4 * (66 * SIDE_PX + 21), 4 * (66 * SIDE_PX + 22));
    expect(besideTheCircle[3]).toBe(0);
    expect(besideTheCircle[0]).toBeGreaterThan(150);
    expect(besideTheCircle[2]).toBeLessThan(110);
  });

  it('gives the same bytes each time', async () => {
    const picture = await onGround(SHAPES, 'url(#g)').png().toBuffer();
    expect((await cut(picture)).png.equals((await cut(picture)).png)).toBe(true);
  });
});

describe('a soft shadow on the background', () => {
  const casesOf = (wanted: RegExp) => CASES.filter(({ name }) => wanted.test(name));

  it.each(casesOf(/^soft shadow/))('becomes translucent black: $name', async (one) => {
    const { png, summary, details } = await cut(await pictureOf(one), 'auto');
    expect((await errorOf(one, png)).seen).toBeLessThan(0.8);
    expect(details.shadow).toBe(true);
    expect(summary.en).toContain('soft shadow is kept');
  });

  it.each(casesOf(/shaded ball|gradient|blurred|white on white|green|leaf/))(
    'is not seen where there is none: $name',
    async (one) => {
      expect((await cut(await pictureOf(one), 'auto')).details.shadow).toBe(false);
    },
  );
});

describe('thin lines on the background', () => {
  const spokes = (count: number, ink: string, width: number) =>
    Array.from({ length: count }, (_, at) => {
      const angle = (at + 0.31) * ((2 * Math.PI) / count);
      const [x, y] = [80 + 74 * Math.cos(angle), 80 + 74 * Math.sin(angle)];
      return `<line x1="80" y1="80" x2="${x}" y2="${y}" stroke="${ink}" stroke-width="${width}"/>`;
    }).join('');

  it.each([
    ['#222', 1, 'white'],
    ['#222', 1, '#d8dce4'],
    ['#000', 0.7, 'white'],
    ['#777', 1.4, '#f0e8d8'],
  ])('%s, %d px wide, on %s are no shadow', async (ink, width, fill) => {
    const shapes = `${spokes(36, ink, width)}<circle cx="80" cy="80" r="20" fill="${ink}"/>`;
    const { summary, details } = await cut(await onGround(shapes, fill).png().toBuffer(), 'auto');
    expect(details.shadow).toBe(false);
    expect(summary.en).not.toContain('shadow');
    expect(summary.zh).not.toContain('投影');
  });
});

describe('a picture without a thing', () => {
  it('is called transparent only where it is', async () => {
    const empty = await cut(await onGround('', 'white').png().toBuffer());
    expect(empty.summary.en).toContain('completely transparent');
    expect(Math.max(...(await pixelsOf(empty.png)).filter((_, at) => at % 4 === 3))).toBe(0);
    const blur = '<filter id="s"><feGaussianBlur stdDeviation="9"/></filter>';
    const onlyShadow = `${blur}<ellipse cx="80" cy="100" rx="40" ry="14" fill-opacity="0.5" filter="url(#s)"/>`;
    const shadow = await cut(await onGround(onlyShadow, 'white').png().toBuffer());
    expect(shadow.details.shadow).toBe(true);
    expect(shadow.summary.en).not.toContain('completely transparent');
  });
});

describe('glass that is named as glass', () => {
  const glass = CASES.find(({ name }) => name === 'glass on white') as (typeof CASES)[number];

  it('becomes translucent, with a smaller error than opaque glass', async () => {
    const picture = await pictureOf(glass);
    const [asThing, asGlass] = [await cut(picture, 'sprite'), await cut(picture, 'sprite-glass')];
    expect((await errorOf(glass, asGlass.png)).alpha).toBeLessThan(
      0.3 * (await errorOf(glass, asThing.png)).alpha,
    );
    expect((await errorOf(glass, asGlass.png)).seen).toBeLessThan(
      0.5 * (await errorOf(glass, asThing.png)).seen,
    );
    expect(asGlass.summary.en).toContain('as glass');
    expect(asGlass.summary.zh).toContain('玻璃');
    expect(asGlass.summary.en).not.toContain('If it is glass');
  });

  it('on its own ground looks as it did before', async () => {
    const { png } = await cut(await pictureOf(glass), 'sprite-glass');
    const back = await sharp(png).flatten({ background: 'white' }).raw().toBuffer();
    const before = await sharp(await pictureOf(glass))
      .raw()
      .toBuffer();
    const most = back.reduce((top, level, at) => Math.max(top, Math.abs(level - (before[at] as number))), 0);
    expect(most).toBeLessThan(40);
  });

  it('keeps things of strong colours opaque', async () => {
    const { png } = await cut(await onGround(SHAPES, 'white').png().toBuffer(), 'sprite-glass');
    expect(await alphaAt(png, 62, 66)).toBeGreaterThan(235);
  });
});

describe('glass and things of nearly the colour of the background', () => {
  const isPale = ({ name }: (typeof CASES)[number]) => /glass|white on white/.test(name);

  it.each(CASES.filter(isPale))('come with the doubt: $name', async (one) => {
    const { summary } = await cut(await pictureOf(one), 'auto');
    expect(summary.en).toContain('If it is glass');
    expect(summary.zh).toContain('若为玻璃');
  });

  it.each(CASES.filter((one) => !isPale(one)))('are not suspected in: $name', async (one) => {
    expect((await cut(await pictureOf(one), 'auto')).summary.en).not.toContain('If it is glass');
  });

  it('keep their known alpha at the rim', async () => {
    const glass = CASES.find(({ name }) => name === 'glass on white') as (typeof CASES)[number];
    const { png } = await cut(await pictureOf(glass), 'auto');
    const { alpha, width } = { alpha: await sharp(png).ensureAlpha().raw().toBuffer(), width: 256 };
    // Outside it is transparent, on its outline opaque.
    expect(alpha[4 * (20 * width + 20) + 3]).toBe(0);
    expect(alpha[4 * (200 * width + 128) + 3]).toBe(255);
  });
});

describe('areas of the ground’s colour inside a thing', () => {
  it('are holes in a ring', async () => {
    const { png, details } = await cut(await onGround(RING, 'white').png().toBuffer());
    expect(await alphaAt(png, 80, 80)).toBe(0);
    expect(details.pockets).toEqual({ opened: 1, kept: 0 });
  });

  it('stay when they are the white of an eye', async () => {
    const { png, details } = await cut(await onGround(FACE, 'white').png().toBuffer());
    expect(await alphaAt(png, 58, 58)).toBe(255);
    expect(details.pockets).toEqual({ opened: 0, kept: 2 });
  });

  it('are opened or kept as the model choice says', async () => {
    const [face, ring] = [
      await onGround(FACE, 'white').png().toBuffer(),
      await onGround(RING, 'white').png().toBuffer(),
    ];
    expect(await alphaAt((await cut(face, 'sprite-open')).png, 58, 58)).toBe(0);
    expect(await alphaAt((await cut(ring, 'sprite-solid')).png, 80, 80)).toBe(255);
  });
});

describe('the choice of a way to cut', () => {
  it('is the colour cut where the border is plain, whatever ComfyUI model was named, and says so', async () => {
    const { summary, details } = await cut(await onGround(SHAPES, '#808080').png().toBuffer(), 'birefnet');
    expect(details).toMatchObject({ asked: 'birefnet', used: 'sprite' });
    expect(summary.en).toContain('birefnet needs a ComfyUI server');
  });

  it('keeps alpha that is there already', async () => {
    const { png, details } = await cut(svg(SHAPES), 'auto');
    expect(details.used).toBe('alpha');
    expect((await errors(SHAPES, png)).alpha).toBe(0);
  });

  it('admits when nothing fits', async () => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 3 * SIDE_PX ** 2 }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24),
    );
    const picture = await sharp(noise, { raw: { width: SIDE_PX, height: SIDE_PX, channels: 3 } })
      .png()
      .toBuffer();
    expect((await cut(picture, 'auto')).summary.en).toContain('expect flaws');
  });

  it('runs an ONNX file of the user’s and names it', async () => {
    // The person network takes any picture and gives a mask first, as such files do.
    const picture = await onGround(SHAPES, 'white').png().toBuffer();
    const { summary, details } = await cut(picture, 'mine.onnx', join(MODELS_DIR, 'cutout', 'person.onnx'));
    expect(details).toMatchObject({ asked: 'mine.onnx', used: 'person.onnx' });
    expect(summary.en).toContain('person.onnx');
  });

  it('refuses a file that is no network, by name', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'limner-cutout-')), 'broken.onnx');
    await writeFile(file, 'not a network');
    const picture = await onGround(SHAPES, 'white').png().toBuffer();
    await expect(cut(picture, 'broken.onnx', file)).rejects.toMatchObject({
      code: 'unsupported',
      data: { family: 'broken.onnx' },
    });
  });
});
