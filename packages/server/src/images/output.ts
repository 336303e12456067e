/** Inspects the files of an engine before they are stored: a picture must be readable, any other file must not be empty. */

import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Size, StudioError } from '@limner/contract';
import type { EngineOutput } from '../engines/engine.ts';
import { loadSharp } from './sharp.ts';

const PICTURES: Record<string, string> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
};

export interface InspectedOutput {
  /** Pictures are read into memory for inspection; other files are streamed to storage. */
  body: Buffer | Readable;
  mediaType: string;
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** @throws StudioError `no_image` for an empty or unreadable picture. */
export async function inspectOutput(output: EngineOutput): Promise<InspectedOutput> {
  const { body, mediaType, durationMs = null } = output;
  if (!mediaType.startsWith('image/')) {
    const { width = null, height = null } = output;
    return { body, mediaType, width, height, durationMs };
  }
  return { ...(await inspectPicture(output)), durationMs };
}

async function inspectPicture(output: EngineOutput) {
  const body = Buffer.isBuffer(output.body) ? output.body : await buffer(output.body);
  const data = { engine: output.provenance.engine };
  if (body.length === 0) throw new StudioError('no_image', { data });
  const quick = pngSize(body);
  if (quick) return { body, mediaType: 'image/png', ...quick };
  const found = await (await loadSharp())(body)
    .metadata()
    .catch((cause) => {
      throw new StudioError('no_image', { data, cause });
    });
  const mediaType = PICTURES[found.format ?? ''];
  if (!mediaType) throw new StudioError('no_image', { data });
  return { body, mediaType, width: found.width, height: found.height };
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_END = Buffer.from('49454e44ae426082', 'hex');

/** Width and height of a PNG that has its beginning and its end, read without decoding it (PNG specification, 11.2.1). */
function pngSize(body: Buffer): Size | null {
  const isWhole =
    body.length > 45 && body.subarray(0, 8).equals(PNG_SIGNATURE) && body.subarray(-8).equals(PNG_END);
  return isWhole ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) } : null;
}
