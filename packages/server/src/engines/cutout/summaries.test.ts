import { expect, it } from 'vitest';
import { cutoutFamily } from './families.ts';
import { sprite, withPale } from './summaries.ts';

it('names models as the choice is called, not by their ids', () => {
  const plain = sprite({ opened: 1, kept: 1 }, false);
  const { en, zh } = withPale(plain);
  const choices = cutoutFamily([]).params.flatMap(({ choices = [] }) => choices);
  for (const id of ['sprite-glass', 'sprite-open', 'sprite-solid']) {
    const label = choices.find(({ value }) => value === id)?.label;
    expect([en, zh].some((sentence) => sentence.includes(id))).toBe(false);
    expect([en.includes(`“${label?.en}”`), zh.includes(`“${label?.zh}”`)]).toEqual([true, true]);
  }
});
