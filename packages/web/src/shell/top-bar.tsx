import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { chooseLanguage, chooseTheme } from '../state/preferences.ts';
import { useThemeName } from '../theme/use-theme.ts';
import { Icon, Mark } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { EnginePill } from './engine-pill.tsx';
import { PageLink } from './page-link.tsx';
import { PAGES } from './pages.ts';
import styles from './top-bar.module.css';

export function TopBar({ phone }: { phone: boolean }) {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <NavLink to="/" className={styles.brand} aria-label={`${t('brand.name')} ${t('brand.second')}`}>
        <Mark />
        <span>{t('brand.name')}</span>
        {!phone && <small>{t('brand.second')}</small>}
      </NavLink>
      {!phone && (
        <nav className={styles.pages} aria-label={t('nav.main')}>
          {PAGES.map((page) => (
            <PageLink key={page.path} page={page}>
              <Icon name={page.icon} />
              {t(page.label)}
            </PageLink>
          ))}
        </nav>
      )}
      <span className={styles.space} />
      <EnginePill />
      <Switches />
    </header>
  );
}

function Switches() {
  const { t, i18n } = useTranslation();
  const dark = useThemeName() === 'dark';
  const other = i18n.language.startsWith('zh') ? 'en' : 'zh';
  return (
    <div className={styles.switches}>
      <button
        type="button"
        className={styles.language}
        lang={other === 'zh' ? 'zh-CN' : 'en'}
        title={t('nav.language')}
        onClick={() => void chooseLanguage(other)}
      >
        {t('nav.languageShort')} <span className="visually-hidden">{t('nav.language')}</span>
      </button>
      <IconButton
        icon={dark ? 'sun' : 'moon'}
        label={t(dark ? 'nav.toLight' : 'nav.toDark')}
        onClick={() => chooseTheme(dark ? 'light' : 'dark')}
      />
    </div>
  );
}
