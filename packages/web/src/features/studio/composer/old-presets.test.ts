import { expect, test } from 'vitest';
import { oldPresets } from './old-presets.ts';

const settings = {
  mode: 'txt2img',
  negative: '',
  family: null,
  seed: null,
  count: 4,
  ratio: '1:1',
  longSide: 768,
  free: null,
  params: { starter: { steps: 8 } },
};

test('what this browser kept is read as the server takes it', () => {
  const stored = JSON.stringify({ state: { presets: [{ name: 'Icons', settings }] }, version: 0 });
  const { longSide, ...rest } = settings;
  expect(oldPresets(stored)).toEqual([{ name: 'Icons', settings: { ...rest, long_side: longSide } }]);
});

test('what cannot be read is left out', () => {
  const stored = JSON.stringify({ state: { presets: [{ name: 'x' }, { settings }, null] } });
  expect([oldPresets(null), oldPresets('{'), oldPresets('{"state":{}}')]).toEqual([[], [], []]);
  expect(oldPresets(stored)).toEqual([]);
});
