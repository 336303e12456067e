import { useTranslation } from 'react-i18next';
import { DESKTOP, PHONE, useMedia } from '../../../ui/use-media.ts';
import page from '../studio-page.module.css';
import styles from './skeletons.module.css';
import { ControlsSkeleton, StyleSkeleton, WallSkeleton } from './skeletons.tsx';

/** The whole page until its chunk has loaded. */
export function StudioSkeleton() {
  const { t } = useTranslation();
  const phone = useMedia(PHONE);
  const desktop = useMedia(DESKTOP);
  return (
    <main className={page.studio} aria-busy="true" aria-label={t('common.loading')}>
      {desktop && (
        <div className={`${styles.frame} ${styles.pane}`}>
          <ul>
            <StyleSkeleton />
          </ul>
        </div>
      )}
      <div className={`${styles.frame} ${styles.composer}`}>
        {phone ? <SheetBody /> : <PaneBody />}
        <div className={styles.foot}>
          <i className={styles.block} style={{ height: phone ? 55 : 43 }} />
        </div>
      </div>
      <div className={styles.behind}>
        <WallSkeleton />
      </div>
    </main>
  );
}

/** Modes, prompt and form. */
function PaneBody() {
  return (
    <div className={styles.body}>
      <i className={styles.block} style={{ height: 36 }} />
      <i className={styles.block} style={{ height: 125 }} />
      <ControlsSkeleton />
    </div>
  );
}

/** On a phone: one line of the prompt, and the chips. */
function SheetBody() {
  return (
    <div className={styles.body}>
      <i className={styles.block} style={{ height: 23, width: '60%' }} />
      <i className={styles.block} style={{ height: 36, width: '80%' }} />
    </div>
  );
}
