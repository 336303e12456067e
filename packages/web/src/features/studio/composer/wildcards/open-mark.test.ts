import { describe, expect, it } from 'vitest';
import { completions, openMark } from './open-mark.ts';

const NAMES = ['animal', 'body parts', 'places/forest', '动物'];

/** The caret is the bar `│`. */
const at = (marked: string) => {
  const caret = marked.indexOf('│');
  return openMark(marked.replace('│', ''), caret, NAMES);
};

describe('a wildcard is open', () => {
  it.each([
    ['a __│', '', 2, 4],
    ['a __ani│', 'ani', 2, 7],
    ['a __ani│ in a __places/forest__', 'ani', 2, 7],
    ['__animal__ and __p│', 'p', 15, 18],
    ['森林里的__动│', '动', 4, 7],
    ['__body p│', 'body p', 0, 8],
    ['{a|__ani│}', 'ani', 3, 8],
    ['__@ani│', '@ani', 0, 6],
    // Within a complete one, all of it is replaced.
    ['a __ani│mal__ b', 'ani', 2, 12],
    ['a __sci│_fi/x__ b', 'sci', 2, 14],
    // The text behind is no name.
    ['__ani│, a __body parts__', 'ani', 0, 5],
    ['__│animal', '', 0, 2],
  ])('%s', (marked, typed, from, to) => {
    expect(at(marked)).toEqual({ typed, from, to });
  });
});

describe('none is open', () => {
  it.each([
    '│__ani',
    'a│',
    '__animal__│',
    '__animal__ x│',
    '__动物__│的',
    '\\__ani│',
    '__ a│',
    '__ani\n│',
    '__{│',
  ])('%s', (marked) => {
    expect(at(marked)).toBeNull();
  });
});

it('names that begin with what was typed come first, whatever the case', () => {
  const names = ['big/animal', 'animal', 'Ant', 'manta', 'plants/an', 'x'];
  expect(completions('AN', names)).toEqual(['animal', 'Ant', 'big/animal', 'plants/an', 'manta']);
  expect(completions('@ant', names)).toEqual(['Ant', 'manta', 'plants/an']);
  expect(completions('', names)).toEqual(names);
});
