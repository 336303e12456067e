/**
 * The hand-written glossary: what people type, in both languages, and which icons they mean. One thing a line:
 *
 *   sword, blade, 剑, 宝剑 = g/broadsword, g/gladius, crossed-swords*0.3
 *
 * On the right stands an emoji by its English label with hyphens, or `g/`, `u/`, `o/` and the name of an icon of the game,
 * ui and office sets; a number after `*` is its weight against the others. `= @sword` means the same as that word.
 */
import { readFileSync, readdirSync } from 'node:fs';

const FOLDER = new URL('../glossary/', import.meta.url);

export function readGlossary() {
  const lines = readdirSync(FOLDER).filter((name) => name.endsWith('.txt')).sort()
    .flatMap((name) => readFileSync(new URL(name, FOLDER), 'utf8').split('\n').map((text, at) => ({ text: text.trim(), where: `${name}:${at + 1}` })));
  return lines.filter(({ text }) => text !== '' && !text.startsWith('#')).map(parseLine);
}

function parseLine({ text, where }) {
  const [left, right, ...rest] = text.split('=');
  if (right === undefined || rest.length > 0) throw new Error(`${where}: expected "words = icons"`);
  const words = left.split(/[,，]/).map((word) => word.trim().toLowerCase()).filter(Boolean);
  const targets = right.split(/[,，]/).map((target) => target.trim()).filter(Boolean).map((target) => {
    const [name, weight] = target.split('*');
    return { name: name.trim(), weight: weight === undefined ? 1 : Number(weight) };
  });
  if (words.length === 0 || targets.length === 0) throw new Error(`${where}: nothing on one side`);
  return { words, targets, where };
}

/** Replaces names by concept numbers; every name that does not exist is told at once. */
export function resolveGlossary(entries, conceptOf) {
  const unknown = [];
  const resolved = entries.map(({ words, targets, where }) => {
    const found = targets.flatMap(({ name, weight }) => {
      const concept = conceptOf.get(name);
      if (concept === undefined) unknown.push(`${where}: ${name}`);
      return concept === undefined ? [] : [[concept, Math.round(weight * 100)]];
    });
    return [words.join('|'), found];
  });
  return { resolved, unknown };
}
