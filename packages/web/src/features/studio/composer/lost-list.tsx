/** Parts of the last recipe that could not be restored, one sentence each. */
import { useTranslation } from 'react-i18next';
import { sentenceOfLost } from '../../../state/recipe/lost.ts';
import { dismissLost, useRestored } from '../../../state/recipe/restore.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './lost-list.module.css';

export function LostList() {
  const { t } = useTranslation();
  const lost = useRestored((state) => state.lost);
  if (lost.length === 0) return null;
  const sentences = [...new Set(lost.map(sentenceOfLost))];
  return (
    <section className={styles.lost} aria-label={t('recipe.lost')} role="status">
      <h3>{t('recipe.lost')}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <IconButton icon="close" label={t('common.dismiss')} onClick={dismissLost} />
    </section>
  );
}
