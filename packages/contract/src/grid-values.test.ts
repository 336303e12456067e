import { expect, it } from 'vitest';
import { typedValues } from './grid-cells.ts';
import { gridItems, gridLines, gridNumbers } from './grid-values.ts';

it.each<[string, number[]]>([
  ['20', [20]],
  ['20, 25,30', [20, 25, 30]],
  ['1-5', [1, 2, 3, 4, 5]],
  ['20-40 (+5)', [20, 25, 30, 35, 40]],
  ['20-40(+10)', [20, 30, 40]],
  ['1-6 (2)', [1, 3, 5]],
  ['10-5 (-3)', [10, 7]],
  ['5-3', [5, 4, 3]],
  ['1-10 [5]', [1, 3, 5, 7, 10]],
  ['4, 8-10, 20-30 [2]', [4, 8, 9, 10, 20, 30]],
  ['10–12', [10, 11, 12]],
  ['20，25，30', [20, 25, 30]],
  ['20-40（+10）', [20, 30, 40]],
  ['-3--1', [-3, -2, -1]],
  ['7-7', [7]],
  ['', []],
])('reads %j as whole numbers', (text, values) => {
  expect(gridNumbers(text, true)).toEqual(values);
});

it.each<[string, number[]]>([
  ['1-3 (+0.5)', [1, 1.5, 2, 2.5, 3]],
  ['0-1 [6]', [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ['0.1-0.3 (+0.1)', [0.1, 0.2, 0.3]],
  ['3.5, 7', [3.5, 7]],
  ['1-5 [1]', [1]],
])('reads %j as numbers', (text, values) => {
  expect(gridNumbers(text, false)).toEqual(values);
});

it.each(['many', '20 30', '1-', '10-5 (+1)', '1-5 (-1)', '1-5 (0)', '1e3', 'NaN', '--1'])(
  'refuses %j',
  (text) => {
    expect(() => gridNumbers(text, true)).toThrow(expect.objectContaining({ code: 'grid_axis' }));
  },
);

it('counts a range that is too long without making it', () => {
  expect(() => gridNumbers('1-1000000000', true)).toThrow(
    expect.objectContaining({ code: 'grid_too_large', data: { count: 1_000_000_000, limit: 500 } }),
  );
});

it.each<[string, string[]]>([
  ['dragon, knight', ['dragon', 'knight']],
  ['dragon,, knight,', ['dragon', 'knight']],
  ['"a red dragon, flying", "say ""hello"""', ['a red dragon, flying', 'say "hello"']],
  ['red, ""', ['red', '']],
  ['龙，骑士', ['龙', '骑士']],
  ['euler\ndpmpp_2m\r\nheun', ['euler', 'dpmpp_2m', 'heun']],
  ['5" gun, knight', ['5" gun', 'knight']],
  ['', []],
])('reads the items of %j', (text, items) => {
  expect(gridItems(text)).toEqual(items);
});

it('reads one prompt a line, commas and all', () => {
  expect(gridLines('a dragon, red\n\n  a knight \r\n红色的龙，飞')).toEqual([
    'a dragon, red',
    'a knight',
    '红色的龙，飞',
  ]);
});

it.each([['1-9999,'.repeat(5000)], [Array<string>(5000).fill('1-9999')]])(
  'refuses ranges that are too many together',
  (typed) => {
    expect(() => typedValues({ type: 'integer' }, typed)).toThrow('The limit is 500.');
  },
);
