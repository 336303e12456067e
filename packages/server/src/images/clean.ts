/**
 * Writes a picture anew: decoded to the last pixel (so a file that is cut short is found out), turned as its EXIF says,
 * in sRGB, and without metadata, which may tell where a photo was taken. JPEG stays JPEG; everything else becomes PNG,
 * which loses nothing and which every engine reads. Of an animation the first picture stays.
 *
 * Large pictures are decoded in a process of their own that ends with the picture: what decoders keep of their memory
 * goes back to the system, and one that crashes takes no server with it.
 */
import { fork } from 'node:child_process';
import { StudioError, toStudioError } from '../error.ts';
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
  /** What the user calls it. */
  fileName: string;
  /** The built `picture-child.ts`. */
  childEntry: string;
}

/** What decodes quicker than a process starts. */
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
    // After its end its memory is free: whoever waits at the gate may begin.
    child.once('close', (_code, signal) => {
      if (reply?.size) resolve(reply.size);
      else if (reply) reject(refused(new Error(reply.message)));
      else reject(ended(signal));
    });
    child.send(order, () => {});
  });
}

/** Nobody else sends SIGKILL to it but the kernel's out-of-memory killer. */
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
