import { openAsBlob } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Client, Upload } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

export async function assertReadable(path: string, words: Words): Promise<void> {
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new CliError(words.usage.fileMissing(path), EXIT.usage, cause);
  });
}

/** Uploads a picture of this machine. @returns its id. */
export async function upload(client: Client, path: string, words: Words): Promise<string> {
  return (await uploaded(client, path, words)).id;
}

export async function uploaded(client: Client, path: string, words: Words): Promise<Upload> {
  await assertReadable(path, words);
  return client.call('upload', { file: await openAsBlob(path), fileName: basename(path) });
}
