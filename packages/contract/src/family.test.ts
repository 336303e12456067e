import { describe, expect, test } from 'vitest';
import { FamilyParam, isPermissive, licenceWith, paramsWith } from './family.ts';

const off = { en: 'Not read.', zh: '不读取。' };
const PARAMS = [
  {
    key: 'model',
    type: 'choice',
    default: 'small',
    choices: [
      { value: 'small', label: { en: 'Small', zh: '小' } },
      {
        value: 'large',
        label: { en: 'Large', zh: '大' },
        licence: 'Non-Commercial',
        changes: [
          { key: 'steps', default: 50, effect: true },
          { key: 'cfg', default: 4, effect: true },
        ],
      },
    ],
  },
  {
    key: 'speed',
    type: 'choice',
    default: 'off',
    choices: [
      { value: 'off', label: { en: 'Off', zh: '关' } },
      {
        value: 'fast',
        label: { en: 'Fast', zh: '快' },
        changes: [{ key: 'cfg', default: 1, effect: false, reason: off }],
      },
    ],
  },
  { key: 'steps', type: 'integer', default: 8, min: 1, max: 60 },
  { key: 'cfg', type: 'number', default: 1, effect: false, reason: off },
].map((param) => FamilyParam.parse(param));

const param = (key: string, values: Record<string, unknown>) =>
  paramsWith(PARAMS, values).find((each) => each.key === key);

describe('a chosen value', () => {
  test('changes other parameters, and keeps their ranges', () => {
    expect(param('steps', { model: 'large' })).toMatchObject({ default: 50, min: 1, max: 60 });
    expect(param('cfg', { model: 'large' })).toEqual({
      key: 'cfg',
      type: 'number',
      default: 4,
      effect: true,
    });
  });

  test('of a later parameter comes after one of an earlier', () => {
    expect(param('cfg', { model: 'large', speed: 'fast' })).toMatchObject({ effect: false, reason: off });
    expect(param('steps', { model: 'large', speed: 'fast' })).toMatchObject({ default: 50 });
  });

  test('that changes nothing leaves the list as it is', () => {
    expect(paramsWith(PARAMS, {})).toBe(PARAMS);
    expect(paramsWith(PARAMS, { model: 'unknown' })).toBe(PARAMS);
  });

  test('can have a licence of its own', () => {
    expect(licenceWith({ params: PARAMS, licence: 'Apache-2.0' }, {})).toBe('Apache-2.0');
    expect(licenceWith({ params: PARAMS, licence: 'Apache-2.0' }, { model: 'large' })).toBe('Non-Commercial');
  });
});

test('licences that allow any use', () => {
  expect(['Apache-2.0', 'MIT', 'BSD-3-Clause'].every(isPermissive)).toBe(true);
  expect(
    ['FLUX.1 [dev] Non-Commercial License', 'CreativeML Open RAIL-M', undefined].some(isPermissive),
  ).toBe(false);
});
