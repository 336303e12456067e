import type { FamilyParam } from '@limner/contract';
import i18next from 'i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';

/** Parameters with a place of their own elsewhere in the form. */
const ELSEWHERE: FamilyParam['key'][] = [
  'negative_prompt',
  'denoise',
  'strength',
  'range',
  'factor',
  'reference_mode',
];

export const isOwnParam = (param: FamilyParam): boolean => !ELSEWHERE.includes(param.key);

const LABELS = {
  steps: 'composer.steps',
  cfg: 'composer.cfg',
  guidance: 'composer.guidance',
  sampler: 'composer.sampler',
  scheduler: 'composer.scheduler',
  model: 'composer.modelParam',
  denoise: 'composer.denoise',
  reference_mode: 'composer.referenceMode',
} as const;

/** Imported workflows name their own placeholders. */
export function paramLabel({ key, label }: FamilyParam): string {
  if (label) return label[spokenLanguage()];
  return key in LABELS ? i18next.t(LABELS[key as keyof typeof LABELS]) : key.replace(/^inputs\./, '');
}
