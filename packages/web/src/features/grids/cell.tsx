/** One cell: its picture, its progress, or what became of it. */
import type { GridCell } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { useTasks } from '../../state/tasks.ts';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './grids-page.module.css';

interface CellProps {
  cell: GridCell;
  label: string;
  onOpen: (task: number) => void;
}

export function Cell({ cell, label, onOpen }: CellProps) {
  const { t } = useTranslation();
  const item = useTasks(({ entries }) => entries[cell.task_id]?.item);
  const status = item?.status ?? cell.status;
  const url = item?.output_paths[0] ?? cell.output_path;
  if (status === 'deleted') return <div className={styles.cell}>{t('grid.deleted')}</div>;
  const progress = status === 'running' ? Math.round((item?.progress ?? 0) * 100) : null;
  return (
    <button
      type="button"
      className={styles.cell}
      aria-label={`${label}: ${t(`status.${status}`)}`}
      onClick={() => onOpen(cell.task_id)}
    >
      {url ? <Thumb url={url} alt="" width={176} fit="contain" /> : t(`status.${status}`)}
      {progress !== null && <span className={styles.progress} style={{ inlineSize: `${progress}%` }} />}
    </button>
  );
}
