import path from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../../test/places.ts';
import { loadGlyphs } from './glyphs.ts';
import { widthOf, wrap } from './wrap.ts';

it.each<[string, number, number, string[]]>([
  ['Steps: 20', 80, 5, ['Steps: 20']],
  ['a red dragon over a castle', 104, 5, ['a red dragon', 'over a castle']],
  ['红色的龙，飞过山', 64, 5, ['红色的龙', '，飞过山']],
  ['画 a dragon', 48, 5, ['画 a', 'dragon']],
  ['supercalifragilistic', 64, 5, ['supercal', 'ifragili', 'stic']],
  ['one two three four', 40, 2, ['one', 'two…']],
  ['one two', 24, 2, ['one', 'two']],
  ['two\nlines ', 80, 5, ['two lines']],
  ['', 80, 5, []],
])('breaks %j at %i pixels', (text, width, mostLines, lines) => {
  expect(wrap(text, width, mostLines)).toEqual(lines);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

it('has glyphs for both languages without any font, and one sign for what it lacks', async () => {
  const text = 'Aé 龙龍，…「ж 한';
  const glyphs = await loadGlyphs(path.join(repository, 'models'), [text, '🐉']);
  const [unknown, ...known] = ['🐉', ...text].map(glyphs);
  expect(known.every((glyph) => glyph !== unknown)).toBe(true);
  expect(known.map(({ width }) => width).reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(
    widthOf(text),
  );
  expect(glyphs('龙').width).toBe(16);
  expect(glyphs('A').width).toBe(8);
});
