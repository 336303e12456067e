/** The name of a saved picture. Downloads, archives and the command line use the same. */
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

/**
 * `12_0_a-red-dragon.png`: task and picture first, so that names are unique and sort as the pictures were made.
 * @param id of the output
 * @param file its URL or key, for the ending
 */
export function pictureName({ id, prompt, file }: { id: string; prompt: string; file: string }): string {
  return `${[id, slug(prompt)].filter((part) => part !== '').join('_')}${extensionOf(file)}`;
}
