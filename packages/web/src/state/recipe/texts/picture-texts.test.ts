import { describe, expect, test } from 'vitest';
import { recipeIn } from '../recipe-in-picture.ts';
import { textsOf } from './picture-texts.ts';
import { stealthTexts } from './stealth-text.ts';

const bytes = (...parts: (string | number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])),
  );
const uint32 = (value: number, little = false): number[] => {
  const all = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  return little ? all.reverse() : all;
};
const uint16 = (value: number, little: boolean): number[] =>
  uint32(value, little).slice(...(little ? [0, 2] : [2, 4]));
/** As zlib and gzip do. */
const packed = async (data: string | Uint8Array<ArrayBuffer>, format: 'deflate' | 'gzip') =>
  new Uint8Array(
    await new Response(new Blob([data]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer(),
  );
const textIn = async (file: Uint8Array<ArrayBuffer>, keyword: string) =>
  (await textsOf(file.buffer)).get(keyword);

const chunk = (type: string, data: Uint8Array) => bytes(uint32(data.length), type, data, [0, 0, 0, 0]);
const png = (...chunks: Uint8Array[]) =>
  bytes(
    [137, 80, 78, 71, 13, 10, 26, 10],
    chunk('IHDR', new Uint8Array(13)),
    ...chunks,
    chunk('IEND', bytes()),
  );
/** An entry with its bytes: the tag, and what it holds. */
const tiff = (
  little: boolean,
  tags: [tag: number, value: Uint8Array][],
  inExif = true,
): Uint8Array<ArrayBuffer> => {
  const [order, at] = [little ? 'II' : 'MM', inExif ? 26 : 8];
  const entry = (tag: number, type: number, count: number, value: number) =>
    bytes(uint16(tag, little), uint16(type, little), uint32(count, little), uint32(value, little));
  let place = at + 2 + tags.length * 12 + 4;
  const entries = tags.map(([tag, value]) => {
    const held = entry(tag, 7, value.length, place);
    place += value.length;
    return held;
  });
  const inner = bytes(uint16(tags.length, little), ...entries, uint32(0), ...tags.map(([, value]) => value));
  const outer = inExif ? bytes(uint16(1, little), entry(0x8769, 4, 1, 26), uint32(0)) : bytes();
  return bytes(order, uint16(42, little), uint32(8, little), outer, inner);
};
const utf16 = (text: string, little: boolean) =>
  bytes([...text].flatMap((char) => uint16(char.charCodeAt(0), little)));
const jpeg = (exif: Uint8Array) => {
  const data = bytes('Exif\0\0', exif);
  return bytes(
    [255, 216, 255, 224, 0, 4, 1, 1, 255, 225],
    uint16(data.length + 2, false),
    data,
    [255, 218, 0, 0],
  );
};
const webp = (exif: Uint8Array) =>
  bytes(
    'RIFF',
    uint32(99, true),
    'WEBPVP8 ',
    uint32(3, true),
    [1, 2, 3, 0],
    'EXIF',
    uint32(exif.length, true),
    exif,
  );

/** The tag of a maker note, little-endian. */
const FOOOCUS_NOTE = [0x7c, 0x92];
const TEXT = 'a castle，夜晚\nSteps: 20, Sampler: Euler, Seed: 5';

describe('a PNG', () => {
  test('with packed text', async () => {
    const data = await packed(TEXT, 'deflate');
    expect(await textIn(png(chunk('zTXt', bytes('parameters\0\0', data))), 'parameters')).toBe(TEXT);
    expect(await textIn(png(chunk('iTXt', bytes('parameters\0', [1, 0], '\0\0', data))), 'parameters')).toBe(
      TEXT,
    );
  });

  test('with text that unpacks to more than any text has is read without it', async () => {
    const bomb = await packed(new Uint8Array(40 * 1024 ** 2), 'deflate');
    const file = png(chunk('zTXt', bytes('parameters\0\0', bomb)), chunk('tEXt', bytes('prompt\0{}')));
    expect([...(await textsOf(file.buffer)).keys()]).toEqual(['prompt']);
  });

  test('with many texts that unpack to more than all texts together may take is read until then', async () => {
    const large = await packed(new Uint8Array(15 * 1024 ** 2), 'deflate');
    const names = Array.from({ length: 12 }, (_, i) => `text${i}`);
    const file = png(...names.map((name) => chunk('zTXt', bytes(`${name}\0\0`, large))));
    const read = [...(await textsOf(file.buffer)).keys()].sort();
    expect(read).toEqual(names.slice(0, 4));
  });

  test('with damaged packed text or a length beyond its end gives what is whole', async () => {
    const file = png(chunk('zTXt', bytes('a\0\0', [1, 2, 3])), chunk('tEXt', bytes('b\0c')));
    expect(await textsOf(file.buffer)).toEqual(new Map([['b', 'c']]));
    expect(await textsOf(bytes(file.subarray(0, file.length - 20), uint32(2 ** 31)).buffer)).toBeInstanceOf(
      Map,
    );
  });

  test('with EXIF', async () => {
    const exif = tiff(false, [[0x9286, bytes('UNICODE\0', utf16(TEXT, false))]]);
    expect(await textIn(png(chunk('eXIf', exif)), 'parameters')).toBe(TEXT);
  });
});

describe.each([
  ['JPEG', jpeg],
  ['WebP', webp],
])('a %s', (_, file) => {
  test.each([
    ['big-endian text in big-endian data', false, bytes('UNICODE\0', utf16(TEXT, false))],
    ['little-endian text in little-endian data', true, bytes('UNICODE\0', utf16(TEXT, true))],
    [
      'big-endian text in little-endian data, as A1111 writes it',
      true,
      bytes('UNICODE\0', utf16(TEXT, false)),
    ],
    ['little-endian text in big-endian data', false, bytes('UNICODE\0', utf16(TEXT, true))],
    ['ASCII', true, bytes('ASCII\0\0\0', TEXT)],
    ['an undefined encoding', false, bytes('\0\0\0\0\0\0\0\0', TEXT)],
    ['no encoding at all', false, bytes(TEXT, '\0')],
  ])('with %s', async (_, little, comment) => {
    expect(await textIn(file(tiff(little, [[0x9286, comment]])), 'parameters')).toBe(TEXT);
  });

  test('with tags of Fooocus in the main directory', async () => {
    const exif = tiff(
      true,
      [
        [0x9286, bytes('{"prompt":"a","base_model":"b"}')],
        [0x927c, bytes('fooocus\0')],
      ],
      false,
    );
    const texts = await textsOf(file(exif).buffer);
    expect(texts.get('fooocus_scheme')).toBe('fooocus');
    expect(recipeIn(texts)).toMatchObject({ foreign: { prompt: 'a' } });
  });

  test("with ComfyUI's tags of a camera", async () => {
    const exif = tiff(
      false,
      [
        [0x0110, bytes('prompt:{"1":{}}\0')],
        [0x010f, bytes('workflow:{"nodes":[]}\0')],
      ],
      false,
    );
    expect(Object.fromEntries(await textsOf(file(exif).buffer))).toEqual({
      prompt: '{"1":{}}',
      workflow: '{"nodes":[]}',
    });
  });

  test('with the texts of NovelAI in the comment', async () => {
    const comment = JSON.stringify({ Software: 'NovelAI', Comment: '{"prompt":"a girl"}' });
    const texts = await textsOf(file(tiff(true, [[0x9286, bytes('ASCII\0\0\0', comment)]])).buffer);
    expect(recipeIn(texts)).toMatchObject({ foreign: { prompt: 'a girl' } });
  });

  test('that is cut off anywhere gives no error', async () => {
    const whole = file(tiff(true, [[0x9286, bytes('UNICODE\0', utf16(TEXT, true))]]));
    for (let end = 0; end < whole.length; end += 1)
      expect(await textsOf(whole.slice(0, end).buffer)).toBeInstanceOf(Map);
  });
});

test('a WebP whose entries all name the same bytes gives what fits', async () => {
  const comment = bytes('ASCII\0\0\0', 'x'.repeat(70_000));
  const whole = tiff(true, [[0x010f, comment]], false);
  const entry = whole.subarray(10, 22);
  const count = 1000;
  const shifted = new Uint8Array(entry);
  new DataView(shifted.buffer).setUint32(8, 8 + 2 + 12 * count + 4, true);
  const exif = bytes(
    'II',
    uint16(42, true),
    uint32(8, true),
    uint16(count, true),
    ...Array.from({ length: count }, (_, i) =>
      bytes(i === count - 1 ? FOOOCUS_NOTE : [0x0f, 0x01], shifted.subarray(2)),
    ),
    uint32(0),
    comment,
  );
  // The last of a thousand would be read if each were.
  expect((await textsOf(webp(exif).buffer)).has('fooocus_scheme')).toBe(false);
});

test('a JPEG with a comment segment', async () => {
  const file = bytes([255, 216, 255, 254], uint16(TEXT.length + 8, false), TEXT, [255, 218]);
  expect((await textIn(file, 'parameters'))?.startsWith('a castle')).toBe(true);
});

test('a picture of ComfyUI with only its canvas says so', async () => {
  expect(recipeIn(new Map([['workflow', '{"nodes":[]}']]))).toEqual({ unusable: 'canvas' });
});

describe('text in the lowest bits of alpha', () => {
  const hidden = (name: string, payload: Uint8Array) => {
    const bits = [...bytes(name, uint32(payload.length * 8), payload)].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((shift) => (byte >> shift) & 1),
    );
    const width = 40;
    const height = Math.ceil(bits.length / width) + 1;
    const data = new Uint8ClampedArray(width * height * 4).fill(255);
    bits.forEach((bit, i) => {
      data[4 * ((i % height) * width + Math.floor(i / height)) + 3] = 254 | bit;
    });
    return { width, height, data };
  };
  const json = JSON.stringify({ Software: 'NovelAI', Comment: '{"prompt":"a girl","uc":"text"}' });

  test.each([
    ['stealth_pngcomp', () => packed(json, 'gzip')],
    ['stealth_pnginfo', () => bytes(json)],
  ])('is read under %s', async (name, payload) => {
    const texts = await stealthTexts(hidden(name, await payload()));
    expect(recipeIn(texts)).toMatchObject({ foreign: { prompt: 'a girl', negative: 'text' } });
  });

  test('is none in other pictures, damaged ones and ones of a wrong length', async () => {
    const opaque = { width: 8, height: 40, data: new Uint8ClampedArray(8 * 40 * 4).fill(255) };
    const cut = hidden('stealth_pngcomp', await packed(json, 'gzip'));
    for (const pixels of [
      opaque,
      { width: 2, height: 2, data: new Uint8ClampedArray(16) },
      hidden('stealth_pngcomp', bytes('no gzip')),
      hidden('stealth_pnginfo', bytes('no json')),
      { ...cut, width: 40, height: cut.height - 3, data: cut.data.slice(0, 40 * (cut.height - 3) * 4) },
    ])
      expect((await stealthTexts(pixels)).size).toBe(0);
  });
});
