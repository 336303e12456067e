/** Names under which pictures are saved: the start of the prompt makes them readable, the ids make them unique. */
import { type OutputName, outputId } from './output-name.ts';

const MAX_SLUG_CHARS = 40;

/** `a-red-dragon`, `红色的龙`: letters and digits of any script only, so that every file system takes it. */
export function slug(prompt: string): string {
  const words =
    prompt
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{Letter}\p{Mark}\p{Number}]+/gu) ?? [];
  return [...words.join('-')].slice(0, MAX_SLUG_CHARS).join('').replace(/-$/, '');
}

const extensionOf = (file: string): string => /\.[a-z0-9]{2,12}$/.exec(file)?.[0] ?? '';

/** In an archive: in the order they were made, whatever sorts them. */
export function archivedName(picture: OutputName & { prompt: string; file: string }): string {
  const parts = [outputId(picture), slug(picture.prompt)].filter((part) => part !== '');
  return `${parts.join('_')}${extensionOf(picture.file)}`;
}
