/**
 * The vector library in `models/starter`: thousands of open icons, packed in blocks, with an index of what they show.
 * It is read at first use; both files are checked against the manifest.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { StudioError } from '@limner/contract';
import { GEM, OWN_SHAPES, type OwnShape } from './own/own-set.ts';

export interface IconSet {
  id: string;
  title: string;
  author: string;
  licence: string;
  url: string;
}

/** The main colour of an icon. */
export interface Tone {
  /** Degrees in OKLCH, or null when the icon is mostly grey. */
  hue: number | null;
  chroma: number;
  lightness: number;
  /** 0…1: how much of the ink has that colour. */
  share: number;
}

export interface Icon {
  id: number;
  set: IconSet;
  name: string;
  /** Side of the square that the body is drawn in. */
  size: number;
  /** Where the ink is, as fractions of the square. */
  box: { left: number; top: number; right: number; bottom: number };
  tone: Tone;
  concept: number;
  /** Drawn by our own code instead of a body. */
  own?: OwnShape;
}

export interface Concept {
  id: number;
  en: string;
  zh: string;
  tags: string[];
  zhTags: string[];
  icons: number[];
}

/** One line of the glossary: words of either language and the concepts they mean, with weights. */
export interface GlossaryLine {
  words: string[];
  concepts: { concept: number; weight: number }[];
  materials: string[];
  /** `creatures`, `items`, `weapons` …: the part of the glossary. */
  topic?: string;
}

interface IndexFile {
  blocks: [number, number][];
  icons: { set: number[]; name: string[]; size: number[]; place: number[]; box: number[]; tone: number[] };
  concepts: [string, string, string, string, number[]][];
  glossary: [string, [number, number][], string?, string?][];
}

interface Manifest {
  files: Record<string, { bytes: number; sha256: string }>;
  sets: IconSet[];
}

const OWN_SET: IconSet = {
  id: 'own',
  title: 'Limner shapes',
  author: 'Limner',
  licence: 'Apache-2.0',
  url: '',
};

const OWN_ICON = {
  set: OWN_SET,
  size: 512,
  box: { left: 0, top: 0, right: 1, bottom: 1 },
  tone: { hue: null, chroma: 0, lightness: 0.6, share: 1 },
};

const BLOCKS_KEPT = 24;

export class Library {
  readonly icons: Icon[];
  readonly concepts: Concept[];
  readonly glossary: GlossaryLine[];
  readonly sets: IconSet[];
  /** The stone that is inset in things. */
  readonly gem: GlossaryLine;
  readonly #index: IndexFile;
  readonly #bodies: Buffer;
  readonly #open = new Map<number, Buffer>();

  constructor(manifest: Manifest, index: IndexFile, bodies: Buffer) {
    this.#index = index;
    this.#bodies = bodies;
    this.sets = [...manifest.sets, OWN_SET];
    this.concepts = index.concepts.map(([en, zh, tags, zhTags, icons], id) => ({
      id,
      en,
      zh,
      tags: words(tags),
      zhTags: words(zhTags),
      icons,
    }));
    this.icons = index.icons.name.map((name, id) => readIcon(index, manifest.sets, id, name));
    for (const concept of this.concepts) for (const id of concept.icons) this.icon(id).concept = concept.id;
    this.glossary = index.glossary.map(([left, right, materials, topic]) => ({
      words: words(left),
      concepts: right.map(([concept, weight]) => ({ concept, weight: weight / 100 })),
      materials: words(materials ?? ''),
      topic,
    }));
    for (const shape of OWN_SHAPES) this.glossary.unshift(this.#own(shape));
    this.gem = this.#own(GEM);
  }

  /** Adds one of our own shapes as the only icon of its concept. */
  #own(shape: OwnShape): GlossaryLine {
    const [id, concept] = [this.icons.length, this.concepts.length];
    const { name, en, zh, words, materials } = shape;
    this.icons.push({ ...OWN_ICON, id, concept, name, own: shape });
    this.concepts.push({ id: concept, en, zh, tags: [], zhTags: [], icons: [id] });
    return { words, concepts: [{ concept, weight: 1 }], materials, topic: 'own' };
  }

  icon(id: number): Icon {
    return this.icons[id] as Icon;
  }

  /** The icon's drawing: the content of an `<svg>` of its size. */
  body(icon: Icon): string {
    const [block = 0, start = 0, length = 0] = this.#index.icons.place.slice(icon.id * 3, icon.id * 3 + 3);
    return this.#block(block)
      .subarray(start, start + length)
      .toString('utf8');
  }

  #block(id: number): Buffer {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const [offset, length] = this.#index.blocks[id] as [number, number];
    const block = brotliDecompressSync(this.#bodies.subarray(offset, offset + length));
    if (this.#open.size >= BLOCKS_KEPT) this.#open.clear();
    this.#open.set(id, block);
    return block;
  }
}

const words = (joined: string): string[] => (joined === '' ? [] : joined.split('|'));

function readIcon(index: IndexFile, sets: IconSet[], id: number, name: string): Icon {
  const [left, top, right, bottom] = index.icons.box
    .slice(id * 4, id * 4 + 4)
    .map((value) => value / 1000) as [number, number, number, number];
  const [hue, chroma, lightness, share] = index.icons.tone.slice(id * 4, id * 4 + 4) as [
    number,
    number,
    number,
    number,
  ];
  return {
    id,
    set: sets[index.icons.set[id] as number] as IconSet,
    name,
    size: index.icons.size[id] as number,
    box: { left, top, right, bottom },
    tone: {
      hue: hue < 0 ? null : hue,
      chroma: chroma / 1000,
      lightness: lightness / 1000,
      share: share / 100,
    },
    concept: -1,
  };
}

let loaded: Library | undefined;

export function library(): Library {
  loaded ??= readLibrary(libraryFolder());
  return loaded;
}

/** Walks up until the manifest is found, so that it works from the sources and from the built server. */
function libraryFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models/starter/library.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new StudioError('weights_damaged', { data: { file: 'models/starter/library.json' } });
    folder = parent;
  }
  return join(folder, 'models/starter');
}

/** Exported for its test: a folder whose files do not match the manifest is refused. */
export function readLibrary(folder: string): Library {
  const manifest = parse<Manifest>('library.json', readFileSync(join(folder, 'library.json')));
  const bodies = readChecked(folder, 'library.svg.bin', manifest);
  const index = parse<IndexFile>(
    'library.index.br',
    brotliDecompressSync(readChecked(folder, 'library.index.br', manifest)),
  );
  return new Library(manifest, index, bodies);
}

function readChecked(folder: string, name: string, manifest: Manifest): Buffer {
  const path = join(folder, name);
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.files[name]?.sha256) throw damaged(name);
  return bytes;
}

function parse<T>(name: string, bytes: Buffer): T {
  try {
    return JSON.parse(bytes.toString('utf8')) as T;
  } catch (cause) {
    throw damaged(name, cause);
  }
}

const damaged = (name: string, cause?: unknown): StudioError =>
  new StudioError('weights_damaged', { data: { file: `models/starter/${name}` }, cause });
