import { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { inspectOutput } from './output.ts';

const picture = () => sharp({ create: { width: 6, height: 4, channels: 4, background: '#c83' } });
const provenance = { engine: 'a workflow', family: 'mine', summary: { en: '', zh: '' }, details: {} };
const inspected = async (body: Buffer, mediaType: string) =>
  (await inspectOutput({ body, mediaType, provenance })).map(
    ({ body: kept, mediaType, role, width, height }) => ({
      kept: Buffer.isBuffer(kept) ? kept : null,
      facts: [mediaType, role, width, height],
    }),
  );

/** 1 × 1, 24 bit. */
const bmp = Buffer.alloc(58);
bmp.write('BM');
bmp.writeUInt32LE(58, 2);
bmp.writeUInt32LE(54, 10);
bmp.writeUInt32LE(40, 14);
bmp.writeInt32LE(1, 18);
bmp.writeInt32LE(1, 22);
bmp.writeUInt16LE(1, 26);
bmp.writeUInt16LE(24, 28);

describe('an output of an engine', () => {
  it('is a picture where browsers show it, whatever it is called', async () => {
    for (const [format, mediaType] of [
      ['png', 'image/png'],
      ['jpeg', 'image/jpeg'],
      ['webp', 'image/webp'],
      ['gif', 'image/gif'],
      ['avif', 'image/avif'],
    ] as const) {
      const bytes = await picture().toFormat(format).toBuffer();
      for (const called of [mediaType, 'image/png'])
        expect(await inspected(bytes, called)).toEqual([{ kept: bytes, facts: [mediaType, 'main', 6, 4] }]);
    }
  });

  it('is kept beside a PNG of it where it is a TIFF', async () => {
    const bytes = await picture().tiff().toBuffer();
    for (const called of ['image/tiff', 'image/png']) {
      const [shown, whole, ...others] = await inspected(bytes, called);
      expect([shown?.facts, whole?.facts]).toEqual([
        ['image/png', 'main', 6, 4],
        ['image/tiff', 'data', null, null],
      ]);
      expect([whole?.kept?.equals(bytes), others]).toEqual([true, []]);
      expect((await sharp(shown?.kept as Buffer).metadata()).format).toBe('png');
    }
  });

  it('is kept as a file of its kind where nobody shows it', async () => {
    for (const called of ['image/bmp', 'image/png'])
      expect(await inspected(bmp, called)).toEqual([{ kept: bmp, facts: ['image/bmp', 'main', null, null] }]);
    const exr = Buffer.from('762f310102000000', 'hex');
    expect(await inspected(exr, 'image/x-exr')).toMatchObject([
      { facts: ['image/x-exr', 'main', null, null] },
    ]);
  });

  it('is refused where it is empty or damaged', async () => {
    const png = await picture().png().toBuffer();
    for (const bytes of [Buffer.alloc(0), png.subarray(0, 20), Buffer.from('no picture')])
      await expect(inspected(bytes, 'image/png')).rejects.toThrow(StudioError);
  });
});
