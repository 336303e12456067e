import { type FamilyParam, HIRES_DETAILS } from '@limner/contract';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { paramName } from '../../../i18n/param-name.ts';
import type { Draft, ParamValues } from '../../../state/draft/draft.ts';

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

/** The second pass is of pictures from words alone, and its details belong to one that enlarges. */
export function isUsedNow({ key }: FamilyParam, values: ParamValues, mode: Draft['mode']): boolean {
  if (key !== 'hires_scale' && !HIRES_DETAILS.includes(key)) return true;
  return mode === 'txt2img' && (key === 'hires_scale' || Number(values.hires_scale ?? 1) > 1);
}

/** Imported workflows provide labels for their placeholders. */
export function paramLabel({ key, label }: FamilyParam): string {
  if (label) return label[spokenLanguage()];
  return paramName(key);
}
