import type { LabChoice } from '@limner/contract';
import { useTranslation } from 'react-i18next';

/** What a picture was made with, in words. */
export function useLabels(): (picture: LabChoice) => string {
  const { t } = useTranslation();
  return ({ style, strength, step }) => {
    if (strength === 0) return t('lab.without', { style });
    return t(step > 0 ? 'lab.withStep' : 'lab.with', { style, strength, step });
  };
}
