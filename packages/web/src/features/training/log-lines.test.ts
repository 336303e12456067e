import { expect, it } from 'vitest';
import { NO_LINES, shownLines, withText } from './log-lines.ts';

const shown = (...texts: string[]) => shownLines(texts.reduce(withText, NO_LINES));

it.each<[string, string[], string[]]>([
  ['lines', ['one\ntwo\n'], ['one', 'two']],
  ['a line in two parts', ['o', 'ne\ntw', 'o'], ['one', 'two']],
  ['line ends of Windows', ['one\r\ntwo\r\n'], ['one', 'two']],
  ['a line end that is cut', ['one\r', '\ntwo'], ['one', 'two']],
  ['a bar that writes over itself', ['load\n10%\r20%', '\r30%'], ['load', '30%']],
  ['a bar whose return comes last', ['10%\r', '20%\r', '30%\r\ndone\n'], ['30%', 'done']],
  ['colours', ['\u001b[31mred\u001b[0m\n'], ['red']],
  ['nothing', [''], []],
])('shows %s as a terminal does', (_, texts, lines) => {
  expect(shown(...texts)).toEqual(lines);
});

it('holds the newest lines only, and of an endless line its end', () => {
  const lines = shown(...Array.from({ length: 30 }, () => 'line\n'.repeat(100)), 'last\n');
  expect(lines).toHaveLength(1000);
  expect(lines.at(-1)).toBe('last');
  expect(shown('x'.repeat(100_000)).join('').length).toBeLessThanOrEqual(4000);
});
