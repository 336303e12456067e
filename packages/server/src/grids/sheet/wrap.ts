/** Breaks a label into lines. Pure. Latin words stay whole where they fit; Chinese breaks between any two characters. */
import { GLYPH_PX } from './glyphs.ts';

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
const ELLIPSIS = '…';

/** Pixels of a text in one line, as wide as its glyphs can be. */
export const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, character) => sum + (WIDE.test(character) || character > '\uffff' ? GLYPH_PX : GLYPH_PX / 2),
    0,
  );

/** At most `mostLines` lines that are at most `width` wide; the last ends in an ellipsis if something is left out. */
export function wrap(text: string, width: number, mostLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of piecesOf(text, width)) {
    if (widthOf(line + part) <= width) {
      line += part;
      continue;
    }
    lines.push(line.trim());
    line = part.trimStart();
    if (lines.length > mostLines) break;
  }
  const all = [...lines, line.trim()].filter((one) => one !== '');
  return all.length > mostLines ? cut(all.slice(0, mostLines), width) : all;
}

/** Words, spaces and single Chinese characters. */
const piecesOf = (text: string, width: number): string[] =>
  (text.replace(/\s+/g, ' ').match(/ |[^ \u2e80-\uffff]+|[\u2e80-\uffff]/gu) ?? []).flatMap((piece) =>
    fitting(piece, width),
  );

/** A word that is wider than a line, in pieces. */
function fitting(piece: string, width: number): string[] {
  if (widthOf(piece) <= width) return [piece];
  const parts: string[] = [''];
  for (const character of piece) {
    const last = parts.length - 1;
    if (widthOf(parts[last] + character) > width && parts[last] !== '') parts.push(character);
    else parts[last] += character;
  }
  return parts;
}

function cut(lines: string[], width: number): string[] {
  let last = lines.at(-1) ?? '';
  while (last !== '' && widthOf(last + ELLIPSIS) > width) last = [...last].slice(0, -1).join('');
  return [...lines.slice(0, -1), last + ELLIPSIS];
}
