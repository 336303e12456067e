/**
 * The folder of wildcards: text files that Limner and people write, and YAML files with several wildcards that people
 * write. It is read anew for every use, and a file again when its size or time has changed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Bilingual,
  decodedText,
  MAX_WILDCARD_BYTES,
  MAX_WILDCARD_FOLDERS,
  plainName,
} from '@limner/contract';
import { type Entries, entriesIn, entriesOf, unusable } from './entries.ts';
import { SizedCache } from './sized-cache.ts';
import { MAX_TREE_BYTES, sharedFile, TreeProblem, treeIn } from './wildcard-tree.ts';

export interface WildcardFile {
  name: string;
  path: string;
  sizeBytes: number;
  modifiedMs: number;
  /** Of a YAML file, which has others too: it is changed there only. */
  isShared: boolean;
}

interface Tree {
  stamp: string;
  /** Or why the file cannot be read. */
  lists: ReadonlyMap<string, string[]> | Bilingual;
}

interface Known {
  stamp: string;
  entries: Entries;
}

const ENDING = '.txt';
const SHARED_ENDING = /\.ya?ml$/i;
const MAX_FILES = 10_000;
/** Of texts that are kept in memory, of entries and of YAML files each. */
const MOST_KEPT_CHARS = 32 * 1024 ** 2;
/** Beside its characters, roughly. */
const CHARS_OF_TEXT = 16;

export class WildcardFolder {
  readonly #root: string;
  readonly #known = new SizedCache<Known>(MOST_KEPT_CHARS);
  readonly #trees = new SizedCache<Tree>(MOST_KEPT_CHARS);

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * By name. Hidden files and those of other kinds are left out. A text file comes before a wildcard of the same name in
   * a YAML file.
   */
  async files(): Promise<WildcardFile[]> {
    const found: WildcardFile[] = [];
    await this.#collect('', 0, found);
    const shared = new Map<string, WildcardFile>();
    for (const file of found.filter(({ isShared }) => isShared))
      for (const each of await this.#within(file)) shared.set(each.name, each);
    const own = found.filter(({ isShared }) => !isShared);
    for (const { name } of own) shared.delete(name);
    return [...own, ...shared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The wildcards of a YAML file; the file itself where it cannot be read. */
  async #within(file: WildcardFile): Promise<WildcardFile[]> {
    const { lists } = await this.#treeOf(file);
    return lists instanceof Map ? [...lists.keys()].map((name) => ({ ...file, name })) : [file];
  }

  async #treeOf(file: WildcardFile): Promise<Tree> {
    const stamp = stampOf(file);
    const known = this.#trees.get(file.path);
    if (known?.stamp === stamp) return known;
    const tree = { stamp, lists: await listsIn(file) };
    const { lists } = tree;
    this.#trees.set(file.path, tree, lists instanceof Map ? charsOfAll(lists) : 0);
    return tree;
  }

  async #collect(folder: string, deep: number, found: WildcardFile[]): Promise<void> {
    const entries = await readdir(path.join(this.#root, folder)).catch(() => []);
    for (const entry of entries) {
      if (entry.startsWith('.') || found.length >= MAX_FILES) continue;
      const within = folder === '' ? entry : `${folder}/${entry}`;
      const facts = await stat(path.join(this.#root, within)).catch(() => null);
      if (facts?.isDirectory() && deep < MAX_WILDCARD_FOLDERS) await this.#collect(within, deep + 1, found);
      const isShared = SHARED_ENDING.test(entry);
      if (!facts?.isFile() || !(isShared || entry.toLowerCase().endsWith(ENDING))) continue;
      found.push({
        name: plainName(within.replace(/\.\w+$/, '')),
        path: path.join(this.#root, within),
        sizeBytes: facts.size,
        modifiedMs: facts.mtimeMs,
        isShared,
      });
    }
  }

  /** @throws StudioError `wildcard_unusable` */
  async entries(file: WildcardFile): Promise<Entries> {
    const stamp = stampOf(file);
    const key = file.isShared ? `${file.path}/${file.name}` : file.path;
    const known = this.#known.get(key);
    if (known?.stamp === stamp) return known.entries;
    const entries = file.isShared
      ? entriesOf(await this.#listOf(file), file.name)
      : entriesIn((await this.read(file)).text, file.name);
    this.#known.set(key, { stamp, entries }, charsOf(entries.texts));
    return entries;
  }

  async #listOf(file: WildcardFile): Promise<string[]> {
    const { lists } = await this.#treeOf(file);
    if (!(lists instanceof Map)) throw unusable(file.name, lists as Bilingual);
    return lists.get(file.name) ?? [];
  }

  /** @throws StudioError `wildcard_unusable` for a file that is too large or no text */
  async read(file: WildcardFile): Promise<{ text: string; version: string }> {
    if (!file.isShared) return textOf(file, MAX_WILDCARD_BYTES);
    const text = (await this.#listOf(file)).join('\n');
    return { text, version: versionOf(Buffer.from(text)) };
  }

  /** A new file of that name, or an existing file. As a whole: readers find the text before or after. */
  async write(file: string | WildcardFile, text: string): Promise<void> {
    const [name, target] =
      typeof file === 'string' ? [file, this.#pathOf(file)] : [file.name, this.#ownPath(file)];
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
    await rm(this.#ownPath(file), { force: true });
    this.#known.delete(file.path);
  }

  /** To a name that no other file has. */
  async rename(file: WildcardFile, name: string): Promise<void> {
    const target = this.#pathOf(name);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(this.#ownPath(file), target);
    this.#known.delete(file.path);
  }

  #pathOf(name: string): string {
    return path.join(this.#root, `${name}${ENDING}`);
  }

  /** @throws StudioError `wildcard_shared` */
  #ownPath({ name, path: file, isShared }: WildcardFile): string {
    if (isShared) throw sharedFile(name, path.relative(this.#root, file));
    return file;
  }
}

const charsOf = (texts: Iterable<string>): number => {
  let sum = 0;
  for (const { length } of texts) sum += length + CHARS_OF_TEXT;
  return sum;
};

/** A file may have as many lists as entries. */
const charsOfAll = (lists: ReadonlyMap<string, string[]>): number => {
  let sum = charsOf(lists.keys());
  for (const texts of lists.values()) sum += charsOf(texts);
  return sum;
};

const stampOf = ({ sizeBytes, modifiedMs }: WildcardFile): string => `${sizeBytes}/${modifiedMs}`;

async function listsIn(file: WildcardFile): Promise<Tree['lists']> {
  if (file.sizeBytes > MAX_TREE_BYTES) return TREE_TOO_LARGE;
  try {
    return await treeIn((await textOf(file, MAX_TREE_BYTES)).text, file.name);
  } catch (error) {
    return error instanceof TreeProblem ? error.reason : NO_TEXT;
  }
}

/** @throws StudioError `wildcard_unusable` */
async function textOf(
  { name, path: file, sizeBytes }: WildcardFile,
  mostBytes: number,
): Promise<{ text: string; version: string }> {
  if (sizeBytes > mostBytes) throw unusable(name, TOO_LARGE);
  const bytes = await readFile(file).catch(() => null);
  const text = bytes && decodedText(bytes);
  if (text === null || bytes === null) throw unusable(name, NO_TEXT);
  return { text, version: versionOf(bytes) };
}

const versionOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const TOO_LARGE = {
  en: `its file is larger than ${MAX_WILDCARD_BYTES / 1024 ** 2} MiB`,
  zh: `文件大于 ${MAX_WILDCARD_BYTES / 1024 ** 2} MiB`,
};
const TREE_TOO_LARGE = {
  en: 'its YAML file is larger than 512 KiB; divide it into several files',
  zh: '其 YAML 文件大于 512 KiB，请拆分成多个文件',
};
const NO_TEXT = {
  en: 'its file cannot be read as text; save it as UTF-8',
  zh: '无法按文本读取，请另存为 UTF-8',
};
