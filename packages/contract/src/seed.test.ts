import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSeedAbove, MAX_DRAWN_SEED, Seed, seedPlus } from './seed.ts';
import { anySeed } from './testing.ts';

const LIMIT = '18446744073709551615';

describe('a seed', () => {
  it.each([
    [0, 0],
    [2 ** 53 - 1, 2 ** 53 - 1],
    ['9007199254740992', '9007199254740992'],
    [LIMIT, LIMIT],
    ['7', 7],
    ['0007', 7],
    ['9007199254740991', 2 ** 53 - 1],
  ])('%j is read as %j', (written, seed) => expect(Seed.parse(written)).toBe(seed));

  it.each([-1, 0.5, 2 ** 53, '18446744073709551616', '', '-1', '1.5', 'x', '1e3', null, undefined])(
    '%j is none',
    (written) => expect(Seed.safeParse(written).success).toBe(false),
  );

  it('survives JSON and is read the same again', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        expect(Seed.parse(JSON.parse(JSON.stringify(seed)))).toBe(seed);
      }),
    );
  });
});

describe('the seed further on', () => {
  it('goes around the end of the range', () => {
    expect(seedPlus(MAX_DRAWN_SEED, 1, MAX_DRAWN_SEED)).toBe(0);
    expect(seedPlus(LIMIT, 2, LIMIT)).toBe(1);
    expect(seedPlus(LIMIT, 0, LIMIT)).toBe(LIMIT);
  });

  it('is exact where numbers are not, and changes its form with its size', () => {
    expect(seedPlus('9007199254740993', 1, LIMIT)).toBe('9007199254740994');
    expect(seedPlus(2 ** 53 - 1, 1, LIMIT)).toBe('9007199254740992');
  });

  it('stays in its range', () => {
    fc.assert(
      fc.property(anySeed, fc.nat(64), anySeed, (seed, n, max) => {
        expect(isSeedAbove(seedPlus(seed, n, max), max)).toBe(false);
      }),
    );
  });
});
