import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useTasks } from '../../state/tasks.ts';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './earlier.module.css';

interface EarlierProps {
  ids: number[];
  shown: number | null;
  onShow: (id: number) => void;
}

const SHOWN = 12;

/** Earlier cut-outs, from every page. */
export function Earlier({ ids, shown, onShow }: EarlierProps) {
  const { t } = useTranslation();
  useTasks((state) => state.listRevision);
  const { entries } = useTasks.getState();
  const finished = ids.filter((id) => entries[id]?.item.output_paths[0]).slice(0, SHOWN);
  if (finished.length === 0) return null;
  return (
    <nav className={styles.earlier} aria-label={t('cutouts.earlier')}>
      <div className={styles.head}>
        <span>{t('cutouts.earlier')}</span>
        <Link to="/history?kind=remove_bg">{t('cutouts.all')}</Link>
      </div>
      <div className={styles.strip}>
        {finished.map((id) => (
          <button
            key={id}
            type="button"
            aria-pressed={id === shown}
            aria-label={`${t('cutouts.result')} ${id}`}
            onClick={() => onShow(id)}
          >
            <Thumb url={entries[id]?.item.output_paths[0] ?? ''} alt="" width={86} />
          </button>
        ))}
      </div>
    </nav>
  );
}
