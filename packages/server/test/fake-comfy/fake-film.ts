/** Films that a fake ComfyUI saves: small real files, written by ComfyUI's own encoder. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { serverDir } from '../places.ts';
import type { FakeFile } from './fake-file.ts';

/** 17 frames at 8 a second, in which a square moves from the left to the right. */
const FILMS: Record<string, { ending: string; file: string }> = {
  SaveVideo: { ending: 'mp4', file: 'square.mp4' },
  /** With transparency. */
  SaveWEBM: { ending: 'webm', file: 'square-alpha.webm' },
};
export const FILM_SIZE = { width: 96, height: 64 };

export const filmEnding = (classType: string): string | undefined => FILMS[classType]?.ending;

/** `filler`: bytes that follow the frames in a box which players skip. */
export function film(classType: string, filler: number): FakeFile {
  const { file } = FILMS[classType] ?? {};
  const bytes = readFileSync(path.join(serverDir, 'test/fake-comfy/films', String(file)));
  if (filler === 0) return { bytes, ...FILM_SIZE };
  const box = Buffer.from('\0\0\0\0free', 'latin1');
  box.writeUInt32BE(8 + filler);
  return { bytes: Buffer.concat([bytes, box]), ...FILM_SIZE, filler };
}

/** Zeros in pieces, as a large file comes over a network. */
export function* zeros(sizeBytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(2 ** 16);
  for (let left = sizeBytes; left > 0; left -= piece.length)
    yield piece.subarray(0, Math.min(left, piece.length));
}
