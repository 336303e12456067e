/**
 * Writes a sprite sheet as PNG, one band of rows at a time: a sheet of 64 megapixels takes 256 MB, and so does its only row
 * of cells if it has one. The frames of a row of cells wait in a file beside the sheet, from which the bands are read.
 * Rows of pixels are stored as differences from the pixel to the left (filter 1), which suits drawn and transparent areas.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { createDeflate } from 'node:zlib';
import type { SheetLayout } from '@limner/contract';
import { inSlices } from '../../images/in-slices.ts';
import { PNG_SIGNATURE, pngChunk } from '../../images/png-chunks.ts';
import type { Raster } from '../../images/stack.ts';
import type { Spool } from './spool.ts';

const PIXEL_BYTES = 4;
const FROM_THE_LEFT = 1;
const RGBA = 6;
const BAND_BYTES = 4_000_000;

/** @param rowFile path of the file in which frames wait; it replaces what is there, and whoever calls removes it */
export async function writeSheet(
  spool: Spool,
  layout: SheetLayout,
  { frames, rowFile }: { frames: AsyncIterable<Raster>; rowFile: string },
): Promise<void> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(layout.width, 0);
  header.writeUInt32BE(layout.height, 4);
  header.set([8, RGBA, 0, 0, 0], 8);
  await spool.write(Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header)]));
  const deflate = createDeflate({ level: 6 });
  const written = writeChunks(spool, deflate);
  const file = await open(rowFile, 'w+');
  try {
    for await (const rows of bandsOf(layout, frames, file))
      await passOn(deflate, await filtered(rows, layout.width));
    deflate.end();
  } catch (error) {
    deflate.destroy();
    await written.catch(() => undefined);
    throw error;
  } finally {
    await file.close();
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
async function* bandsOf(
  layout: SheetLayout,
  frames: AsyncIterable<Raster>,
  file: FileHandle,
): AsyncGenerator<Buffer> {
  const { width, height, columns, rows, cell, padding, places } = layout;
  const cellBytes = PIXEL_BYTES * cell.width * cell.height;
  let at = 0;
  for await (const { rgba } of frames) {
    await file.write(rgba, 0, cellBytes, (at % columns) * cellBytes);
    at += 1;
    if (at % columns !== 0 && at !== places.length) continue;
    yield* emptyBands(width, padding);
    yield* cellBands(layout, places.slice(at - 1 - ((at - 1) % columns), at), file);
  }
  yield* emptyBands(width, height - rows * (cell.height + padding));
}

const bandRows = (width: number): number => Math.max(1, Math.floor(BAND_BYTES / (PIXEL_BYTES * width)));

function* emptyBands(width: number, rows: number): Generator<Buffer> {
  const most = bandRows(width);
  for (let left = rows; left > 0; left -= most)
    yield Buffer.alloc(PIXEL_BYTES * width * Math.min(left, most));
}

/** One row of cells, without the padding above. @param places of the frames, whose pixels are in `file` */
async function* cellBands(
  { width, cell }: SheetLayout,
  places: readonly { x: number }[],
  file: FileHandle,
): AsyncGenerator<Buffer> {
  const most = bandRows(width);
  const rowBytes = PIXEL_BYTES * cell.width;
  const part = Buffer.alloc(rowBytes * Math.min(most, cell.height));
  for (let from = 0; from < cell.height; from += most) {
    const rows = Math.min(most, cell.height - from);
    const band = Buffer.alloc(PIXEL_BYTES * width * rows);
    for (const [slot, { x }] of places.entries()) {
      await file.read(part, 0, rows * rowBytes, (slot * cell.height + from) * rowBytes);
      for (let row = 0; row < rows; row++)
        part.copy(band, PIXEL_BYTES * (row * width + x), row * rowBytes, (row + 1) * rowBytes);
    }
    yield band;
  }
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
