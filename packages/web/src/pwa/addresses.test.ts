import { describe, expect, it } from 'vitest';
import { isKeptForEver, isPage, isThumbnail } from './addresses.ts';

describe('an address', () => {
  it.each(['/', '/history', '/settings/engines', '/remove-bg', '/training/12'])('%s is a page', (path) =>
    expect(isPage(path)).toBe(true),
  );
  it.each([
    '/api/tasks',
    '/ws',
    '/docs',
    '/docs/',
    '/outputs/1_0.png',
    '/assets/index.js',
    '/notices',
    '/sw.js',
  ])('%s is none', (path) => expect(isPage(path)).toBe(false));
  it('is kept for ever when its name carries a hash', () => {
    expect([isKeptForEver('/assets/index-1a2b.js'), isKeptForEver('/logo.svg')]).toEqual([true, false]);
  });
  it('is a thumbnail when it says how wide', () => {
    const at = (address: string) => {
      const { pathname, searchParams } = new URL(address, 'http://limner');
      return isThumbnail(pathname, searchParams);
    };
    expect([at('/outputs/1_0.png?w=256'), at('/outputs/1_0.png'), at('/api/tasks?w=1')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
