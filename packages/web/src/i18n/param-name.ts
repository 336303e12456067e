import i18next from 'i18next';

const LABELS = {
  steps: 'composer.steps',
  cfg: 'composer.cfg',
  guidance: 'composer.guidance',
  sampler: 'composer.sampler',
  scheduler: 'composer.scheduler',
  style_mode: 'composer.styleMode',
  style_strength: 'composer.styleStrength',
  model: 'composer.modelParam',
  speed: 'composer.speed',
  denoise: 'composer.denoise',
  hires_scale: 'composer.hiresScale',
  hires_upscaler: 'composer.hiresUpscaler',
  hires_steps: 'composer.hiresSteps',
  hires_denoise: 'composer.hiresDenoise',
  reference_mode: 'composer.referenceMode',
  layers: 'composer.layers',
  pixel_grid: 'composer.pixelGrid',
  tileable: 'composer.seamless',
  library: 'composer.library',
  treatment: 'composer.treatment',
} as const;

/** The label of a parameter; a workflow's placeholder keeps its name. */
export const paramName = (key: string): string =>
  Object.hasOwn(LABELS, key) ? i18next.t(LABELS[key as keyof typeof LABELS]) : key.replace(/^inputs\./, '');
