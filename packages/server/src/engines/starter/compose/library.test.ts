import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { library, readLibrary } from './library.ts';

const SHIPPED = fileURLToPath(new URL('../../../../../../models/starter', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limner-library-'));
  folders.push(folder);
  for (const name of ['library.json', 'library.index.br', 'library.svg.bin'])
    cpSync(join(SHIPPED, name), join(folder, name));
  return folder;
}

describe('the vector library', () => {
  it('matches its manifest and draws every icon from its block', () => {
    const { icons } = library();
    expect(icons.length).toBeGreaterThan(8000);
    for (const icon of icons.filter(({ id }) => id % 997 === 0))
      expect(library().body(icon)).toMatch(/^<.*>$/s);
  });

  it('keeps the licence of every set, and none that asks for share-alike', () => {
    for (const { licence } of library().sets) expect(['MIT', 'Apache-2.0', 'CC-BY-3.0']).toContain(licence);
  });

  it.each(['library.index.br', 'library.svg.bin'])('refuses a damaged %s', (name) => {
    const folder = copy();
    const bytes = readFileSync(join(folder, name));
    bytes[100] = (bytes[100] as number) ^ 1;
    writeFileSync(join(folder, name), bytes);
    expect(() => readLibrary(folder)).toThrow(expect.objectContaining({ code: 'weights_damaged' }));
  });

  it('refuses a missing file in the same words', () => {
    const folder = copy();
    rmSync(join(folder, 'library.svg.bin'));
    expect(() => readLibrary(folder)).toThrow(
      expect.objectContaining({ code: 'weights_damaged', data: { file: 'models/starter/library.svg.bin' } }),
    );
  });
});
