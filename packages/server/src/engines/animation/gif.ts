/**
 * Writes animated GIFs (GIF89a) of frames that libvips encodes one by one: the blocks of each file are put one after the
 * other, each with its own palette. Every frame is whole, and what it showed is cleared before the next one.
 */
import { loadSharp } from '../../images/sharp.ts';
import type { Raster } from '../../images/stack.ts';
import type { Clip } from './clip.ts';
import type { Spool } from './spool.ts';
import { durations } from './timing.ts';

const CLEARED = 2;
const TRAILER = 0x3b;

export async function writeGif(spool: Spool, clip: Clip): Promise<void> {
  const delays = durations(clip.count, clip.fps, 100);
  await spool.write(headOf(clip));
  let at = 0;
  for await (const frame of clip.frames()) {
    const { image, transparent } = imageOf(await encoded(frame));
    await spool.write(controlOf(delays[at] ?? 0, transparent));
    await spool.write(image);
    at += 1;
  }
  await spool.write(Buffer.from([TRAILER]));
}

async function encoded({ width, height, rgba }: Raster): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .gif({ colours: 256, effort: 7 })
    .toBuffer();
}

function headOf({ width, height, loop }: Clip): Buffer {
  const screen = Buffer.alloc(7);
  screen.writeUInt16LE(width, 0);
  screen.writeUInt16LE(height, 2);
  const endless = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0', 'latin1');
  return Buffer.concat([Buffer.from('GIF89a'), screen, loop ? endless : Buffer.alloc(0)]);
}

/** Graphic control extension. @param transparent index of the transparent colour */
function controlOf(delay: number, transparent: number | null): Buffer {
  const block = Buffer.from([
    0x21,
    0xf9,
    4,
    (CLEARED << 2) | (transparent === null ? 0 : 1),
    0,
    0,
    transparent ?? 0,
    0,
  ]);
  block.writeUInt16LE(delay, 4);
  return block;
}

/** The image block of a file with one frame, with its colours in a table of its own. */
export function imageOf(gif: Buffer): { image: Buffer; transparent: number | null } {
  const global = tableAt(gif, 13, gif[10] as number);
  let at = 13 + global.length;
  let transparent: number | null = null;
  while (gif[at] === 0x21) {
    if (gif[at + 1] === 0xf9 && ((gif[at + 3] as number) & 1) === 1) transparent = gif[at + 6] as number;
    at = afterBlocks(gif, at + 2);
  }
  if (gif[at] !== 0x2c) throw new Error('the encoder made a GIF without an image');
  const flags = gif[at + 9] as number;
  const own = tableAt(gif, at + 10, flags);
  const table = own.length > 0 ? own : global;
  const data = at + 10 + own.length;
  const descriptor = Buffer.from(gif.subarray(at, at + 10));
  // Its own table, of so many colours; interlacing stays as it is.
  descriptor[9] = 0x80 | (flags & 0x40) | (Math.log2(table.length / 3) - 1);
  return {
    image: Buffer.concat([descriptor, table, gif.subarray(data, afterBlocks(gif, data + 1))]),
    transparent,
  };
}

const tableAt = (gif: Buffer, at: number, flags: number): Buffer =>
  gif.subarray(at, at + ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)));

/** Behind a row of blocks with their lengths before them, and the empty one that ends it. */
function afterBlocks(gif: Buffer, from: number): number {
  let at = from;
  while (gif[at] !== 0) at += 1 + (gif[at] as number);
  return at + 1;
}
