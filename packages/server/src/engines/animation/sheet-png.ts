/**
 * Writes a sprite sheet as PNG, one row of cells at a time: a sheet of 64 megapixels takes 256 MB, a row of it far less.
 * Rows of pixels are stored as differences from the pixel to the left (filter 1), which suits drawn and transparent areas.
 */
import { createDeflate } from 'node:zlib';
import { inSlices } from '../../images/in-slices.ts';
import { PNG_SIGNATURE, pngChunk } from '../../images/png-chunks.ts';
import type { Raster } from '../../images/stack.ts';
import type { SheetLayout } from './sheet-layout.ts';
import type { Spool } from './spool.ts';

const PIXEL_BYTES = 4;
const FROM_THE_LEFT = 1;
const RGBA = 6;

export async function writeSheet(
  spool: Spool,
  layout: SheetLayout,
  frames: AsyncIterable<Raster>,
): Promise<void> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(layout.width, 0);
  header.writeUInt32BE(layout.height, 4);
  header.set([8, RGBA, 0, 0, 0], 8);
  await spool.write(Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header)]));
  const deflate = createDeflate({ level: 6 });
  const written = writeChunks(spool, deflate);
  try {
    for await (const rows of stripsOf(layout, frames))
      await passOn(deflate, await filtered(rows, layout.width));
    deflate.end();
  } catch (error) {
    deflate.destroy();
    await written.catch(() => undefined);
    throw error;
  }
  await written;
  await spool.write(pngChunk('IEND', Buffer.alloc(0)));
}

async function writeChunks(spool: Spool, deflated: AsyncIterable<Buffer>): Promise<void> {
  for await (const bytes of deflated) await spool.write(pngChunk('IDAT', bytes));
}

const passOn = (deflate: ReturnType<typeof createDeflate>, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => deflate.write(bytes, (error) => (error ? reject(error) : resolve())));

/** The sheet from above to below: rows of cells with the padding above them, then what is below the last. */
async function* stripsOf(layout: SheetLayout, frames: AsyncIterable<Raster>): AsyncGenerator<Buffer> {
  const { width, height, columns, rows, cell, padding, places } = layout;
  const rowPx = cell.height + padding;
  let strip = Buffer.alloc(0);
  let at = 0;
  for await (const frame of frames) {
    if (at % columns === 0) strip = Buffer.alloc(PIXEL_BYTES * width * rowPx);
    put(strip, width, frame, places[at]?.x ?? 0, padding);
    at += 1;
    if (at % columns === 0 || at === places.length) yield strip;
  }
  // At once it could be most of a sheet whose sides are powers of two.
  for (let left = height - rows * rowPx; left > 0; left -= rowPx)
    yield Buffer.alloc(PIXEL_BYTES * width * Math.min(left, rowPx));
}

function put(strip: Buffer, width: number, frame: Raster, left: number, top: number): void {
  const rowBytes = PIXEL_BYTES * frame.width;
  for (let y = 0; y < frame.height; y++)
    frame.rgba.copy(strip, PIXEL_BYTES * ((top + y) * width + left), y * rowBytes, (y + 1) * rowBytes);
}

/** Each row of pixels with its filter before it. */
async function filtered(rgba: Buffer, width: number): Promise<Buffer> {
  const rowBytes = PIXEL_BYTES * width;
  const rows = rgba.length / rowBytes;
  const bytes = Buffer.alloc(rows * (rowBytes + 1));
  const filter = (from: number, to: number) => {
    for (let row = from; row < to; row++) {
      const of = row * rowBytes;
      const at = row * (rowBytes + 1);
      bytes[at] = FROM_THE_LEFT;
      for (let x = 0; x < rowBytes; x++) {
        const left = x < PIXEL_BYTES ? 0 : (rgba[of + x - PIXEL_BYTES] as number);
        bytes[at + 1 + x] = (rgba[of + x] as number) - left;
      }
    }
  };
  await inSlices(rows, filter, { pixels: width });
  return bytes;
}
