import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { useStudio } from '../../../state/studio.ts';

/** Labels of families, as one text. */
export function useLabels(ids: readonly string[]): string {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const language = spokenLanguage();
  return ids
    .map((id) => families.find((family) => family.id === id)?.label[language] ?? id)
    .join(t('common.list'));
}
