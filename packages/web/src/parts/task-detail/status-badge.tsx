import type { Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { statusWords } from '../../ui/status-words.ts';
import styles from './status-badge.module.css';

/** A finished task needs no badge. */
export function StatusBadge({ task }: { task: Task }) {
  const { t } = useTranslation();
  if (task.status === 'completed') return null;
  const words = {
    done: task.frames.filter(({ status }) => status === 'completed').length,
    total: task.total_frames,
  };
  return (
    <span className={styles.badge} data-status={task.status}>
      {task.status === 'partial' ? t('detail.partial', words) : statusWords(task, t)}
    </span>
  );
}
