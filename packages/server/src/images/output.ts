/** Inspects the files of an engine before they are stored: a picture must be readable, any other file must not be empty. */

import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Size, StudioError } from '@limner/contract';
import type { EngineOutput } from '../engines/engine.ts';
import { PNG_SIGNATURE } from './png-chunks.ts';
import { loadSharp } from './sharp.ts';

const PICTURES: Record<string, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
};

export interface InspectedOutput {
  /** Pictures are read into memory for inspection, unless the engine measured what it streams; other files are streamed. */
  body: Buffer | Readable;
  mediaType: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** @throws StudioError `no_image` for an empty or unreadable picture. */
export async function inspectOutput(output: EngineOutput): Promise<InspectedOutput> {
  const { body, mediaType, durationMs = null, width = null, height = null } = output;
  const isMeasured = !Buffer.isBuffer(body) && width !== null && height !== null;
  if (!mediaType.startsWith('image/') || isMeasured) return { body, mediaType, width, height, durationMs };
  return { ...(await inspectPicture(output)), durationMs };
}

async function inspectPicture(output: EngineOutput) {
  const body = Buffer.isBuffer(output.body) ? output.body : await buffer(output.body);
  const facts = await pictureFacts(body).catch((cause) => {
    throw new StudioError('no_image', { data: { engine: output.provenance.engine }, cause });
  });
  return { body, ...facts };
}

export interface PictureFacts extends Size {
  mediaType: string;
}

/** Throws for what is empty, incomplete or no picture. */
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
