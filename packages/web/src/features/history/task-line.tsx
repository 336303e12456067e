import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { useTaskTitle } from '../../ui/use-task-title.ts';
import styles from './task-line.module.css';
import { KIND_ICONS } from './task-tile.tsx';

interface TaskLineProps {
  id: number;
  shown: boolean;
  onShow: (id: number) => void;
}

/** A task as one line: for those who look for words rather than pictures. */
export const TaskLine = memo(function TaskLine({ id, shown, onShow }: TaskLineProps) {
  const { t } = useTranslation();
  const item = useTasks((state) => state.entries[id]?.item);
  const family = useStudio((state) => state.families.find((offer) => offer.id === item?.family));
  const title = useTaskTitle(item ?? { id, prompt: '', task_kind: 'generation' });
  if (!item) return null;
  const picture = item.output_paths[0];
  const percent = Math.round(item.progress * 100);
  return (
    <button
      type="button"
      className={styles.line}
      aria-pressed={shown}
      data-picture={`task ${id}`}
      onClick={() => onShow(id)}
    >
      <span className={styles.picture}>
        {picture ? <Thumb url={picture} alt="" width={44} /> : <Icon name={KIND_ICONS[item.task_kind]} />}
      </span>
      <span className={styles.title}>{title}</span>
      <span className={styles.kind}>
        <Icon name={KIND_ICONS[item.task_kind]} />
        {t(`kind.${item.task_kind}`)}
      </span>
      <span className={styles.model}>{family?.label[spokenLanguage()] ?? item.family}</span>
      <span className={styles.count}>
        {t('history.doneOf', { done: item.output_paths.length, total: item.total_frames })}
      </span>
      <span className={styles.status} data-status={item.status}>
        {item.status !== 'completed' && t(`status.${item.status}`)}{' '}
        {item.status === 'running' && `${percent} %`}
      </span>
      <span className={styles.time}>{clock(item.created_at)}</span>
    </button>
  );
});
