/**
 * The hand-written glossary: what people type, in both languages, and which icons they mean. One thing a line:
 *
 *   sword, blade, 剑, 宝剑 = g/broadsword, g/gladius, crossed-swords*0.3
 *
 * On the right stands an emoji by its English label with hyphens, or `g/`, `u/`, `o/` and the name of an icon of the game,
 * ui and office sets; a number after `*` is its weight against the others. `~steel` names a colour ramp that the thing
 * naturally has. `= @sword` means the same as that word; `= @sword, ~gold` the same in another material.
 */
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../glossary/', import.meta.url);

export function readGlossary() {
  const lines = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) =>
      readFileSync(new URL(name, FOLDER), 'utf8')
        .split('\n')
        .map((text, at) => ({
          text: text.trim(),
          where: `${name}:${at + 1}`,
          topic: name.replace('.txt', ''),
        })),
    );
  return lines.filter(({ text }) => text !== '' && !text.startsWith('#')).map(parseLine);
}

const items = (text) =>
  text
    .split(/[,，]/)
    .map((item) => item.trim())
    .filter(Boolean);

function parseLine({ text, where, topic }) {
  const [left, right, ...rest] = text.split('=');
  if (right === undefined || rest.length > 0) throw new Error(`${where}: expected "words = icons"`);
  const words = items(left.toLowerCase());
  const all = items(right);
  const line = {
    where,
    topic,
    words,
    same: all.filter((item) => item.startsWith('@')).map((item) => item.slice(1)),
    materials: all.filter((item) => item.startsWith('~')).map((item) => item.slice(1)),
    icons: all
      .filter((item) => !/^[@~]/.test(item))
      .map((item) => item.split('*'))
      .map(([name, weight]) => ({ name: name.trim(), weight: Number(weight ?? 1) })),
  };
  if (words.length === 0 || line.same.length + line.icons.length === 0)
    throw new Error(`${where}: nothing on one side`);
  return line;
}

/** Replaces names by concept numbers; every name that does not exist is told at once, and so is a word said twice. */
export function resolveGlossary(lines, conceptOf) {
  const mistakes = [];
  const byWord = new Map();
  for (const line of lines) {
    for (const word of line.words) {
      if (byWord.has(word))
        mistakes.push(`${line.where}: "${word}" stands in ${byWord.get(word).where} already`);
      else byWord.set(word, line);
    }
  }
  const iconsOf = (line, depth = 0) => {
    const own = line.icons.flatMap(({ name, weight }) => {
      if (!conceptOf.has(name)) mistakes.push(`${line.where}: no icon ${name}`);
      return conceptOf.has(name) ? [[conceptOf.get(name), Math.round(weight * 100)]] : [];
    });
    const lent = line.same.flatMap((word) => {
      if (!byWord.has(word) || depth > 4) mistakes.push(`${line.where}: no word ${word}`);
      return byWord.has(word) && depth <= 4 ? iconsOf(byWord.get(word), depth + 1) : [];
    });
    return [...own, ...lent];
  };
  const materialsOf = (line) =>
    line.materials.length > 0
      ? line.materials
      : line.same.flatMap((word) => (byWord.has(word) ? materialsOf(byWord.get(word)) : []));
  const resolved = lines.map((line) => [
    line.words.join('|'),
    iconsOf(line),
    materialsOf(line).join('|'),
    line.topic,
  ]);
  return { resolved, mistakes: [...new Set(mistakes)] };
}
