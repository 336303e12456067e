/** The keys of blobs, which are equal in every adapter. */
import path from 'node:path';
import { StudioError } from '@limner/contract';

/** Also the files in the work folder of a run. */
const KEY = /^((set-aside\/\d{4}-\d{2}-\d{2}\/)?[a-z]+|runs\/\d+)\/[A-Za-z0-9_.-]+$/;
const FOLDER = /^[a-z]+\/[A-Za-z0-9_-]+\/$/;
const ASIDE = 'set-aside';

export const isBlobKey = (key: string): boolean => KEY.test(key) && !key.includes('..');

/** @returns the key. @throws for anything that is not one */
export function blobKey(key: string): string {
  if (!isBlobKey(key)) throw new Error(`not a blob key: ${key}`);
  return key;
}

/** @returns the folder. @throws for anything that is not a subfolder of blobs such as `runs/12/` */
export function blobFolder(folder: string): string {
  if (!FOLDER.test(folder) || folder.includes('..')) throw new Error(`not a folder of blobs: ${folder}`);
  return folder;
}

/** `set-aside/2026-01-02/outputs/1_0.png`, then the same with `-2`, `-3`, … before the extension. */
export function* asideKeys(key: string, day: string): Generator<string> {
  const { dir, name, ext } = path.posix.parse(`${ASIDE}/${day}/${key}`);
  for (let n = 1; ; n += 1) yield `${dir}/${name}${n === 1 ? '' : `-${n}`}${ext}`;
}

export const blobNotFound = (key: string): StudioError =>
  new StudioError('file_not_found', { data: { name: path.posix.basename(key) } });

export const blobTooLarge = (limitBytes: number): StudioError =>
  new StudioError('file_too_large', { data: { limit: `${limitBytes} bytes` } });
