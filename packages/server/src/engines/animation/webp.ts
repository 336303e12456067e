/**
 * Writes animated WebP (Google's WebP container specification) of frames that libvips encodes one by one. Every frame is
 * whole and replaces the one before, alpha included.
 */
import { loadSharp } from '../../images/sharp.ts';
import type { Raster } from '../../images/stack.ts';
import type { Clip } from './clip.ts';
import type { Spool } from './spool.ts';
import { durations } from './timing.ts';

const HAS_ALPHA = 0x10;
const IS_ANIMATED = 0x02;
/** The pixels replace those below; they are not laid over them. */
const REPLACES = 0x02;
const PIXELS = ['ALPH', 'VP8 ', 'VP8L'];

export async function writeWebp(spool: Spool, clip: Clip): Promise<void> {
  const { width, height, loop, count, fps } = clip;
  const shown = durations(count, fps, 1000);
  const head = Buffer.alloc(10);
  head[0] = HAS_ALPHA | IS_ANIMATED;
  head.writeUIntLE(width - 1, 4, 3);
  head.writeUIntLE(height - 1, 7, 3);
  const animation = Buffer.alloc(6);
  animation.writeUInt16LE(loop ? 0 : 1, 4);
  await spool.write(
    Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), chunk('VP8X', head), chunk('ANIM', animation)]),
  );
  let at = 0;
  for await (const frame of clip.frames()) {
    const place = Buffer.alloc(16);
    place.writeUIntLE(width - 1, 6, 3);
    place.writeUIntLE(height - 1, 9, 3);
    place.writeUIntLE(shown[at] ?? 0, 12, 3);
    place[15] = REPLACES;
    await spool.write(chunk('ANMF', Buffer.concat([place, ...pixelsOf(await encoded(frame, clip.quality))])));
    at += 1;
  }
  const size = Buffer.alloc(4);
  size.writeUInt32LE(spool.length - 8);
  await spool.patch(4, size);
}

async function encoded({ width, height, rgba }: Raster, quality: number | null): Promise<Buffer> {
  const sharp = await loadSharp();
  const how = quality === null ? { lossless: true, exact: true, effort: 3 } : { quality, effort: 3 };
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .webp(how)
    .toBuffer();
}

/** The chunks of a file with one picture that hold its pixels. */
function pixelsOf(webp: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 12; at + 8 <= webp.length; ) {
    const padded = webp.readUInt32LE(at + 4) + (webp.readUInt32LE(at + 4) % 2);
    if (PIXELS.includes(webp.toString('latin1', at, at + 4))) chunks.push(webp.subarray(at, at + 8 + padded));
    at += 8 + padded;
  }
  return chunks;
}

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
