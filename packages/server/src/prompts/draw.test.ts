import { MAX_PROMPT_CHARS, StudioError } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { draw } from './draw.ts';
import { entriesIn } from './entries.ts';
import { Library } from './library.ts';
import { randomStream } from './random-stream.ts';

const FILES = new Map(
  Object.entries({
    animal: 'fox\n# no animal\n  wolf  \n\nowl # at night\na #ff0000 bird',
    rare: '0::never\n3::often\nseldom',
    nested: '{big|small} __animal__',
    loud: `__very__`,
    very: `${'very '.repeat(1000)}\n${'much '.repeat(1000)}`,
  }).map(([name, text]) => [name, entriesIn(text, name)]),
);
const library = new Library([...FILES.keys()], FILES);
const drawn = (prompt: string, seed: number) =>
  draw(library.partsOf(prompt), library, randomStream(`${seed}`), seed);

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const textsOf = (prompt: string) => [...new Set(SEEDS.map((seed) => drawn(prompt, seed).text))].sort();
const timesOf = (prompt: string, text: string) =>
  SEEDS.filter((seed) => drawn(prompt, seed).text === text).length;

describe('a draw', () => {
  it.each([
    ['{a|b}', ['a', 'b']],
    ['a {|big }dragon', ['a big dragon', 'a dragon']],
    ['{2$$a|b}', ['a, b', 'b, a']],
    ['{1-2$$ and $$a|b}', ['a', 'a and b', 'b', 'b and a']],
    ['{0-1$$a}', ['', 'a']],
    ['{9$$ $$a|b}', ['a b', 'b a']],
    ['__animal__', ['a #ff0000 bird', 'fox', 'owl', 'wolf']],
    ['{4$$/$$__rare__|x}', ['often/x', 'seldom/x', 'x/often', 'x/seldom']],
    ['__ANIMAL__ {0::a|b}', ['a #ff0000 bird b', 'fox b', 'owl b', 'wolf b']],
    ['{@a|b} {@c|d}', ['a c', 'b d']],
    ['\\{a|b\\} \\__animal\\__ (fox:1.2)', ['{a|b} __animal__ (fox:1.2)']],
  ])('of %s', (prompt, texts) => {
    expect(textsOf(prompt)).toEqual(texts);
  });

  it('takes no entry of a wildcard twice', () => {
    for (const seed of SEEDS) {
      const words = drawn('{3$$__animal__}', seed).text.split(', ');
      expect([words.length, new Set(words).size]).toEqual([3, 3]);
    }
  });

  it('takes several of a weighted wildcard without a number for each of its entries', () => {
    let calls = 0;
    const random = randomStream('7');
    const counted = () => {
      calls += 1;
      return random();
    };
    const many = `3::first\n${Array.from({ length: 5_000 }, (_, at) => `entry ${at}`).join('\n')}`;
    const large = new Library(['many'], new Map([['many', entriesIn(many, 'many')]]));
    const { text } = draw(large.partsOf('{4$$__many__}'), large, counted, 0);
    expect(new Set(text.split(', ')).size).toBe(4);
    expect(calls).toBeLessThan(10);
  });

  it('takes no entry that weighs nothing', () => {
    expect(textsOf('{3$$/$$__rare__}')).toEqual(['often/seldom', 'seldom/often']);
  });

  it('follows the weights', () => {
    expect(timesOf('__rare__', 'never')).toBe(0);
    expect(timesOf('__rare__', 'often')).toBeGreaterThan(timesOf('__rare__', 'seldom'));
    expect(timesOf('{9::a|b}', 'a')).toBeGreaterThan(timesOf('{9::a|b}', 'b') * 3);
  });

  it('is the same for the same seed, and says what was drawn', () => {
    const prompt = '{red|blue} __nested__';
    const [first, second] = [drawn(prompt, 7), drawn(prompt, 7)];
    expect(second).toEqual(first);
    expect(first.choices.map(({ token }) => token)).toEqual([
      '{red|blue}',
      '__nested__',
      '{big|small}',
      '__animal__',
    ]);
    const [colour, nested, size, animal] = first.choices.map(({ value }) => value);
    expect(first.text).toBe(`${colour} ${nested}`);
    expect(nested).toBe(`${size} ${animal}`);
  });

  it('that becomes too long is refused', () => {
    expect(() => drawn('__loud__ __loud__ __loud__', 1)).toThrow(StudioError);
    expect(drawn('__loud__', 1).text.length).toBeLessThan(MAX_PROMPT_CHARS);
  });
});
