/** Times of a task's request, start and end, and the duration of each picture. */
import type { Frame, Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { about, duration, fullMoment, secondsBetween } from '../../i18n/format.ts';
import { ordinal } from '../../i18n/ordinal.ts';
import { useQueuePlace } from '../../state/queue.ts';
import { Facts } from '../../ui/facts.tsx';
import { statusWords } from '../../ui/status-words.ts';
import { TimeBar } from './time-bar.tsx';
import styles from './timings.module.css';

export function Timings({ task }: { task: Task }) {
  const { t } = useTranslation();
  return (
    <>
      <TimeBar task={task} />
      <Place task={task} />
      <div className={styles.moments}>
        <Facts
          facts={[
            [t('detail.asked'), fullMoment(task.created_at)],
            [t('detail.begun'), task.started_at && fullMoment(task.started_at)],
            [t('detail.ended'), task.completed_at && fullMoment(task.completed_at)],
          ]}
        />
      </div>
      {task.frames.length > 1 && task.frames.some(({ completed_at }) => completed_at !== null) && (
        <details className={styles.pictures}>
          <summary>{t('detail.timings')}</summary>
          <ol>
            {task.frames.map((frame) => (
              <FrameTime key={frame.index} frame={frame} />
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

function Place({ task }: { task: Task }) {
  const { t } = useTranslation();
  const place = useQueuePlace(task.id, task.status === 'queued');
  if (!place) return null;
  const nth = ordinal(place.place);
  const { seconds, paused } = place;
  if (paused) return <p className={styles.place}>{t('queue.pausedPlace', { nth })}</p>;
  return (
    <p className={styles.place}>
      {seconds !== null && seconds.high > 0.5
        ? t('history.started', { nth, time: about(seconds) })
        : t('history.place', { nth })}
    </p>
  );
}

function FrameTime({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const took = secondsBetween(frame.started_at, frame.completed_at);
  return (
    <li>
      <span>{t('common.pictureN', { n: frame.index + 1 })}</span>
      <span>{statusWords(frame, t)}</span>
      <span>{frame.tries > 1 && t('detail.tries', { count: frame.tries })}</span>
      <b>{took !== null && frame.status !== 'cancelled' && duration(took)}</b>
    </li>
  );
}
