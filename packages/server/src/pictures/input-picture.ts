/** A stored picture as an engine reads it. */
import { createHash } from 'node:crypto';
import { SYSTEM } from '../access.ts';
import type { InputPicture } from '../engines/engine.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Pictures } from './pictures.ts';

export async function openInputPicture(pictures: Pictures, blobs: Blobs, id: string): Promise<InputPicture> {
  const { file, mediaType, width, height, sha256 } = await pictures.resolve(SYSTEM, id);
  const read = () => blobs.read(file);
  return { sha256: sha256 ?? sha256Of(await read()), mediaType, width, height, read };
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
