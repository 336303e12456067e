import type { PresetSettings } from '@limner/contract';

/** The settings of a form that nobody has changed. */
export const presetSettings: PresetSettings = {
  mode: 'txt2img',
  negative: '',
  family: null,
  seed: null,
  count: 1,
  ratio: '1:1',
  long_side: null,
  free: null,
  params: {},
  loras: [],
  control: null,
  recipe: null,
};
