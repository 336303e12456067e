import { spokenLanguage } from './i18n.ts';

const ENDINGS: Record<Intl.LDMLPluralRule, string> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
  other: 'th',
  zero: 'th',
  many: 'th',
};

/** “3rd”; Chinese has its word for it in the sentence. */
export function ordinal(n: number): string {
  if (spokenLanguage() === 'zh') return String(n);
  return `${n}${ENDINGS[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)]}`;
}
