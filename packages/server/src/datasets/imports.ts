/** Files, archives and folders that are added to data sets. */

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import {
  type Caller,
  type DatasetFolder,
  type DatasetWork,
  type ImportedFile,
  StudioError,
} from '@limner/contract';
import { refuseStranger } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import { upTo } from '../uploads/receive.ts';
import { addFiles, type FoundFile } from './added-files.ts';
import { doneWork } from './datasets.ts';
import type { DatasetFolders } from './folders.ts';
import type { SetPictures } from './set-pictures.ts';
import type { DatasetWorks } from './work.ts';
import { openZip } from './zip-files.ts';

export interface DatasetImportsOptions {
  bus: Pick<Bus, 'publish'>;
  setPictures: SetPictures;
  folders: DatasetFolders;
  works: DatasetWorks;
  /** Where archives are received, on a disk of this machine. */
  incomingDir: string;
  maxZipBytes: number;
}

export class DatasetImports {
  readonly #options: DatasetImportsOptions;

  constructor(options: DatasetImportsOptions) {
    this.#options = options;
  }

  get maxZipBytes(): number {
    return this.#options.maxZipBytes;
  }

  /** @throws StudioError `dataset_not_found`, `dataset_full`, `archive_broken`, `archive_too_many`, `file_too_large` */
  async addFile(caller: Caller, set: number, body: Readable, fileName: string): Promise<DatasetWork> {
    const { incomingDir, setPictures, maxZipBytes } = this.#options;
    await setPictures.refuseUnknown(caller, set);
    await mkdir(incomingDir, { recursive: true });
    const received = path.join(incomingDir, randomUUID());
    try {
      await writeFile(received, upTo(maxZipBytes, body));
      if ((await isZip(received)) || /\.zip$/i.test(fileName))
        return await this.#addZip(caller, set, received);
      const file = { name: fileName, open: async () => createReadStream(received) };
      const files: ImportedFile[] = [];
      await addFiles([file], { caller, set, pictures: setPictures, told: (each) => void files.push(each) });
      this.#options.bus.publish({ type: 'changed', list: 'datasets' });
      await rm(received, { force: true });
      const [only] = files;
      // One file is a request of its own, so its refusal is the answer.
      if (only?.error && files.length === 1) throw refusalOfOne(only);
      return doneWork(set, files);
    } catch (error) {
      await rm(received, { force: true });
      throw error;
    }
  }

  listFolders(caller: Caller): Promise<DatasetFolder[]> {
    refuseStranger(caller);
    return this.#options.folders.list();
  }

  /** @throws StudioError `dataset_not_found`, `folder_not_found` */
  async addFolder(caller: Caller, set: number, folder: string): Promise<DatasetWork> {
    await this.#options.setPictures.refuseUnknown(caller, set);
    return this.#begin(caller, set, await this.#options.folders.files(folder));
  }

  async #addZip(caller: Caller, set: number, received: string): Promise<DatasetWork> {
    const zip = await openZip(received);
    const end = async () => {
      zip.close();
      await rm(received, { force: true });
    };
    try {
      return await this.#begin(caller, set, zip.files, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  #begin(caller: Caller, set: number, files: FoundFile[], end?: () => Promise<void>): Promise<DatasetWork> {
    const { works, setPictures: pictures } = this.#options;
    return works.begin(
      caller,
      set,
      'import',
      files.length,
      ({ told, signal }) => addFiles(files, { caller, set, pictures, told, signal }),
      end,
    );
  }
}

const refusalOfOne = ({ error }: ImportedFile): StudioError =>
  new StudioError(error?.code ?? 'internal', { data: error?.data ?? {}, field: 'file' });

/** Also of an archive that is cut off, whose directory at the end is missing. */
async function isZip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    // The mark of a file's header, or of the end of an empty archive.
    return bytesRead === 4 && ['504b0304', '504b0506', '504b0708'].includes(buffer.toString('hex'));
  } finally {
    await handle.close();
  }
}
