/**
 * Characters as black and white pixels, 16 high and 8 or 16 wide, from a file that ships with Limner, so that sheets are
 * the same on machines without fonts. The file is read for each sheet and not kept.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

export const GLYPH_PX = 16;
const UNKNOWN = '\ufffd';

export interface Glyph {
  /** 8 or 16. */
  width: number;
  /** One number for each row; the highest of `width` bits is the leftmost pixel. */
  rows: number[];
}

export type Glyphs = (character: string) => Glyph;

/** The glyphs of these texts. Characters that the file does not have are drawn as one sign for all. */
export async function loadGlyphs(modelsDir: string, texts: string[]): Promise<Glyphs> {
  const file = await readFile(path.join(modelsDir, 'labels', 'unifont.hex.br'));
  const wanted = new Set([UNKNOWN, ' ', ...texts.join('')].map((character) => character.codePointAt(0)));
  const glyphs = new Map<string, Glyph>();
  for (const line of (await promisify(brotliDecompress)(file)).toString('latin1').split('\n')) {
    const code = Number.parseInt(line, 16);
    if (wanted.has(code)) glyphs.set(String.fromCodePoint(code), glyphOf(line.slice(line.indexOf(':') + 1)));
  }
  const unknown = glyphs.get(UNKNOWN) as Glyph;
  return (character) => glyphs.get(character) ?? unknown;
}

/** Of the file's line: 16 rows as hexadecimal digits. */
function glyphOf(hex: string): Glyph {
  const digits = hex.length / GLYPH_PX;
  const rows = Array.from({ length: GLYPH_PX }, (_, row) =>
    Number.parseInt(hex.slice(row * digits, (row + 1) * digits), 16),
  );
  return { width: digits * 4, rows };
}
