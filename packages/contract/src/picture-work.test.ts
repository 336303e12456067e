import { describe, expect, test } from 'vitest';
import { FamilyParam } from './family.ts';
import { pictureWork } from './picture-work.ts';

const choice = (value: string, steps: number, cfg: number) => ({
  value,
  label: { en: value, zh: value },
  changes: [
    { key: 'steps', default: steps, effect: true },
    { key: 'cfg', default: cfg, effect: cfg > 1 },
  ],
});
const params = [
  { key: 'model', type: 'choice', default: 'turbo', choices: [choice('turbo', 8, 1), choice('base', 50, 4)] },
  { key: 'speed', type: 'choice', default: 'off', choices: [choice('lightning', 4, 1)] },
  { key: 'steps', type: 'integer', default: 8, min: 1, max: 60, effect: true },
  { key: 'cfg', type: 'number', default: 1, effect: false },
].map((param) => FamilyParam.parse(param));

const work = (values = {}) => pictureWork({ width: 10, height: 10, params: values }, { params });

describe('the work of a picture', () => {
  test('counts the steps of the chosen file, not of the usual one', () => {
    expect(work()).toBe(100 * 8);
    expect(work({ model: 'base', cfg: 1 })).toBe(100 * 50);
    expect(work({ model: 'base', speed: 'lightning' })).toBe(100 * 4);
    expect(work({ model: 'base', steps: 10, cfg: 1 })).toBe(100 * 10);
  });

  test('is twice as much where a negative prompt is read', () => {
    expect(work({ model: 'base' })).toBe(2 * 100 * 50);
    // Turbo does not read it, whatever is asked.
    expect(work({ cfg: 7 })).toBe(100 * 8);
  });

  test('is that of its pixels where a family has no steps or is gone', () => {
    expect(pictureWork({ width: 10, height: 10, params: {} }, { params: [] })).toBe(100);
    expect(pictureWork({ width: 10, height: 10, params: {} }, undefined)).toBe(100);
    expect(pictureWork({ width: null, height: 10, params: {} }, undefined)).toBeNull();
  });
});
