import { expect, it } from 'vitest';
import { SizedCache } from './sized-cache.ts';

it('drops what was not used for longest, and keeps nothing larger than itself', () => {
  const cache = new SizedCache<number>(10);
  const kept = () => ['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined);
  for (const [at, key] of ['a', 'b', 'c'].entries()) cache.set(key, at, 3);
  expect(kept()).toEqual(['a', 'b', 'c']);
  cache.get('a');
  cache.set('d', 3, 4);
  expect(kept()).toEqual(['a', 'c', 'd']);
  cache.set('c', 2, 11);
  expect(kept()).toEqual(['a', 'd']);
  cache.set('a', 7, 6);
  expect([cache.get('a'), kept()]).toEqual([7, ['a', 'd']]);
  cache.delete('a');
  cache.set('b', 1, 6);
  expect(kept()).toEqual(['b', 'd']);
});
