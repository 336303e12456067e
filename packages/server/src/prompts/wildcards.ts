/** Wildcards: those that prompts need, and their list, texts and changes. */
import {
  type Caller,
  combinationsOf,
  type PromptPart,
  promptParts,
  StudioError,
  type Wildcard,
  type WildcardCount,
  type WildcardText,
} from '@limner/contract';
import { refuseStranger, seesEverything } from '../access.ts';
import type { Entries } from './entries.ts';
import { existing, Library, notFound, refuseCircles, wildcardsIn } from './library.ts';
import type { WildcardFile, WildcardFolder } from './wildcard-folder.ts';

const MARK = '__';

export class Wildcards {
  readonly #folder: WildcardFolder;

  constructor(folder: WildcardFolder) {
    this.#folder = folder;
  }

  /**
   * What these texts draw from, with everything that its entries name.
   * @throws StudioError `wildcard_not_found`, `wildcard_circle`, `wildcard_unusable`, `invalid_request`, without a field
   */
  async library(texts: readonly string[]): Promise<Library> {
    if (!texts.some((text) => text.includes(MARK))) return new Library([], new Map());
    return this.#libraryOf(await this.#folder.files(), texts);
  }

  async #libraryOf(all: WildcardFile[], texts: readonly string[]): Promise<Library> {
    const byName = new Map(all.map((file) => [file.name, file]));
    const names = [...byName.keys()];
    const files = new Map<string, Entries>();
    const library = new Library(names, files);
    const references = new Map<string, string[]>();
    const needed = new Set(texts.flatMap((text) => namedIn(library.partsOf(text), names)));
    // The set grows while it is walked.
    for (const name of needed) {
      const file = byName.get(name);
      if (!file) continue;
      const entries = await this.#folder.entries(file);
      const named = entries.texts.flatMap((text) =>
        text.includes(MARK) ? namedIn(library.partsOf(text), names) : [],
      );
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
    for (const file of all) listed.push(await this.#listed(file, all, counts));
    return listed;
  }

  async #listed(
    file: WildcardFile,
    all: WildcardFile[],
    counts: Map<string, WildcardCount>,
  ): Promise<Wildcard> {
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
  async put(
    caller: Caller,
    { name, text, replaces }: { name: string; text: string; replaces?: string | null | undefined },
  ): Promise<WildcardText> {
    refuseStranger(caller);
    const before = (await this.#folder.files()).find((file) => isSame(file.name, name));
    const version = before ? (await this.#folder.read(before).catch(() => null))?.version : null;
    if (replaces !== undefined && replaces !== version)
      throw new StudioError('wildcard_changed', { data: { name }, field: 'replaces' });
    await this.#folder.write(before?.name ?? name, text);
    return this.get(caller, before?.name ?? name);
  }

  async delete(caller: Caller, name: string): Promise<void> {
    await this.#folder.remove(await this.#file(caller, name));
  }

  async #file(caller: Caller, name: string): Promise<WildcardFile> {
    const files = seesEverything(caller) ? await this.#folder.files() : [];
    const found = files.find((file) => isSame(file.name, name));
    if (!found)
      throw notFound(
        name,
        files.map((file) => file.name),
      );
    return found;
  }
}

/** Files of some systems differ in more than case. */
const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.normalize('NFC').toLowerCase();

const namedIn = (parts: readonly PromptPart[], names: readonly string[]): string[] =>
  [...wildcardsIn(parts)].flatMap((name) => existing(name, names));

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
