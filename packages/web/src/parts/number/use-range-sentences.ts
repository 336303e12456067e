/** The allowed range of a number in words, with its unit. */
import { useTranslation } from 'react-i18next';
import type { NumberRange } from '../../state/draft/number-text.ts';

/** @returns `refusal`: what a number must be, for a text that is none of the range */
export function useRangeSentences({ kind, min, max }: NumberRange, unit: string | undefined) {
  const { t } = useTranslation();
  const name = kind === 'decimal' ? t('number.decimal') : t('number.whole');
  const ends = { min: withUnit(min, unit), max: withUnit(max, unit) };
  const [hasMin, hasMax] = [Number.isFinite(min), Number.isFinite(max)];
  if (hasMin && hasMax)
    return { allowed: t('number.range', ends), refusal: t('number.inRange', { name, ...ends }) };
  if (hasMin) return { allowed: t('number.least', ends), refusal: t('number.atLeast', { name, ...ends }) };
  if (hasMax) return { allowed: t('number.most', ends), refusal: t('number.atMost', { name, ...ends }) };
  return { allowed: '', refusal: t('number.any', { name }) };
}

const withUnit = (limit: number, unit?: string): string => (unit ? `${limit} ${unit}` : String(limit));
