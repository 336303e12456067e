import { expect, test } from 'vitest';
import { isOlder } from './version.ts';

test.each([
  ['0.3.64', '0.3.75', true],
  ['0.3.75', '0.3.75', false],
  ['0.9.2', '0.3.75', false],
  ['0.33.0', '0.9.2', false],
  ['v0.9.1-3-gabcdef', '0.9.2', true],
  ['', '0.9.2', false],
  [null, '0.9.2', false],
  ['nightly', '0.9.2', false],
])('%s before %s: %s', (version, than, expected) => expect(isOlder(version, than)).toBe(expected));
