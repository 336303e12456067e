/**
 * What words mean: from a phrase of either language to concepts of the library. Three sources, the most reliable first:
 * the hand-written glossary, the names of icons, and their tags.
 */
import type { Concept, GlossaryLine, Library } from './library.ts';

export interface Meaning {
  concepts: { concept: number; weight: number }[];
  /** Natural colours of the thing, for drawings without colours. */
  materials: string[];
  /** How it was found, most reliable first. */
  by: 'glossary' | 'name' | 'tag' | 'part' | 'spelling';
  /** The part of the glossary that has it. */
  topic?: string;
  /** What it is called in Chinese. */
  zh?: string;
}

const LONGEST_CHINESE = 8;

const chineseOf = (words: string[]): string | undefined => words.find((word) => /[\u3400-\u9fff]/.test(word));

export class Vocabulary {
  readonly #glossary = new Map<string, Meaning>();
  readonly #names = new Map<string, Meaning>();
  readonly #tags = new Map<string, Map<number, number>>();
  readonly #parts = new Map<string, Map<number, number>>();
  /** All words of each concept, to find the one that fits a second word best. */
  readonly #about = new Map<number, Set<string>>();
  readonly #chinese = new Map<number, string>();

  readonly #gem: GlossaryLine;

  constructor(library: Library) {
    this.#gem = library.gem;
    for (const line of library.glossary) {
      for (const word of line.words) {
        const known = this.#glossary.get(word);
        const { concepts, materials, topic } = line;
        const meaning: Meaning = { concepts, materials, by: 'glossary', topic, zh: chineseOf(line.words) };
        if (known === undefined) this.#glossary.set(word, meaning);
      }
    }
    for (const concept of library.concepts) {
      const drawn = library.icon(concept.icons[0] as number).set.id;
      const own = drawn === 'game' || drawn === 'office' ? 0.5 : 1;
      const english = concept.en.toLowerCase().replace(/[’']/g, "'");
      for (const name of [english, concept.zh]) if (name !== '') this.#addName(name, concept.id, own);
      const tags = [...concept.tags.map((tag) => tag.toLowerCase()), ...concept.zhTags];
      for (const tag of tags) this.#add(this.#tags, tag, concept.id, 1 / (2 + tags.length));
      const parts = english.split(/[^a-z0-9'+]+/).filter(Boolean);
      for (const [at, part] of parts.entries())
        this.#add(this.#parts, part, concept.id, (at === parts.length - 1 ? 1 : 0.5) / parts.length);
      this.#about.set(concept.id, new Set([...parts, ...tags, concept.zh]));
    }
    for (const line of library.glossary) {
      const [first] = line.concepts;
      const name = chineseOf(line.words);
      if (first && name && !this.#chinese.has(first.concept)) this.#chinese.set(first.concept, name);
      for (const { concept } of line.concepts)
        for (const word of line.words) this.#about.get(concept)?.add(word);
    }
  }

  #addName(name: string, concept: number, weight: number): void {
    const known = this.#names.get(name);
    if (known === undefined)
      this.#names.set(name, { concepts: [{ concept, weight }], materials: [], by: 'name' });
    else known.concepts.push({ concept, weight: weight * 0.6 });
  }

  #add(table: Map<string, Map<number, number>>, word: string, concept: number, weight: number): void {
    const entry = table.get(word) ?? new Map<number, number>();
    entry.set(concept, Math.max(entry.get(concept) ?? 0, weight));
    table.set(word, entry);
  }

  /** A phrase that is a name, in the singular or the plural. */
  named(phrase: string): Meaning | undefined {
    for (const form of forms(phrase)) {
      const meaning = this.#glossary.get(form) ?? this.#names.get(form);
      if (meaning !== undefined) return meaning;
    }
    return undefined;
  }

  /** A texture: grass, bricks. */
  texture(phrase: string): Meaning | undefined {
    return this.#glossary.get(`${phrase}${/[a-z]$/.test(phrase) ? ' texture' : '纹理'}`);
  }

  /** A stone of that kind, as it is inset in things. */
  stone({ materials, zh }: Meaning): Meaning {
    const { concepts } = this.#gem;
    return {
      concepts,
      materials: materials.length > 0 ? materials : this.#gem.materials,
      by: 'glossary',
      zh,
    };
  }

  /** The Chinese name of a concept, also from a glossary line that lists it first. */
  chineseName(concept: Concept): string {
    return concept.zh || (this.#chinese.get(concept.id) ?? '');
  }

  /** A word that is only a tag or a part of some name: the concept it describes most closely. */
  described(word: string): Meaning | undefined {
    for (const form of forms(word)) {
      const tag = closest(this.#tags.get(form), 'tag');
      if (tag !== undefined) return tag;
    }
    for (const form of forms(word)) {
      const part = closest(this.#parts.get(form), 'part');
      if (part !== undefined) return part;
    }
    return undefined;
  }

  /** A known name one letter away, for typing mistakes in words long enough to be safe. */
  misspelt(word: string): { word: string; meaning: Meaning } | undefined {
    if (!/^[a-z]{5,}$/.test(word)) return undefined;
    for (const table of [this.#glossary, this.#names]) {
      for (const known of table.keys()) {
        if (known[0] === word[0] && Math.abs(known.length - word.length) <= 1 && oneEditApart(known, word)) {
          return { word: known, meaning: { ...(table.get(known) as Meaning), by: 'spelling' } };
        }
      }
    }
    return undefined;
  }

  /** `lionheart`, `snakesword`: two known words written as one; the last is the thing. */
  compound(word: string): [string, string] | undefined {
    if (!/^[a-z]{7,}$/.test(word)) return undefined;
    for (let at = 3; at <= word.length - 3; at++) {
      const [first, last] = [word.slice(0, at), word.slice(at)];
      if (this.named(first) !== undefined && this.named(last) !== undefined) return [first, last];
    }
    return undefined;
  }

  about(concept: number, word: string): boolean {
    const about = this.#about.get(concept);
    return about !== undefined && forms(word).some((form) => about.has(form));
  }

  /** The longest Chinese word known at this place; tags of one character are too vague. */
  chineseWords(text: string, at: number): string[] {
    const found: string[] = [];
    for (let length = Math.min(LONGEST_CHINESE, text.length - at); length > 0; length--) {
      const word = text.slice(at, at + length);
      if (this.#glossary.has(word) || this.#names.has(word) || (length > 1 && this.#tags.has(word)))
        found.push(word);
    }
    return found;
  }
}

function closest(entry: Map<number, number> | undefined, by: Meaning['by']): Meaning | undefined {
  if (entry === undefined) return undefined;
  const sorted = [...entry].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const best = sorted[0] as [number, number];
  const near = sorted.filter(([, weight]) => weight >= best[1] * 0.99).slice(0, 3);
  return { concepts: near.map(([concept]) => ({ concept, weight: 1 })), materials: [], by };
}

const IRREGULAR: Record<string, string> = {
  knives: 'knife',
  wolves: 'wolf',
  leaves: 'leaf',
  shelves: 'shelf',
  loaves: 'loaf',
  halves: 'half',
  elves: 'elf',
  dwarves: 'dwarf',
  thieves: 'thief',
  scarves: 'scarf',
  hooves: 'hoof',
  calves: 'calf',
  wives: 'wife',
  men: 'man',
  women: 'woman',
  children: 'child',
  feet: 'foot',
  teeth: 'tooth',
  geese: 'goose',
  mice: 'mouse',
  dice: 'die',
  oxen: 'ox',
  people: 'person',
  staves: 'staff',
};

/** The phrase itself, then with its last word in the singular, or the plural where names are plural. */
export function forms(phrase: string): string[] {
  if (!/[a-z]$/.test(phrase)) return [phrase];
  const cut = phrase.lastIndexOf(' ') + 1;
  const [before, last] = [phrase.slice(0, cut), phrase.slice(cut)];
  const singular = IRREGULAR[last];
  const out = [last];
  if (singular !== undefined) out.push(singular);
  if (/ies$/.test(last) && last.length > 4) out.push(`${last.slice(0, -3)}y`);
  if (/(s|x|z|ch|sh|o)es$/.test(last)) out.push(last.slice(0, -2));
  if (/[^su]s$/.test(last) && last.length > 3) out.push(last.slice(0, -1));
  if (!/s$/.test(last)) out.push(`${last}s`);
  return out.map((form) => before + form);
}

function oneEditApart(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  let at = 0;
  while (at < short.length && long[at] === short[at]) at++;
  if (long.length > short.length) return long.slice(at + 1) === short.slice(at);
  const swapped =
    long[at] === short[at + 1] && long[at + 1] === short[at] && long.slice(at + 2) === short.slice(at + 2);
  return swapped || long.slice(at + 1) === short.slice(at + 1);
}
