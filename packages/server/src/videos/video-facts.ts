/** Size and duration of a stored video, read from its header. The file is never read as a whole and nothing is decoded. */
import { buffer } from 'node:stream/consumers';
import type { Blobs } from '../storage/blobs.ts';
import { matroskaFacts } from './matroska.ts';
import { mp4Facts } from './mp4.ts';
import type { ReadAt, VideoFacts } from './video-header.ts';

type Reader = (read: ReadAt, sizeBytes: number) => Promise<VideoFacts | null>;

const MEDIA_TYPES = ['video/mp4', 'video/quicktime', 'video/webm', 'video/x-matroska'];

/** Boxes that a file may begin with; QuickTime wrote no `ftyp` before 2001. */
const FIRST_BOXES = ['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid'];
const EBML = '1a45dfa3';

/**
 * `unknown`: a format that is not read here, or a header that says less or is damaged. `damaged`: an empty file, or one
 * whose first bytes are of another format than it is named after.
 */
export async function videoFacts(
  blobs: Pick<Blobs, 'stat' | 'stream'>,
  key: string,
  mediaType: string,
): Promise<VideoFacts | 'unknown' | 'damaged'> {
  if (!MEDIA_TYPES.includes(mediaType)) return 'unknown';
  const sizeBytes = (await blobs.stat(key))?.sizeBytes ?? 0;
  const read: ReadAt = async (start, length) =>
    start >= sizeBytes || length <= 0
      ? Buffer.alloc(0)
      : buffer(await blobs.stream(key, { start, end: Math.min(start + length, sizeBytes) - 1 }));
  const reader = readerOf(await read(0, 8));
  if (!reader) return 'damaged';
  const facts = await reader(read, sizeBytes).catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });
  return facts ?? 'unknown';
}

/** By the first bytes, because some programs name an MP4 file after WebM and the other way round. */
function readerOf(first: Buffer): Reader | null {
  if (first.toString('hex', 0, 4) === EBML) return matroskaFacts;
  return FIRST_BOXES.includes(first.toString('latin1', 4, 8)) ? mp4Facts : null;
}
