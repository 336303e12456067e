/** Files that a program left, by patterns of their names. */
import { constants } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

export interface Found {
  path: string;
  mtimeMs: number;
}

/**
 * What matches `pattern` below `root`: names with `*` for any characters, separated by `/`. Links are left out. Sorted by
 * time, the newest last.
 */
export async function filesMatching(root: string, pattern: string): Promise<Found[]> {
  const segments = pattern.split('/').filter((each) => each !== '' && each !== '.' && each !== '..');
  return (await below(root, segments)).sort((a, b) => a.mtimeMs - b.mtimeMs);
}

async function below(folder: string, [segment, ...rest]: readonly string[]): Promise<Found[]> {
  if (segment === undefined) return [];
  const isMatch = expression(segment);
  const found: Found[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isMatch.test(name)) continue;
    const file = path.join(folder, name);
    const stat = await lstat(file).catch(() => null);
    if (!stat || stat.isSymbolicLink()) continue;
    if (rest.length > 0) found.push(...(await below(file, rest)));
    else found.push({ path: file, mtimeMs: stat.mtimeMs });
  }
  return found;
}

const expression = (segment: string): RegExp =>
  new RegExp(`^${segment.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** `style-step00000250`, `style_000000250`, `0000030_checkpoint`; null: it names no step. */
export function stepIn(name: string): number | null {
  const [, step] = /step[_-]?(\d+)/i.exec(name) ?? /(?:^|\D)(\d{6,})(?:\D|$)/.exec(name) ?? [];
  return step === undefined ? null : Number(step);
}

/** A command as it would be found; null: it is not there, or is no program. */
export async function commandPath(command: string, searchPath: string): Promise<string | null> {
  const isPlain = !command.includes('/') && !command.includes('\\');
  const places = isPlain ? searchPath.split(path.delimiter).filter(Boolean) : [''];
  for (const place of places) {
    const file = path.join(place, command);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
