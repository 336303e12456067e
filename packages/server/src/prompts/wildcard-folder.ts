/**
 * The folder of wildcards: text files that Limner and people write. It is read anew for every use, and a file again when
 * its size or time has changed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodedText, MAX_WILDCARD_BYTES, MAX_WILDCARD_FOLDERS, plainName } from '@limner/contract';
import { type Entries, entriesIn, unusable } from './entries.ts';

export interface WildcardFile {
  name: string;
  path: string;
  sizeBytes: number;
  modifiedMs: number;
}

interface Known {
  stamp: string;
  entries: Entries;
}

const ENDING = '.txt';
const MAX_FILES = 10_000;
/** Entries in memory. */
const MAX_KNOWN_ENTRIES = 1_000_000;

export class WildcardFolder {
  readonly #root: string;
  readonly #known = new Map<string, Known>();

  constructor(root: string) {
    this.#root = root;
  }

  /** By name. Hidden files and those of other kinds are left out. */
  async files(): Promise<WildcardFile[]> {
    const found: WildcardFile[] = [];
    await this.#collect('', 0, found);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #collect(folder: string, deep: number, found: WildcardFile[]): Promise<void> {
    const entries = await readdir(path.join(this.#root, folder)).catch(() => []);
    for (const entry of entries) {
      if (entry.startsWith('.') || found.length >= MAX_FILES) continue;
      const within = folder === '' ? entry : `${folder}/${entry}`;
      const facts = await stat(path.join(this.#root, within)).catch(() => null);
      if (facts?.isDirectory() && deep < MAX_WILDCARD_FOLDERS) await this.#collect(within, deep + 1, found);
      if (!facts?.isFile() || !entry.toLowerCase().endsWith(ENDING)) continue;
      found.push({
        name: plainName(within.slice(0, -ENDING.length)),
        path: path.join(this.#root, within),
        sizeBytes: facts.size,
        modifiedMs: facts.mtimeMs,
      });
    }
  }

  /** @throws StudioError `wildcard_unusable` */
  async entries(file: WildcardFile): Promise<Entries> {
    const stamp = `${file.sizeBytes}/${file.modifiedMs}`;
    const known = this.#known.get(file.path);
    if (known?.stamp === stamp) return known.entries;
    const entries = entriesIn((await this.read(file)).text, file.name);
    this.#keep(file.path, { stamp, entries });
    return entries;
  }

  /** @throws StudioError `wildcard_unusable` for a file that is too large or no text */
  async read({ name, path: file, sizeBytes }: WildcardFile): Promise<{ text: string; version: string }> {
    if (sizeBytes > MAX_WILDCARD_BYTES) throw unusable(name, TOO_LARGE);
    const bytes = await readFile(file).catch(() => null);
    const text = bytes && decodedText(bytes);
    if (text === null || bytes === null) throw unusable(name, NO_TEXT);
    return { text, version: versionOf(bytes) };
  }

  /** A new file of that name, or an existing file. As a whole: readers find the text before or after. */
  async write(file: string | WildcardFile, text: string): Promise<void> {
    const [name, target] =
      typeof file === 'string' ? [file, path.join(this.#root, `${file}${ENDING}`)] : [file.name, file.path];
    if (Buffer.byteLength(text) > MAX_WILDCARD_BYTES) throw unusable(name, TOO_LARGE);
    const temporary = path.join(path.dirname(target), `.${randomUUID()}`);
    await mkdir(path.dirname(target), { recursive: true });
    try {
      await writeFile(temporary, text, { flush: true });
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async remove(file: WildcardFile): Promise<void> {
    await rm(file.path, { force: true });
    this.#known.delete(file.path);
  }

  #keep(file: string, known: Known): void {
    const count = [...this.#known.values()].reduce((sum, { entries }) => sum + entries.texts.length, 0);
    if (count > MAX_KNOWN_ENTRIES) this.#known.clear();
    this.#known.set(file, known);
  }
}

const versionOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const TOO_LARGE = {
  en: `its file is larger than ${MAX_WILDCARD_BYTES / 1024 ** 2} MiB`,
  zh: `文件大于 ${MAX_WILDCARD_BYTES / 1024 ** 2} MiB`,
};
const NO_TEXT = {
  en: 'its file cannot be read as text; save it as UTF-8',
  zh: '无法按文本读取，请另存为 UTF-8',
};
