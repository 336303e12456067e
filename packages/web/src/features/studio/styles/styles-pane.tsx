import type { Style } from '@limner/contract';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStudio } from '../../../state/studio.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { StyleSkeleton } from '../skeleton/skeletons.tsx';
import { StyleCard } from './style-card.tsx';
import styles from './styles-pane.module.css';

const StyleEditor = lazy(() => import('./style-editor.tsx'));

/** `strip` lies above the composer where there is no room for a pane. */
export function StylesPane({ strip = false }: { strip?: boolean }) {
  const { t } = useTranslation();
  const all = useStudio((state) => state.styles);
  const [edited, setEdited] = useState<Style | 'new' | null>(null);
  return (
    <aside className={strip ? styles.strip : styles.pane} aria-label={t('styles.title')}>
      <div className={styles.head}>
        <h2>{t('styles.title')}</h2>
        <IconButton icon="plus" label={t('styles.add')} onClick={() => setEdited('new')} />
      </div>
      <ul className={styles.cards}>
        {all.length === 0 && <StyleSkeleton />}
        {all.map((style) => (
          <StyleCard key={style.id} style={style} onEdit={() => setEdited(style)} />
        ))}
      </ul>
      <Suspense fallback={null}>
        {edited && <StyleEditor style={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      </Suspense>
    </aside>
  );
}
