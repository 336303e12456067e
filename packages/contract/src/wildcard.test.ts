import { expect, it } from 'vitest';
import { WildcardName } from './wildcard.ts';

const reasonOf = (name: string) => {
  const [issue] = WildcardName.safeParse(name).error?.issues ?? [];
  return (issue as { params?: { reason?: { en: string } } } | undefined)?.params?.reason?.en ?? null;
};

it.each([
  ['animal', null],
  ['folder/动物 2', null],
  ['CON', /Windows/],
  ['folder/nul.txt', /Windows/],
  ['animal.', /must not end with/],
  ['a__b', /must not contain __/],
])('the name %s', (name, reason) => {
  if (reason === null) expect(reasonOf(name)).toBeNull();
  else expect(reasonOf(name)).toMatch(reason);
});
