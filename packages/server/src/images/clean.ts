/**
 * Re-encodes a picture: all pixels decoded (so an incomplete file is found), rotated by EXIF, in sRGB, and without
 * metadata, which may contain the place of a photo. JPEG stays JPEG; everything else becomes PNG, which is lossless and
 * which every engine reads. Of an animation only the first picture is kept.
 *
 * Large pictures are decoded in a process of their own that ends with the picture: the memory of the decoder returns to
 * the system, and a crash does not affect the server.
 */

import { fork } from 'node:child_process';
import { StudioError } from '@limner/contract';
import { toStudioError } from '../error.ts';
import { type CleanOrder, type CleanSize, cleanFile } from './clean-file.ts';
import { inspect } from './inspect.ts';
import type { CleanReply } from './picture-child.ts';
import { withinMemory } from './pixel-gate.ts';

export interface CleanPicture {
  mediaType: 'image/jpeg' | 'image/png';
  extension: 'jpg' | 'png';
  width: number;
  height: number;
}

export interface CleanOptions {
  maxPixels: number;
  /** The user's file name. */
  fileName: string;
  /** The built `picture-child.ts`. */
  childEntry: string;
}

/** Pictures that decode faster than a process starts. */
const HERE_PIXELS = 4_200_000;

export async function clean(
  source: string,
  target: string,
  { maxPixels, fileName, childEntry }: CleanOptions,
): Promise<CleanPicture> {
  const header = await inspect(source, maxPixels, fileName);
  const order = { source, target, header };
  const size = await withinMemory(header.cost, () =>
    header.cost <= HERE_PIXELS ? cleanFile(order).catch(damagedOrFull) : cleanInChild(childEntry, order),
  );
  return { ...size, ...(header.mediaType === 'image/jpeg' ? JPEG : PNG) };
}

const JPEG = { mediaType: 'image/jpeg', extension: 'jpg' } as const;
const PNG = { mediaType: 'image/png', extension: 'png' } as const;

function cleanInChild(entry: string, order: CleanOrder): Promise<CleanSize> {
  return new Promise((resolve, reject) => {
    const child = fork(entry, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let reply: CleanReply | null = null;
    child.once('message', (message: CleanReply) => {
      reply = message;
    });
    child.once('error', reject);
    // Its memory is free after it exits, so the next picture at the gate may start.
    child.once('close', (_code, signal) => {
      if (reply?.size) resolve(reply.size);
      else if (reply) reject(refused(new Error(reply.message)));
      else reject(ended(signal));
    });
    child.send(order, () => {});
  });
}

/** Only the kernel's out-of-memory killer sends SIGKILL to it. */
function ended(signal: NodeJS.Signals | null): StudioError {
  const cause = new Error(`the decoder's process ended with ${signal}`);
  return new StudioError(signal === 'SIGKILL' ? 'picture_memory' : 'file_broken', { cause });
}

function damagedOrFull(error: Error): never {
  throw refused(error);
}

function refused(error: Error): StudioError {
  if (/no space left/i.test(error.message)) return toStudioError(Object.assign(error, { code: 'ENOSPC' }));
  return new StudioError('file_broken', { cause: error });
}
