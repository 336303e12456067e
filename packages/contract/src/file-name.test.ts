import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FILE_NAME_TEMPLATE,
  distinctNames,
  FILE_NAME_FIELDS,
  type NamedPicture,
  pictureName,
  safeFileName,
  slug,
  templateProblem,
} from './file-name.ts';

const picture: NamedPicture = {
  id: '12_0',
  task: 12,
  frame: 0,
  place: 0,
  prompt: 'A red dragon',
  sourceName: '',
  seed: '18446744073709551615',
  family: 'starter',
  kind: 'generation',
  completedMs: new Date(2026, 0, 31, 9, 5, 7).getTime(),
  file: 'outputs/12_0.png',
};
const named = (template: string, over: Partial<NamedPicture> = {}) =>
  pictureName(template, { ...picture, ...over });

describe('a slug', () => {
  it.each([
    ['A red dragon, 4K!', 'a-red-dragon-4k'],
    ['红色的龙, 高清', '红色的龙-高清'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON: what? <"*|', 'con-what'],
    ['a (dragon:1.3), [fog:.5], ((red))', 'a-dragon-fog-red'],
    ['a knight <lora:ink style:0.8> __pose__ --ar 16:9', 'a-knight'],
    ['<lora:ink:1>', ''],
    ['ratio 16:9, castle at 4:30', 'ratio-16-9-castle-at-4-30'],
    ['🐉🐉', ''],
    ['', ''],
  ])('of %j is %j', (prompt, name) => {
    expect(slug(prompt)).toBe(name);
  });

  it('is cut between characters, never within one', () => {
    expect(slug('𠮷'.repeat(60))).toBe('𠮷'.repeat(40));
  });
});

describe('the name of a saved picture', () => {
  it.each([
    [DEFAULT_FILE_NAME_TEMPLATE, {}, '12_0_a-red-dragon.png'],
    [DEFAULT_FILE_NAME_TEMPLATE, { prompt: '红色的龙' }, '12_0_红色的龙.png'],
    [DEFAULT_FILE_NAME_TEMPLATE, { prompt: '' }, '12_0.png'],
    [DEFAULT_FILE_NAME_TEMPLATE, { prompt: '', sourceName: 'Hero Idle.PNG' }, '12_0_Hero Idle.png'],
    [DEFAULT_FILE_NAME_TEMPLATE, { prompt: '', sourceName: 'a red fox, 4k' }, '12_0_a-red-fox-4k.png'],
    ['{date}-{slug}-{task}-{index}', {}, '2026-01-31-a-red-dragon-12-1.png'],
    ['{date}-{slug}-{task}-{index}', { prompt: '' }, '2026-01-31-12-1.png'],
    ['{slug}-{index}', { place: 1, frame: 3 }, 'a-red-dragon-4-2.png'],
    [
      '{slug} {seed} {family} {kind} {time}',
      {},
      'a-red-dragon 18446744073709551615 starter generation 090507.png',
    ],
    ['{slug}', { prompt: '' }, '12_0.png'],
    ['{slug}', { prompt: 'CON' }, '_con.png'],
    ['{slug}', { prompt: 'lpt1' }, '_lpt1.png'],
    ['.{slug}. ', {}, 'a-red-dragon.png'],
    ['{slug}', { file: 'outputs/12_0.webm' }, 'a-red-dragon.webm'],
  ])('%s %j: %s', (template, over, name) => {
    expect(named(template, over)).toBe(name);
  });

  it('keeps its number when the slug is too long', () => {
    const name = named('{slug}_{id}', { prompt: '龙'.repeat(200), id: '123456_12' });
    expect(name).toMatch(/^龙+_123456_12\.png$/);
  });

  it('is valid on every system, whatever the prompt, upload and template', () => {
    const literal = fc.string({ unit: 'grapheme', maxLength: 20 });
    const template = fc
      .array(fc.oneof(literal, fc.constantFrom(...FILE_NAME_FIELDS.map((field) => `{${field}}`))), {
        minLength: 1,
      })
      .map((parts) => parts.join(''))
      .filter((text) => templateProblem(text) === null);
    fc.assert(
      fc.property(template, fc.string({ unit: 'grapheme' }), fc.string(), (text, prompt, sourceName) => {
        const name = named(text, { prompt, sourceName });
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(140);
        expect(name).toMatch(/^[^\\/:*?"<>|\p{Cc}. ][^\\/:*?"<>|\p{Cc}]*\.png$/u);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        expect(name).not.toMatch(/[. ]\.png$/);
      }),
    );
  });
});

describe('a template', () => {
  it.each([
    ['', 'must not be empty'],
    ['  ', 'must not be empty'],
    ['picture', 'must contain a field'],
    ['{slug}-{hour}', 'unknown field {hour}'],
    ['{slug', 'a brace without its pair'],
    ['a/{slug}', 'contains /'],
    ['{slug}?', 'contains ?'],
    ['{slug}\u0007', 'contains U+0007'],
    [`{slug}${'x'.repeat(130)}`, 'at most 120'],
  ])('%j is refused: %s', (template, reason) => {
    expect(templateProblem(template)?.en).toContain(reason);
  });

  it.each(['{slug}', '{date}-{slug}-{task}-{index}', '图标_{slug}'])('%s is accepted', (template) => {
    expect(templateProblem(template)).toBeNull();
  });
});

it('equal names get numbers, also where only case differs', () => {
  expect(distinctNames(['a.png', 'A.png', 'a-2.png', 'b.png'])).toEqual([
    'a.png',
    'A-2.png',
    'a-2-2.png',
    'b.png',
  ]);
});

it('a received name cannot leave its folder', () => {
  expect(safeFileName('../../etc/passwd')).toBe('etc-passwd');
  expect(safeFileName('..')).toBe('picture');
  expect(safeFileName('龙.png')).toBe('龙.png');
});
