/** Size and duration of a stored video, read from its header. The file is never read as a whole and nothing is decoded. */
import { buffer } from 'node:stream/consumers';
import type { Blobs } from '../storage/blobs.ts';
import { matroskaFacts } from './matroska.ts';
import { mp4Facts } from './mp4.ts';
import type { ReadAt, VideoFacts } from './video-header.ts';

const READERS: Record<string, (read: ReadAt, sizeBytes: number) => Promise<VideoFacts | null>> = {
  'video/mp4': mp4Facts,
  'video/quicktime': mp4Facts,
  'video/webm': matroskaFacts,
  'video/x-matroska': matroskaFacts,
};

/** `unknown`: a format that is not read here. `damaged`: no header, or one without pictures. */
export async function videoFacts(
  blobs: Pick<Blobs, 'stat' | 'stream'>,
  key: string,
  mediaType: string,
): Promise<VideoFacts | 'unknown' | 'damaged'> {
  const reader = READERS[mediaType];
  if (!reader) return 'unknown';
  const sizeBytes = (await blobs.stat(key))?.sizeBytes ?? 0;
  const read: ReadAt = async (start, length) =>
    start >= sizeBytes || length <= 0
      ? Buffer.alloc(0)
      : buffer(await blobs.stream(key, { start, end: Math.min(start + length, sizeBytes) - 1 }));
  const facts = await reader(read, sizeBytes).catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });
  return facts ?? 'damaged';
}
