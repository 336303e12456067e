/** Wildcards: those that prompts need, and their list, texts and changes. */
import {
  type Bilingual,
  type Caller,
  combinationsOf,
  promptParts,
  StudioError,
  type Wildcard,
  type WildcardCount,
  type WildcardRename,
  type WildcardText,
} from '@limner/contract';
import { refuseStranger, seesEverything } from '../access.ts';
import type { Bus } from '../bus/bus.ts';
import { Gate } from '../gate.ts';
import { type Entries, unusable } from './entries.ts';
import { Library, notFound, refuseCircles } from './library.ts';
import type { WildcardFile, WildcardFolder } from './wildcard-folder.ts';

const MARK = '__';

/** Of the files that one prompt draws from. */
const MOST_DRAWN_BYTES = 64 * 1024 ** 2;
const TOO_MUCH: Bilingual = {
  en: `with it the prompt draws from more than ${MOST_DRAWN_BYTES / 1024 ** 2} MiB of files; name fewer wildcards`,
  zh: `加上它，提示词要读取超过 ${MOST_DRAWN_BYTES / 1024 ** 2} MiB 的文件，请减少引用的通配符`,
};

interface FilesByName {
  names: string[];
  byName: ReadonlyMap<string, WildcardFile>;
}

const listedByName = (files: readonly WildcardFile[]): FilesByName => {
  const byName = new Map(files.map((file) => [file.name, file]));
  return { names: [...byName.keys()], byName };
};

interface WildcardChange {
  name: string;
  text: string;
  replaces?: string | null | undefined;
}

export class Wildcards {
  readonly #folder: WildcardFolder;
  readonly #bus: Pick<Bus, 'publish'>;
  /** One change at a time: each compares the text before it writes. */
  readonly #changing = new Gate(1);

  constructor(folder: WildcardFolder, bus: Pick<Bus, 'publish'>) {
    this.#folder = folder;
    this.#bus = bus;
  }

  /**
   * What these texts draw from, with everything that its entries name.
   * @throws StudioError `wildcard_not_found`, `wildcard_circle`, `wildcard_unusable`, `invalid_request`, without a field
   */
  library(texts: readonly string[]): Promise<Library> {
    return this.libraries()(texts);
  }

  /** `library` for many prompts: the folder is listed once, and only if one of them names a wildcard. */
  libraries(): (texts: readonly string[]) => Promise<Library> {
    let all: Promise<FilesByName> | undefined;
    return async (texts) => {
      if (!texts.some((text) => text.includes(MARK))) return new Library([], new Map());
      all ??= this.#folder.files().then(listedByName);
      return this.#libraryOf(await all, texts);
    };
  }

  async #libraryOf({ names, byName }: FilesByName, texts: readonly string[]): Promise<Library> {
    const files = new Map<string, Entries>();
    const library = new Library(names, files);
    const references = new Map<string, string[]>();
    const needed = new Set(library.namedIn(texts));
    const read = new Set<string>();
    let sizeBytes = 0;
    // The set grows while it is walked.
    for (const name of needed) {
      const file = byName.get(name);
      if (!file) continue;
      if (!read.has(file.path)) sizeBytes += file.sizeBytes;
      read.add(file.path);
      if (sizeBytes > MOST_DRAWN_BYTES) throw unusable(name, TOO_MUCH);
      const entries = await this.#folder.entries(file);
      const named = library.namedIn(entries.texts.filter((text) => text.includes(MARK)));
      files.set(name, entries);
      references.set(name, named);
      for (const other of named) needed.add(other);
    }
    refuseCircles(references);
    return library;
  }

  async list(caller: Caller): Promise<Wildcard[]> {
    if (!seesEverything(caller)) return [];
    const all = await this.#folder.files();
    const counts = new Map<string, WildcardCount>();
    const listed: Wildcard[] = [];
    const named = listedByName(all);
    for (const file of all) listed.push(await this.#listed(file, named, counts));
    return listed;
  }

  async #listed(file: WildcardFile, all: FilesByName, counts: Map<string, WildcardCount>): Promise<Wildcard> {
    const facts = {
      name: file.name,
      size_bytes: file.sizeBytes,
      modified_at: new Date(file.modifiedMs).toISOString(),
    };
    try {
      const library = await this.#libraryOf(all, [`${MARK}${file.name}${MARK}`]);
      const { entries, combinations } = countIn(library, file.name, counts);
      return {
        ...facts,
        entries,
        combinations: Number.isFinite(combinations) ? combinations : null,
        problem: null,
      };
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      const problem = { en: error.body('en').message, zh: error.body('zh').message };
      return { ...facts, entries: 0, combinations: 0, problem };
    }
  }

  /** @throws StudioError `wildcard_not_found` */
  async get(caller: Caller, name: string): Promise<WildcardText> {
    const file = await this.#file(caller, name);
    return { name: file.name, ...(await this.#folder.read(file)) };
  }

  /** @throws StudioError `wildcard_changed` if there is another text than the caller has read */
  async put(caller: Caller, change: WildcardChange): Promise<WildcardText> {
    refuseStranger(caller);
    return this.#changing.run(1, () => this.#put(caller, change));
  }

  async #put(caller: Caller, { name, text, replaces }: WildcardChange): Promise<WildcardText> {
    const before = fileNamed(await this.#folder.files(), name);
    const version = before ? await this.#versionOf(before) : null;
    if (replaces !== undefined && replaces !== version)
      throw new StudioError('wildcard_changed', { data: { name }, field: 'replaces' });
    await this.#folder.write(before ?? name, text);
    this.#bus.publish({ type: 'changed', list: 'wildcards' });
    return this.get(caller, before?.name ?? name);
  }

  /** undefined: the file cannot be read, so nobody can have read the text that a change replaces. */
  #versionOf(file: WildcardFile): Promise<string | undefined> {
    return this.#folder.read(file).then(
      ({ version }) => version,
      () => undefined,
    );
  }

  async delete(caller: Caller, name: string): Promise<void> {
    await this.#changing.run(1, async () => this.#folder.remove(await this.#file(caller, name)));
    this.#bus.publish({ type: 'changed', list: 'wildcards' });
  }

  /** Prompts and wildcards that name it are not changed. @throws StudioError `wildcard_name_taken`, `wildcard_shared` */
  async rename(caller: Caller, { name, to }: WildcardRename): Promise<WildcardText> {
    const before = await this.#changing.run(1, async () => {
      const file = await this.#file(caller, name);
      const taken = fileNamed(await this.#folder.files(), to);
      if (taken && taken.name !== file.name)
        throw new StudioError('wildcard_name_taken', { data: { name: to }, field: 'to' });
      await this.#folder.rename(file, to);
      return file;
    });
    if (before.name !== to) this.#bus.publish({ type: 'changed', list: 'wildcards' });
    return this.get(caller, to);
  }

  async #file(caller: Caller, name: string): Promise<WildcardFile> {
    const files = seesEverything(caller) ? await this.#folder.files() : [];
    const found = fileNamed(files, name);
    if (!found)
      throw notFound(
        name,
        files.map((file) => file.name),
      );
    return found;
  }
}

/** Files of some systems differ in more than case: that very name, otherwise one that differs from it in case. */
function fileNamed(files: readonly WildcardFile[], written: string): WildcardFile | undefined {
  const name = written.normalize('NFC');
  const isSame = (file: WildcardFile) => file.name.toLowerCase() === name.toLowerCase();
  return files.find((file) => file.name === name) ?? files.find(isSame);
}

/** The library has no circles. */
function countIn(library: Library, name: string, counts: Map<string, WildcardCount>): WildcardCount {
  const known = counts.get(name);
  if (known) return known;
  const pool = library.pool(name);
  let combinations = 0;
  for (const { texts } of pool.files)
    for (const text of texts)
      combinations += /[{]|__/.test(text)
        ? combinationsOf(promptParts(text, library.isWildcard), (other) => countIn(library, other, counts))
        : 1;
  const count = { entries: pool.size, combinations };
  counts.set(name, count);
  return count;
}
