import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { useStudio } from '../../../state/studio.ts';

/** The names of the models for which the chosen style was trained; an id, where this studio does not know the model. */
export function useStyleModels(): string {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const ids = useStudio(({ styles, styleId }) => styles.find(({ id }) => id === styleId)?.families);
  const nameOf = (id: string) => families.find((family) => family.id === id)?.label[spokenLanguage()] ?? id;
  return [...new Set(ids?.map(nameOf))].join(t('common.list'));
}
