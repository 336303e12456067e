/** A folder of training pictures, with their captions in text files beside them. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { captionFileOf, isCaptionFile, type Language, readCaption, StudioError } from '@limner/contract';
import { CliError, EXIT } from './exit-code.ts';
import type { Words } from './words.ts';

export interface TrainingFolder {
  pictures: { name: string; path: string; caption: string }[];
  /** Number of pictures with a caption file. */
  captioned: number;
  /** Caption files without a picture of the same name. */
  alone: string[];
}

const PICTURES = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff']);

/** In the order of their names. */
export async function readTrainingFolder(
  folder: string,
  words: Words,
  language: Language,
): Promise<TrainingFolder> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new CliError(words.usage.fileMissing(folder), EXIT.usage, cause);
  });
  const names = entries.filter((name) => PICTURES.has(extname(name).toLowerCase())).sort();
  if (names.length === 0) throw new CliError(words.usage.noPictures(folder), EXIT.usage);
  const files = entries.filter(isCaptionFile).map((name) => ({ name }));
  const matched = names.map((name) => ({ name, file: captionFileOf(name, files)?.name }));
  const used = new Set(matched.map(({ file }) => file));
  const pictures = await Promise.all(
    matched.map(async ({ name, file }) => {
      const caption = file === undefined ? '' : await captionIn(join(folder, file), language);
      return { name, path: join(folder, name), caption };
    }),
  );
  return {
    pictures,
    captioned: matched.filter(({ file }) => file !== undefined).length,
    alone: files.flatMap(({ name }) => (used.has(name) ? [] : [name])).sort(),
  };
}

/** @throws CliError with the file's path when it cannot be read. */
async function captionIn(path: string, language: Language): Promise<string> {
  try {
    return readCaption(await readFile(path), path);
  } catch (cause) {
    const said = cause instanceof StudioError ? cause.body(language).message : `${path}: ${String(cause)}`;
    throw new CliError(said, EXIT.usage, cause);
  }
}
