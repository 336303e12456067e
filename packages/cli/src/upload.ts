import { openAsBlob } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client, Upload } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

export const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** Not a folder, which cannot be sent. */
export const isReadableFile = async (path: string): Promise<boolean> =>
  (await isReadable(path)) && !(await stat(path)).isDirectory();

/** Uploads a picture of this machine. @returns its id. */
export async function upload(client: Client, path: string, words: Words): Promise<string> {
  return (await uploaded(client, path, words)).id;
}

export async function uploaded(client: Client, path: string, words: Words): Promise<Upload> {
  if (!(await isReadableFile(path))) throw new CliError(words.usage.fileMissing(path), EXIT.usage);
  return client.call('upload', { file: await openAsBlob(path), fileName: basename(path) });
}
