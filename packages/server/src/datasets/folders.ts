/**
 * Folders with pictures in `datasets` of the data folder. A folder is named by the list, and a name that the list does not have
 * is not found, so no client's text becomes a path. Links are not followed.
 */
import { constants, type Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { type DatasetFolder, StudioError } from '@limner/contract';
import type { FoundFile } from './added-files.ts';

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;
/** Folders within a folder. */
const MOST_DEPTH = 4;
const MOST_FILES = 4_000;

export class DatasetFolders {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<DatasetFolder[]> {
    const folders: DatasetFolder[] = [];
    for (const name of await this.#names()) {
      const files = await filesIn(path.join(this.#root, name));
      folders.push({ name, pictures: files.filter((file) => PICTURE.test(file.name)).length });
    }
    return folders;
  }

  /** All of them, so that each that is no picture is answered by name. @throws StudioError `folder_not_found` */
  async files(folder: string): Promise<FoundFile[]> {
    if (!(await this.#names()).includes(folder))
      throw new StudioError('folder_not_found', { data: { name: folder }, field: 'folder' });
    const root = path.join(this.#root, folder);
    const found = await filesIn(root);
    return found.map(({ name, isLink }) => ({
      name,
      ...(isLink ? { refusal: new StudioError('link_refused') } : {}),
      open: () => openPlain(path.join(root, name)),
    }));
  }

  async #names(): Promise<string[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(nothingThere);
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  }
}

interface FileOfFolder {
  /** With its folders, which `/` separates. */
  name: string;
  isLink: boolean;
}

async function filesIn(root: string): Promise<FileOfFolder[]> {
  const files: FileOfFolder[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    for (const entry of await readdir(path.join(root, below), { withFileTypes: true }).catch(nothingThere)) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (files.length >= MOST_FILES) return;
      if (entry.isSymbolicLink()) files.push({ name, isLink: true });
      else if (entry.isFile()) files.push({ name, isLink: false });
      else if (entry.isDirectory() && depth < MOST_DEPTH) await walk(name, depth + 1);
    }
  };
  await walk('', 0);
  return files;
}

/** The file may have become a link since the folder was read. */
async function openPlain(file: string) {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'ELOOP'
      ? new StudioError('link_refused', { cause })
      : new StudioError('file_not_found', { data: { name: path.basename(file) }, cause });
  });
  return handle.createReadStream();
}

const nothingThere = (): Dirent[] => [];
