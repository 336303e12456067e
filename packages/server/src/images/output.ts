/** Looks at what an engine made before it is kept: it must be a picture that can be read. */
import { buffer } from 'node:stream/consumers';
import { StudioError } from '@limner/contract';
import type { EngineOutput } from '../engines/engine.ts';
import { loadSharp } from './sharp.ts';

const MEDIA_TYPES: Record<string, string> = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp' };

export interface InspectedOutput {
  body: Buffer;
  mediaType: string;
  width: number;
  height: number;
}

/** @throws StudioError `no_image` for an empty or unreadable body. */
export async function inspectOutput(output: EngineOutput): Promise<InspectedOutput> {
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
  const mediaType = MEDIA_TYPES[found.format ?? ''];
  if (!mediaType) throw new StudioError('no_image', { data });
  return { body, mediaType, width: found.width, height: found.height };
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_END = Buffer.from('49454e44ae426082', 'hex');

/** Width and height of a PNG that has its beginning and its end, read without decoding it (PNG specification, 11.2.1). */
function pngSize(body: Buffer): { width: number; height: number } | null {
  const isWhole =
    body.length > 45 && body.subarray(0, 8).equals(PNG_SIGNATURE) && body.subarray(-8).equals(PNG_END);
  return isWhole ? { width: body.readUInt32BE(16), height: body.readUInt32BE(20) } : null;
}
