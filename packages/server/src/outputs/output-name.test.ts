import { outputId, parseOutputId } from '@limner/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputKey, outputUrl, parseOutputKey, parseOutputPath } from './output-name.ts';

const names = fc.record({
  task: fc.integer({ min: 1, max: 999_999_999 }),
  frame: fc.integer({ min: 0, max: 9_999 }),
  place: fc.integer({ min: 0, max: 999 }),
});

describe('the name of an output', () => {
  it('is read as it is printed: id, key and address', () => {
    fc.assert(
      fc.property(names, fc.constantFrom('generation' as const, 'remove_bg' as const), (name, kind) => {
        expect(parseOutputId(outputId(name))).toEqual(name);
        const key = outputKey(name, kind, 'webp');
        expect(parseOutputKey(key)).toEqual({ ...name, extension: 'webp' });
        expect(parseOutputPath(outputUrl(key))).toMatchObject(name);
      }),
    );
  });

  it('is short for the first of a frame, and that of its task for a cut-out', () => {
    expect(outputId({ task: 12, frame: 0, place: 0 })).toBe('12_0');
    expect(outputId({ task: 12, frame: 3, place: 2 })).toBe('12_3_2');
    expect(outputKey({ task: 12, frame: 0, place: 0 }, 'remove_bg', 'png')).toBe('outputs/rmbg_12.png');
    expect(outputKey({ task: 12, frame: 0, place: 1 }, 'remove_bg', 'png')).toBe('outputs/12_0_1.png');
    expect(parseOutputId('rmbg_12')).toEqual({ task: 12, frame: 0, place: 0 });
  });

  it.each([
    '',
    '12',
    '12_',
    '_0',
    '12_0_',
    '12_0_1_2',
    'a_0',
    '12_0.png',
    'rmbg_',
    'rmbg_1_0',
    '12_0/x',
    '-1_0',
  ])('is not %j', (text) => expect(parseOutputId(text)).toBeNull());

  it.each(['outputs/../x.png', 'uploads/12_0.png', 'outputs/12_0', 'outputs/12_0.PNG', 'outputs/a/12_0.png'])(
    'is not in %j',
    (key) => expect(parseOutputKey(key)).toBeNull(),
  );
});
