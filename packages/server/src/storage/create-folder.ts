import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Creates the folder and those around it. Node's own recursive `mkdir` never ends where a file system has no room for
 * names, as /proc, and holds a thread for ever.
 * @throws the error of `mkdir`
 */
export async function createFolder(folder: string): Promise<void> {
  const parent = path.dirname(path.resolve(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || (await isThere(parent))) throw error;
    await createFolder(parent);
    await createFolder(folder);
  }
}

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  );
