import { describe, expect, it } from 'vitest';
import { pictureName, slug } from './picture-name.ts';

describe('the name of a saved picture', () => {
  it.each([
    ['A red dragon, 4K!', 'a-red-dragon-4k'],
    ['红色的龙, 高清', '红色的龙-高清'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON: what? <"*|', 'con-what'],
    ['🐉🐉', ''],
    ['', ''],
  ])('of %j is %j', (prompt, name) => {
    expect(slug(prompt)).toBe(name);
  });

  it('is cut between characters, never within one', () => {
    const name = slug('𠮷'.repeat(60));
    expect([...name]).toHaveLength(40);
    expect(name).toBe('𠮷'.repeat(40));
  });

  it('has task and picture first, and the ending of the file', () => {
    const picture = { id: '12_0', file: 'outputs/12_0.png' };
    expect(pictureName({ ...picture, prompt: '红色的龙' })).toBe('12_0_红色的龙.png');
    expect(pictureName({ ...picture, prompt: '' })).toBe('12_0.png');
  });
});
