import type { LabPicture } from '@limner/contract';
import { useTranslation } from 'react-i18next';

/** What a picture was made with, in words. */
export function useLabels(): (picture: Pick<LabPicture, 'style' | 'strength'>) => string {
  const { t } = useTranslation();
  return ({ style, strength }) =>
    strength === 0 ? t('lab.without', { style }) : t('lab.with', { style, strength });
}
