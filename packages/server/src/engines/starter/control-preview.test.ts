import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jobContext, MODELS_DIR } from '../embedded/job-testing.ts';
import { type ControlPreviewJob, controlPreview } from './control-preview.ts';

const svg = (inside: string, width: number, height: number) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${inside}</svg>`,
    ),
  )
    .png()
    .toBuffer();
/** Red on the left, blue on the right, nothing between. */
const BARS =
  '<rect x="0" y="0" width="128" height="256" fill="#e02020"/><rect x="384" y="0" width="128" height="256" fill="#2040e0"/>';

async function look(over: Partial<ControlPreviewJob> = {}) {
  const picture = await svg(BARS, 512, 256);
  const result = await controlPreview(
    { modelsDir: MODELS_DIR, picture, type: 'canny', width: 512, height: 256, ...over },
    jobContext(),
  );
  const { data, info } = await sharp(result.png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray(4 * (y * info.width + x), 4 * (y * info.width + x) + 4),
  ];
  return { ...result, ...info, at };
}

describe('a look at what the painting model is given', () => {
  it('has the shape that will be painted, whatever that of the picture is', async () => {
    expect(await look({ width: 300, height: 640 })).toMatchObject({ width: 300, height: 640 });
  });

  it('of edges is bright where colours step, and black elsewhere', async () => {
    const { at } = await look();
    const row = Array.from({ length: 512 }, (_, x) => at(x, 128)[0] as number);
    expect(row.slice(40, 100)).toEqual(Array(60).fill(0));
    expect(Math.max(...row.slice(110, 146))).toBeGreaterThan(150);
    expect(Math.max(...row.slice(366, 402))).toBeGreaterThan(150);
  });

  it('of edges has thin lines over coarse cells, and the cells alone where nothing is drawn larger', async () => {
    const brightness = ({ at, width, height }: Awaited<ReturnType<typeof look>>) =>
      Array.from({ length: width }, (_, x) => at(x, height >> 1)[0] as number);
    const large = brightness(await look()).slice(104, 152);
    expect(large.filter((value) => value > 200).length).toBeLessThan(6);
    expect(large.filter((value) => value > 20 && value < 120).length).toBeGreaterThan(8);
    const small = brightness(await look({ width: 128, height: 64 }));
    expect(new Set(small.slice(24, 40)).size).toBeLessThanOrEqual(4);
  });

  it('of blurred colours has them in cells, and leaves open what is open', async () => {
    const { at, details } = await look({ type: 'blur' });
    expect(details).toEqual({ type: 'blur' });
    expect(at(60, 128)).toEqual([224, 32, 32, 255]);
    expect(at(440, 128)).toEqual([32, 64, 224, 255]);
    expect(at(256, 128)[3]).toBe(0);
    // One colour a cell.
    expect(at(65, 130)).toEqual(at(94, 158));
  });

  it('of a tile is the picture as far as the model can hold it', async () => {
    const { at } = await look({ type: 'tile' });
    const [red, , blue] = at(64, 128) as [number, number, number];
    expect(red - blue).toBeGreaterThan(100);
  });
});
