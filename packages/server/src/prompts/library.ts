/** The wildcards that a prompt draws from, as they are at one moment. */
import {
  namesMeant,
  nearestNames,
  type PromptPart,
  promptParts,
  StudioError,
  wildcardsIn,
} from '@limner/contract';
import type { Entries } from './entries.ts';
import { WeightTree } from './weight-tree.ts';

/** Entries of one wildcard, or of all that a name with stars means. */
export interface Pool {
  files: readonly Entries[];
  size: number;
}

export class Library {
  readonly #names: readonly string[];
  readonly #files: ReadonlyMap<string, Entries>;
  readonly #pools = new Map<string, Pool>();
  readonly #meant = new Map<string, readonly string[]>();
  readonly #weights = new Map<Pool, WeightTree>();

  /** @param names all that exist, of which `files` has those that are needed */
  constructor(names: readonly string[], files: ReadonlyMap<string, Entries>) {
    this.#names = names;
    this.#files = files;
  }

  readonly isWildcard = (name: string): boolean => this.#meantBy(name).length > 0;

  /** What these texts name, each once. @throws StudioError `wildcard_not_found` */
  namedIn(texts: readonly string[]): string[] {
    const references = new Set(texts.flatMap((text) => [...wildcardsIn(this.partsOf(text))]));
    return [...references].flatMap((reference) => {
      const meant = this.#meantBy(reference);
      if (meant.length === 0) throw notFound(reference, this.#names);
      return meant;
    });
  }

  #meantBy(reference: string): readonly string[] {
    const known = this.#meant.get(reference) ?? namesMeant(reference, this.#names);
    this.#meant.set(reference, known);
    return known;
  }

  partsOf(text: string): PromptPart[] {
    return promptParts(text, this.isWildcard);
  }

  pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known) return known;
    const files = this.#meantBy(name).flatMap((each) => this.#files.get(each) ?? []);
    const pool = { files, size: files.reduce((sum, { texts }) => sum + texts.length, 0) };
    this.#pools.set(name, pool);
    return pool;
  }

  /** Of all entries of a pool; null: all weigh the same. */
  weights(pool: Pool): WeightTree | null {
    if (pool.files.every(({ sums }) => sums === null)) return null;
    const known = this.#weights.get(pool) ?? new WeightTree(pool.files.flatMap(weightsOf));
    this.#weights.set(pool, known);
    return known;
  }
}

const weightsOf = ({ texts, sums }: Entries): number[] =>
  texts.map((_, at) => (sums ? (sums[at] ?? 0) - (sums[at - 1] ?? 0) : 1));

export function notFound(name: string, names: readonly string[]): StudioError {
  const near = nearestNames(name, names);
  const nearest = {
    en: near.length > 0 ? `The nearest are ${near.join(', ')}. ` : '',
    zh: near.length > 0 ? `相近的有：${near.join('、')}。` : '',
  };
  return new StudioError('wildcard_not_found', { data: { name, nearest, near } });
}

/** @throws StudioError `wildcard_circle` where files name each other in a circle */
export function refuseCircles(references: ReadonlyMap<string, readonly string[]>): void {
  const done = new Set<string>();
  for (const name of references.keys()) visit(name, [], references, done);
}

function visit(
  name: string,
  path: readonly string[],
  references: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): void {
  const at = path.indexOf(name);
  if (at !== -1) throw circle([...path.slice(at), name]);
  if (done.has(name)) return;
  for (const next of references.get(name) ?? []) visit(next, [...path, name], references, done);
  done.add(name);
}

const circle = (names: string[]) =>
  new StudioError('wildcard_circle', { data: { circle: names.map((name) => `__${name}__`).join(' → ') } });
