import type { FamilyOffer } from '@limner/contract';
import { expect, test } from 'vitest';
import { cutOutModels, modelFor } from './cut-out-models.ts';

const word = (text: string) => ({ en: text, zh: text });
const choice = (value: string, licence?: string) => ({
  value,
  label: word(value),
  engine: 'comfy',
  missing: [],
  ...(licence ? { licence } : {}),
});
const family = (choices: ReturnType<typeof choice>[]): FamilyOffer => ({
  id: 'remove-background',
  kind: 'remove_bg',
  label: word('Cut out'),
  description: word(''),
  experimental: false,
  types: [],
  controls: [],
  size: null,
  references: 0,
  loras: false,
  params: [{ key: 'model', type: 'choice', default: 'birefnet', choices, effect: true }],
  licence: 'MIT',
  available: true,
  engines: [],
  seconds_per_frame: null,
  measured: null,
});

test('a model whose licence has conditions is used only by choice', () => {
  const families = [family([choice('rmbg-2', 'CC BY-NC 4.0'), choice('birefnet-matting')])];
  expect(modelFor(families, null)).toBe('birefnet-matting');
  expect(modelFor(families, 'rmbg-2')).toBe('rmbg-2');
  expect(cutOutModels(families).map(({ licence }) => licence)).toEqual(['CC BY-NC 4.0', 'MIT']);
  expect(modelFor([family([choice('rmbg-2', 'CC BY-NC 4.0')])], null)).toBeNull();
});
