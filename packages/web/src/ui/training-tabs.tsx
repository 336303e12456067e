import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import styles from './training-tabs.module.css';

/** From trainings to what they learn from, and back. */
export function TrainingTabs() {
  const { t } = useTranslation();
  return (
    <nav className={styles.tabs} aria-label={t('datasets.tabs')}>
      <NavLink to="/training">{t('training.runs')}</NavLink>
      <NavLink to="/datasets">{t('datasets.title')}</NavLink>
    </nav>
  );
}
