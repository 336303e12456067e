/** Saves pictures of the server as files: complete or absent, and never over an existing file. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, link, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import { type Output, safeFileName } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

export interface Picture {
  /** Full address. */
  url: string;
  /** As the server names it. A server may be anybody's, so its names are made safe here. */
  fileName: string;
}

/**
 * Creates the folder first, so that nothing is painted that could not be saved.
 * @returns what removes the folders that it created, as far as they are empty
 */
export async function openFolder(folder: string, words: Words): Promise<() => Promise<void>> {
  const created = await absent(folder);
  try {
    await createFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    await removeEmpty(created);
    const why = (cause as NodeJS.ErrnoException).code ?? '?';
    throw new CliError(words.usage.folderRefused(folder, why), EXIT.usage, cause);
  }
  return () => removeEmpty(created);
}

/** Node's own recursive `mkdir` never ends where a file system has no room for names, as /proc. */
export async function createFolder(folder: string): Promise<void> {
  for (const path of (await absent(folder)).reverse())
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      // Another command was faster.
      if (error.code !== 'EEXIST') throw error;
    });
  if (!(await stat(folder)).isDirectory())
    throw Object.assign(new Error(`${folder} is a file`), { code: 'ENOTDIR' });
}

/** The folder and those around it that do not exist, innermost first. */
async function absent(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (let at = resolve(folder); !(await exists(at)); at = dirname(at)) found.push(at);
  return found;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );

async function removeEmpty(folders: string[]): Promise<void> {
  try {
    for (const folder of folders) await rmdir(folder);
  } catch {
    // It holds files, or is gone already.
  }
}

/** @returns the path of the file, in the form the folder was given. */
export async function savePicture(picture: Picture, folder: string): Promise<string> {
  await createFolder(folder);
  const temporary = join(folder, `.limner-${randomUUID()}.tmp`);
  try {
    await download(picture.url, temporary);
    return await place(temporary, folder, safeFileName(picture.fileName));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** An output of the server at this address. @returns the path of the file */
export const saveOutput = (
  { url, file_name: fileName }: Output,
  serverUrl: string,
  folder: string,
): Promise<string> => savePicture({ url: new URL(url, serverUrl).href, fileName }, folder);

async function download(url: string, path: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new CliError(`${url}: HTTP ${response.status}`);
  await writeFile(path, response.body as ReadableStream, { flag: 'wx' });
}

/** `name.png`, or `name-2.png` and so on: a hard link fails if the name is taken, so two commands never write one file. */
async function place(temporary: string, folder: string, fileName: string): Promise<string> {
  const { name, ext } = parse(fileName);
  for (let number = 1; ; number++) {
    const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}${ext}`);
    try {
      await linkOrCopy(temporary, path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Some file systems (exFAT) have no hard links. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
