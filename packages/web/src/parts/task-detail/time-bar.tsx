import type { Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { duration, secondsBetween } from '../../i18n/format.ts';
import styles from './time-bar.module.css';

/** How the time of a finished task was spent. */
export function TimeBar({ task }: { task: Task }) {
  const { t } = useTranslation();
  const queue = secondsBetween(task.created_at, task.started_at);
  const painting = secondsBetween(task.started_at, task.completed_at);
  if (queue === null || painting === null) return null;
  return (
    <>
      <h3>{t('detail.time', { time: duration(queue + painting) })}</h3>
      <div className={styles.bar} aria-hidden="true">
        <i data-part="queue" style={{ flexGrow: queue }} />
        <i data-part="painting" style={{ flexGrow: painting }} />
      </div>
      <div className={styles.words}>
        <span>{t('detail.queue', { time: duration(queue) })}</span>
        <span className={styles.gold}>{t('detail.painting', { time: duration(painting) })}</span>
      </div>
    </>
  );
}
