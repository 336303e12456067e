import { describe, expect, it } from 'vitest';
import { hasDev, kindInstalled } from './ensure.mjs';

const LOCK = {
  '': { name: 'limner' },
  'packages/cli': { version: '0.1.0' },
  'node_modules/@limner/cli': { resolved: 'packages/cli', link: true },
  'node_modules/zod': { version: '4.0.0', integrity: 'a' },
  'node_modules/vitest': { version: '4.1.0', integrity: 'b', dev: true },
  'node_modules/binary-for-another-system': { version: '1.0.0', integrity: 'c', optional: true },
};
const installed = (...names) => Object.fromEntries(names.map((name) => [name, LOCK[name]]));

describe('what npm recorded in node_modules', () => {
  it('is complete with the development packages', () =>
    expect(kindInstalled(LOCK, installed('node_modules/zod', 'node_modules/vitest'))).toEqual({ dev: true }));

  it('is good for a start without them', () =>
    expect(kindInstalled(LOCK, installed('node_modules/zod'))).toEqual({ dev: false }));

  it('is not what the lock says when a package is missing or another', () => {
    expect(kindInstalled(LOCK, installed('node_modules/vitest'))).toBeNull();
    const other = {
      ...installed('node_modules/zod'),
      'node_modules/vitest': { version: '4.2.0', integrity: 'd' },
    };
    expect(kindInstalled(LOCK, other)).toBeNull();
  });

  it('tells a developer, who keeps the development packages when the lock changes', () => {
    expect(hasDev(installed('node_modules/zod', 'node_modules/vitest'))).toBe(true);
    expect(hasDev(installed('node_modules/zod'))).toBe(false);
    expect(hasDev(undefined)).toBe(false);
  });

  it('is nothing when there is no record: an install that was broken off leaves none', () =>
    expect(kindInstalled(LOCK, undefined)).toBeNull());
});
