import type { QueuePlace } from '@limner/contract';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { between } from '../../i18n/format.ts';
import { since, useQueue } from '../../state/queue.ts';
import { cancelTask } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { countedWords } from '../../ui/made-words.ts';
import type { RowDrag } from '../../ui/use-row-drag.ts';
import styles from './queue-page.module.css';
import { useQueuedTask } from './use-queued-task.ts';

interface WaitingRowProps {
  place: QueuePlace;
  drag: RowDrag;
  onKey: (event: KeyboardEvent, place: QueuePlace, title: string) => void;
}

export function WaitingRow({ place, drag, onKey }: WaitingRowProps) {
  const { t } = useTranslation();
  const { task } = place;
  const { item, title } = useQueuedTask(task);
  return (
    <li
      className={styles.row}
      data-row
      data-dragged={drag.dragged === task}
      data-mark={drag.dragged !== null && drag.over === place.place - 1}
    >
      <button
        type="button"
        className={styles.handle}
        data-handle={task}
        aria-label={t('queue.move', { task: title, place: place.place })}
        aria-keyshortcuts="ArrowUp ArrowDown Home End"
        onKeyDown={(event) => onKey(event, place, title)}
        onPointerDown={(event) => drag.begin(event, task, title)}
      >
        <Icon name="list" />
      </button>
      {/* The handle says it as well. */}
      <b className={styles.place} aria-hidden="true">
        {place.place}
      </b>
      <div className={styles.words}>
        <Link to={`/queue?task=${task}`} className={styles.title}>
          {title}
        </Link>
        <span className={styles.facts}>
          {item && <span>{countedWords(item.task_kind, item.total_frames, t)}</span>}
          <Start place={place} />
        </span>
      </div>
      <IconButton
        icon="close"
        label={t('queue.cancelTask', { task: title })}
        onClick={() => void cancelTask(task)}
      />
    </li>
  );
}

function Start({ place }: { place: QueuePlace }) {
  const { t } = useTranslation();
  const askedMs = useQueue((state) => state.askedMs);
  const starts = since(place.starts_within, askedMs);
  if (place.paused) return <span>{t('queue.pausedShort')}</span>;
  if (!starts) return <span>{t(place.place === 1 ? 'queue.next' : 'queue.unknown')}</span>;
  return <span>{starts.high < 0.5 ? t('queue.next') : t('queue.startsIn', { time: between(starts) })}</span>;
}
