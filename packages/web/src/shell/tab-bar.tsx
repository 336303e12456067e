import { useTranslation } from 'react-i18next';
import { Icon } from '../ui/icon.tsx';
import { PageLink } from './page-link.tsx';
import { PAGES } from './pages.ts';
import styles from './tab-bar.module.css';

export function TabBar() {
  const { t } = useTranslation();
  return (
    <nav className={styles.bar} aria-label={t('nav.main')}>
      {PAGES.map((page) => (
        <PageLink key={page.path} page={page}>
          <Icon name={page.icon} size={20} />
          {t(page.short)}
        </PageLink>
      ))}
    </nav>
  );
}
