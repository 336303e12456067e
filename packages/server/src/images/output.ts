/** Inspects the files of an engine before they are stored: a picture must be readable, any other file must not be empty. */

import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isPictureType, type OutputRole, type Size, StudioError } from '@limner/contract';
import type { EngineOutput } from '../engines/engine.ts';
import { withinMemory } from './pixel-gate.ts';
import { PNG_SIGNATURE } from './png-chunks.ts';
import { loadSharp } from './sharp.ts';

/** By the name that libvips gives the format. AV1 in a HEIF file is AVIF, the only kind of it that it reads here. */
const PICTURES: Record<string, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heif: 'image/avif',
};
const TIFF = 'image/tiff';

/** One file to store. */
export interface InspectedOutput extends Pick<EngineOutput, 'provenance'> {
  /** Pictures are read into memory for inspection, unless the engine measured what it streams; other files are streamed. */
  body: Buffer | Readable;
  mediaType: string;
  role: OutputRole;
  width: number | null;
  height: number | null;
  durationMs: number | null;
  fps: number | null;
}

/**
 * The files to store of one output. A TIFF, which browsers do not show, is kept beside a PNG of it. Other pictures that
 * are not shown here, such as BMP or EXR, are kept as files, whatever they are called.
 * @throws StudioError `no_image` for an empty or unreadable picture.
 */
export async function inspectOutput(output: EngineOutput): Promise<InspectedOutput[]> {
  const { body, mediaType, provenance, role = 'main' } = output;
  const { width = null, height = null, durationMs = null, fps = null } = output;
  const file = { body, mediaType, provenance, role, width, height, durationMs, fps };
  const isMeasured = !Buffer.isBuffer(body) && width !== null && height !== null;
  if (isMeasured || (!isPictureType(mediaType) && mediaType !== TIFF)) return [file];
  const bytes = Buffer.isBuffer(body) ? body : await buffer(body);
  const read = { ...file, body: bytes };
  try {
    return [{ ...read, ...(await pictureFacts(bytes)) }];
  } catch (cause) {
    const kept = await otherFiles(read);
    if (kept) return kept;
    throw new StudioError('no_image', { data: { engine: provenance.engine }, cause });
  }
}

/** Of a file of a kind that is not shown here; null for a picture that is damaged, and for what no reader knows. */
async function otherFiles(file: InspectedOutput & { body: Buffer }): Promise<InspectedOutput[] | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  const mediaType = (await fileTypeFromBuffer(file.body).catch(() => undefined))?.mime;
  if (mediaType === undefined || isPictureType(mediaType)) return null;
  const shown = mediaType === TIFF ? await asPng(file.body) : null;
  return shown
    ? [
        { ...file, ...shown },
        { ...file, mediaType, role: 'data' },
      ]
    : [{ ...file, mediaType }];
}

/** null: it cannot be decoded. */
async function asPng(bytes: Buffer): Promise<(PictureFacts & { body: Buffer }) | null> {
  const picture = (await loadSharp())(bytes);
  try {
    const { width, height } = await picture.metadata();
    const body = await withinMemory(width * height, () => picture.png().toBuffer());
    return { body, mediaType: 'image/png', width, height };
  } catch {
    return null;
  }
}

export interface PictureFacts extends Size {
  mediaType: string;
}

/** Throws for what is empty, incomplete or no picture of the kinds that are shown. */
export async function pictureFacts(body: Buffer): Promise<PictureFacts> {
  if (body.length === 0) throw new Error('the picture is empty');
  const quick = pngSize(body);
  if (quick) return { mediaType: 'image/png', ...quick };
  const found = await (await loadSharp())(body).metadata();
  const mediaType = PICTURES[found.format ?? ''];
  if (!mediaType) throw new Error(`no picture format of ours: ${found.format}`);
  return { mediaType, width: found.width, height: found.height };
}

const PNG_END = Buffer.from('49454e44ae426082', 'hex');

/** It has its beginning and its end. */
export const isWholePng = (body: Buffer): boolean =>
  body.length > 45 && body.subarray(0, 8).equals(PNG_SIGNATURE) && body.subarray(-8).equals(PNG_END);

/** Width and height of a whole PNG, read without decoding it (PNG specification, 11.2.1). */
const pngSize = (body: Buffer): Size | null =>
  isWholePng(body) ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) } : null;
