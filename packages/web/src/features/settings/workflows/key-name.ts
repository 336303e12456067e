import { useTranslation } from 'react-i18next';

const NAMES = {
  prompt: 'composer.prompt',
  negative_prompt: 'composer.negative',
  image: 'composer.input',
  mask: 'composer.mask',
  seed: 'composer.seed',
  width: 'composer.width',
  height: 'composer.height',
  steps: 'composer.steps',
  cfg: 'composer.cfg',
  guidance: 'composer.guidance',
  sampler: 'composer.sampler',
  scheduler: 'composer.scheduler',
  denoise: 'composer.denoise',
  model: 'composer.modelParam',
  pictures_at_once: 'workflows.picturesAtOnce',
} as const;

/** What a key of a workflow's map is called; the user's own keep their names. */
export function useKeyName(): (key: string) => string {
  const { t } = useTranslation();
  return (key) => {
    const [, n] = /^image_(\d+)$/.exec(key) ?? [];
    if (n) return t('composer.reference', { n });
    return key in NAMES ? t(NAMES[key as keyof typeof NAMES]) : key;
  };
}
