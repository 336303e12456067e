import { expect, it } from 'vitest';
import { toJson } from './json.ts';

it('writes a bigint as a number with all its digits', () => {
  expect(toJson({ seed: 2n ** 64n - 1n, steps: 20, text: '18446744073709551615', deep: [[5n]] })).toBe(
    '{"seed":18446744073709551615,"steps":20,"text":"18446744073709551615","deep":[[5]]}',
  );
});
