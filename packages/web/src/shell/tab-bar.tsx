import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { Icon } from '../ui/icon.tsx';
import { PAGES } from './pages.ts';
import styles from './tab-bar.module.css';

export function TabBar() {
  const { t } = useTranslation();
  return (
    <nav className={styles.bar} aria-label={t('nav.main')}>
      {PAGES.map((page) => (
        <NavLink key={page.path} to={page.path} end={page.path === '/'}>
          <Icon name={page.icon} size={20} />
          {t(page.short)}
        </NavLink>
      ))}
    </nav>
  );
}
