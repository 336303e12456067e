/**
 * What a file claims to be, found without decoding it: the kind by its first bytes, the size by its header. Throws
 * `file_type`, `file_broken` or `too_many_pixels` before anything is decoded.
 */

import { stat } from 'node:fs/promises';
import { StudioError } from '@limner/contract';
import { kindName } from './kind-name.ts';
import { loadSharp } from './sharp.ts';

export interface PictureHeader {
  mediaType: string;
  width: number;
  height: number;
  /** Memory that decoding takes, in pixels of a PNG. */
  cost: number;
}

/** How much more memory a decoder holds for each pixel; this one holds the whole picture several times. */
const WEIGHT: Record<string, number> = { 'image/avif': 2 };

/** Media type by magic bytes, and the format name that libvips must report for it. */
const READABLE: Record<string, string> = {
  'image/png': 'png',
  'image/apng': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
  'image/tiff': 'tiff',
};

/** `fileName`: the user's name of it, for the refusal. */
export async function inspect(file: string, maxPixels: number, fileName: string): Promise<PictureHeader> {
  const mediaType = await sniff(file);
  const format = mediaType === undefined ? undefined : READABLE[mediaType];
  if (mediaType === undefined || format === undefined) throw wrongKind(mediaType, fileName);
  const header = await readHeader(file);
  // If magic bytes and libvips disagree, the file was crafted.
  if (header.format !== format) throw wrongKind(header.format, fileName);
  const { width, height } = header;
  if (mediaType === 'image/jpeg' && (await stat(file)).size < leastJpegBytes(header))
    broken('too little data');
  const weight = WEIGHT[mediaType] ?? 1;
  const cost = width * height * weight;
  if (cost > maxPixels) {
    const limit = Math.floor(maxPixels / weight / 1e6);
    throw new StudioError('too_many_pixels', { data: { width, height, limit } });
  }
  return { mediaType, width, height, cost };
}

/**
 * Smallest possible JPEG of this size: each block of 8 × 8 takes at least two bits, or one in the first scan of a
 * progressive one. Finds a false header before it costs memory.
 */
const leastJpegBytes = ({
  width,
  height,
  isProgressive,
}: {
  width: number;
  height: number;
  isProgressive?: boolean;
}) => (Math.ceil(width / 8) * Math.ceil(height / 8) * (isProgressive ? 1 : 2)) / 8;

const wrongKind = (found: string | undefined, fileName: string): StudioError =>
  new StudioError('file_type', { data: { found: found ?? null, kind: kindName(found, fileName) } });

async function sniff(file: string): Promise<string | undefined> {
  const { fileTypeFromFile } = await import('file-type');
  return (await fileTypeFromFile(file).catch(() => undefined))?.mime;
}

async function readHeader(file: string) {
  const sharp = await loadSharp();
  // We check the limit ourselves, because the refusal must name the size.
  return sharp(file, { limitInputPixels: false }).metadata().catch(broken);
}

export function broken(cause: unknown): never {
  throw new StudioError('file_broken', { cause });
}
