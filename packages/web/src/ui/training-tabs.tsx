import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import styles from './training-tabs.module.css';

/** In the order of the tabs. A page belongs to the last whose address begins its own. */
const TABS = [
  ['/training', 'training.tab'],
  ['/datasets', 'datasets.title'],
  ['/training/lab', 'lab.tab'],
] as const;

/** From trainings to what they learn from and to what they made, and back. */
export function TrainingTabs() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const shown = TABS.findLast(([path]) => `${pathname}/`.startsWith(`${path}/`))?.[0];
  return (
    <nav className={styles.tabs} aria-label={t('datasets.tabs')}>
      {TABS.map(([path, label]) => (
        <Link key={path} to={path} aria-current={path === shown ? 'page' : undefined}>
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}
