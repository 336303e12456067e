import { expect, it } from 'vitest';
import { TreeProblem, treeIn } from './wildcard-tree.ts';

const read = (text: string) => treeIn(text, 'file').catch((error: unknown) => error);

/** Each level stands for nine of the one before. */
const laughs = (level: (before: string) => string): string =>
  [
    'a: &a [ha]',
    ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} ${level('abcdefgh'[at] ?? '')}`),
  ].join('\n');

it('aliases stand for what they name', async () => {
  expect(await read('trees: &trees [oak, elm]\nforest: {old: *trees, more: [*trees, ash]}')).toEqual(
    new Map([
      ['trees', ['oak', 'elm']],
      ['forest/old', ['oak', 'elm']],
      ['forest/more', ['ash']],
    ]),
  );
});

it.each([
  ['a circle of maps', 'a: &a\n  b: *a\n  c: [oak]', /circle/],
  ['a circle over several maps', 'a: &a {b: &b {c: {d: *a}}, e: *b}', /circle/],
  ['lists that grow with each level', laughs((name) => `[${Array(9).fill(`*${name}`)}]`), /entries/],
  [
    'maps that grow with each level',
    laughs((name) => `{${Array.from({ length: 9 }, (_, at) => `k${at}: *${name}`)}}`),
    /entries/,
  ],
  [
    'a long list under many names',
    `a: &a [${Array(3000).fill('oak')}]\n${Array.from({ length: 90 }, (_, at) => `k${at}: *a`).join('\n')}`,
    /entries/,
  ],
  ['a deep list', `a: ${'['.repeat(500)}${']'.repeat(500)}`, /deep/],
])('%s is refused by its name', async (_, text, reason) => {
  const problem = await read(text);
  expect(problem).toBeInstanceOf(TreeProblem);
  expect((problem as TreeProblem).reason.en).toMatch(reason);
});
