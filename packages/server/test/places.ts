/** Where the repository lies, from a source file as from a bundle of it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

function rootAbove(folder: string): string {
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'limner') return folder;
  return rootAbove(path.dirname(folder));
}

export const repository = rootAbove(import.meta.dirname);
export const serverDir = path.join(repository, 'packages', 'server');
