/**
 * Writes the glossary anew into models/starter/library.*, with the icons that are there: `npm run reword`. It needs no icon
 * packages.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { readGlossary, resolveGlossary } from './recipe/glossary.mjs';
import { writeLibrary } from './recipe/pack.mjs';
import { PREFIX, slug } from './recipe/sets.mjs';

const OUT = new URL('../../../models/starter/', import.meta.url);

const { sets } = JSON.parse(readFileSync(new URL('library.json', OUT), 'utf8'));
const index = JSON.parse(
  brotliDecompressSync(readFileSync(new URL('library.index.br', OUT))).toString('utf8'),
);
const conceptOf = new Map(
  index.concepts.map(([en, , , , icons], at) => {
    const prefix = PREFIX[sets[index.icons.set[icons[0]]].id];
    return [prefix ? `${prefix}${index.icons.name[icons[0]]}` : slug(en), at];
  }),
);
const { resolved, mistakes } = resolveGlossary(readGlossary(), conceptOf);
if (mistakes.length > 0) throw new Error(`mistakes in the glossary:\n${mistakes.join('\n')}`);
const { version, blocks, icons, concepts } = index;
const bodies = readFileSync(new URL('library.svg.bin', OUT));
const manifest = writeLibrary(OUT, {
  bodies,
  index: { version, blocks, icons, concepts, glossary: resolved },
  sets,
});
console.log(`${concepts.length} concepts, ${resolved.length} glossary lines`, manifest.files);
