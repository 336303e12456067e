/**
 * Writes animated PNGs (PNG specification, third edition, 11.3.6) of frames that libvips encodes one by one: the pixels of
 * each file become the data of a frame. Programs without animation show the first one.
 */
import { PNG_SIGNATURE, pngChunk, pngChunks } from '../../images/png-chunks.ts';
import { encodeRaster } from '../../images/stack.ts';
import type { Clip } from './clip.ts';
import type { Spool } from './spool.ts';

const ANIMATED_ENDLESSLY = 0;

export async function writeApng(spool: Spool, clip: Clip): Promise<void> {
  let sequence = 0;
  for await (const frame of clip.frames()) {
    const chunks = pngChunks(await encodeRaster(frame));
    const isFirst = sequence === 0;
    if (isFirst)
      await spool.write(
        Buffer.concat([
          PNG_SIGNATURE,
          ...chunks.filter(({ type }) => type === 'IHDR').map(({ data }) => pngChunk('IHDR', data)),
          pngChunk('acTL', uint32s(clip.count, clip.loop ? ANIMATED_ENDLESSLY : 1)),
        ]),
      );
    await spool.write(pngChunk('fcTL', controlOf(sequence++, clip)));
    for (const { type, data } of chunks) {
      if (type !== 'IDAT') continue;
      if (isFirst) await spool.write(pngChunk('IDAT', data));
      else await spool.write(pngChunk('fdAT', Buffer.concat([uint32s(sequence++), data])));
    }
  }
  await spool.write(pngChunk('IEND', Buffer.alloc(0)));
}

/** A whole frame that replaces what is shown, for 1 / fps seconds. */
function controlOf(sequence: number, { width, height, fps }: Clip): Buffer {
  const isWhole = Number.isInteger(fps);
  const delay = Buffer.alloc(6);
  delay.writeUInt16BE(isWhole ? 1 : 1000, 0);
  delay.writeUInt16BE(isWhole ? fps : Math.round(1000 * fps), 2);
  return Buffer.concat([uint32s(sequence, width, height, 0, 0), delay]);
}

function uint32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, 4 * at);
  return bytes;
}
