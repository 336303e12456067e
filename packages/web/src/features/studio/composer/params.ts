import type { FamilyParam } from '@limner/contract';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { paramName } from '../../../i18n/param-name.ts';

/** Parameters with their own control elsewhere in the form. */
const ELSEWHERE: FamilyParam['key'][] = [
  'negative_prompt',
  'denoise',
  'strength',
  'range',
  'factor',
  'reference_mode',
  'tileable',
  'style_mode',
  'style_strength',
];

export const isOwnParam = (param: FamilyParam): boolean => !ELSEWHERE.includes(param.key);

/** Imported workflows provide labels for their placeholders. */
export function paramLabel({ key, label }: FamilyParam): string {
  if (label) return label[spokenLanguage()];
  return paramName(key);
}
