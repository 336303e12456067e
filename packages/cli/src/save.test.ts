import { describe, expect, it } from 'vitest';
import { fileName } from './save.ts';

describe('a file name made from words', () => {
  it.each([
    ['a red dragon', 'a-red-dragon'],
    ['红色的龙，飞翔', '红色的龙-飞翔'],
    ['../../etc/passwd', 'etc-passwd'],
    ['C:\\con|?*"<>', 'C-con'],
    ['...', 'picture'],
    ['🐉', 'picture'],
  ])('%s becomes %s', (text, name) => expect(fileName(text)).toBe(name));

  it('fits every file system, without cutting a letter in two', () => {
    const name = fileName('龙'.repeat(500));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
    expect(name).toMatch(/^龙+$/);
  });
});
