/**
 * Builds models/starter/library.* and the server's table of traditional characters from the packages named in
 * package.json: `npm ci && npm run build`.
 */
import { mkdirSync } from 'node:fs';
import { readGlossary, resolveGlossary } from './recipe/glossary.mjs';
import { packBodies, writeLibrary } from './recipe/pack.mjs';
import { closePrepared, prepare } from './recipe/prepare.mjs';
import { emojiIcon, PREFIX, readEmoji, readSet, SETS, slug, slugIcons } from './recipe/sets.mjs';
import { writeTraditional } from './recipe/traditional.mjs';

const OUT = new URL('../../../models/starter/', import.meta.url);

const sets = SETS.map(readSet);
const left = new Map();
const icons = [];
const concepts = [];
const conceptOf = new Map();

async function addIcon(set, concept, { name, body, size }) {
  if (body.length > set.largest * 1.4) return leave(set, name, 'too large');
  try {
    const { clean, box, tone } = await prepare(body, size, set.precision);
    if (clean.length > set.largest) return leave(set, name, 'too large');
    if (box === undefined) return leave(set, name, 'empty');
    concept.icons.push(icons.length);
    icons.push({ set: SETS.findIndex(({ id }) => id === set.id), name, body: clean, size, box, tone });
  } catch (error) {
    leave(set, name, error.message.slice(0, 60));
  }
}

function leave(set, name, reason) {
  left.set(reason, [...(left.get(reason) ?? []), `${set.id}:${name}`]);
}

function addConcept(key, concept) {
  if (concept.icons.length === 0) return;
  conceptOf.set(key, concepts.length);
  concepts.push(concept);
}

const emojiSets = sets.filter(({ kind }) => kind === 'emoji');
const emoji = readEmoji().map((entry) => ({
  entry,
  concept: { en: entry.label, zh: entry.zhLabel, tags: entry.tags ?? [], zhTags: entry.zhTags, icons: [] },
}));
for (const set of emojiSets) {
  const flat = emojiSets.find(({ id }) => id === 'flat');
  for (const { entry, concept } of emoji) {
    const found = emojiIcon(set, entry, flat.chars[entry.hexcode.toLowerCase()]);
    if (found !== null) await addIcon(set, concept, found);
  }
}
for (const { entry, concept } of emoji) addConcept(slug(entry.label), concept);
for (const set of sets.filter(({ kind }) => kind === 'slug')) {
  for (const icon of slugIcons(set)) {
    const concept = { en: icon.name.replaceAll('-', ' '), zh: '', tags: [], zhTags: [], icons: [] };
    await addIcon(set, concept, icon);
    addConcept(`${PREFIX[set.id]}${icon.name}`, concept);
  }
}

closePrepared();

const { resolved, mistakes } = resolveGlossary(readGlossary(), conceptOf);
if (mistakes.length > 0) throw new Error(`mistakes in the glossary:\n${mistakes.join('\n')}`);

const { blocks, bytes } = packBodies(icons);
const column = (pick) => icons.map(pick);
const index = {
  version: 1,
  blocks,
  icons: {
    set: column(({ set }) => set),
    name: column(({ name }) => name),
    size: column(({ size }) => size),
    place: column(({ place }) => place).flat(),
    box: column(({ box }) => box).flat(),
    tone: column(({ tone }) => tone).flat(),
  },
  concepts: concepts.map(({ en, zh, tags, zhTags, icons: own }) => [
    en,
    zh,
    tags.join('|'),
    zhTags.join('|'),
    own,
  ]),
  glossary: resolved,
};
mkdirSync(OUT, { recursive: true });
writeTraditional();
const manifest = writeLibrary(OUT, {
  bodies: bytes,
  index,
  sets: sets.map(({ id, title, author, licence, url, package: name }) => ({
    id,
    title,
    author,
    licence,
    url,
    package: name,
    icons: icons.filter(({ set }) => SETS[set].id === id).length,
  })),
});
for (const [reason, names] of left)
  console.log(`left out, ${reason}: ${names.length} (${names.slice(0, 6).join(' ')} …)`);
console.log(
  `${manifest.icons} icons, ${concepts.length} concepts, ${resolved.length} glossary lines`,
  manifest.files,
);
