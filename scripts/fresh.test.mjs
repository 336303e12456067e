import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFresh, readJson, signatures, sources, writeJson } from './fresh.mjs';

let folder;
let stamp;
const write = (name, text) => writeFileSync(join(folder, name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limner-fresh-'));
  mkdirSync(join(folder, 'dist'));
  write('a.ts', 'a');
  stamp = join(folder, 'dist', '.build.json');
  writeJson(stamp, signatures([folder]));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a product is fresh', () => {
  it('when nothing changed', () => expect(isFresh(stamp, [folder])).toBe(true));

  it('when files were only touched, and the stamp learns the new times', () => {
    utimesSync(join(folder, 'a.ts'), 1, 1);
    const before = readJson(stamp).stat;
    expect(isFresh(stamp, [folder])).toBe(true);
    expect(readJson(stamp).stat).not.toBe(before);
  });

  it('when a test or a product changed', () => {
    write('a.test.ts', 'test');
    write('dist/main.js', 'bundle');
    expect(isFresh(stamp, [folder])).toBe(true);
  });
});

describe('a product is stale', () => {
  it('when a source has other contents of the same size and time', () => {
    write('a.ts', 'b');
    utimesSync(join(folder, 'a.ts'), 1, 1);
    expect(isFresh(stamp, [folder])).toBe(false);
  });

  it('when a source came or went', () => {
    write('b.ts', '');
    expect(isFresh(stamp, [folder])).toBe(false);
    rmSync(join(folder, 'b.ts'));
    rmSync(join(folder, 'a.ts'));
    expect(isFresh(stamp, [folder])).toBe(false);
  });

  it('when its stamp is missing or broken', () => {
    writeFileSync(stamp, '{"stat":');
    expect(isFresh(stamp, [folder])).toBe(false);
    rmSync(stamp);
    expect(isFresh(stamp, [folder])).toBe(false);
  });
});

it('what is not there is not a source', () => expect(sources([join(folder, 'nowhere')])).toEqual([]));
