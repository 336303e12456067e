import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PHONE, useMedia } from '../ui/use-media.ts';
import { Notices } from './notices.tsx';
import styles from './shell.module.css';
import { ShortcutList } from './shortcut-list.tsx';
import { TabBar } from './tab-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** `over`: layers above the page. */
export function Shell({ children, overlays }: { children: ReactNode; overlays?: ReactNode }) {
  const { t } = useTranslation();
  const phone = useMedia(PHONE);
  useShortcuts();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <div className={styles.page} data-page>
        <TopBar phone={phone} />
        <div id="content" className={styles.content} tabIndex={-1}>
          {children}
        </div>
        {phone && <TabBar />}
      </div>
      {overlays}
      <Notices />
      <ShortcutList />
    </div>
  );
}
