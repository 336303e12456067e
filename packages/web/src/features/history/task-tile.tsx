import type { TaskListItem } from '@limner/contract';
import { memo, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Ring } from '../../ui/pictures/ring.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { useTaskTitle } from '../../ui/use-task-title.ts';
import styles from './task-tile.module.css';

export const KIND_ICONS: Record<TaskListItem['task_kind'], IconName> = {
  generation: 'brush',
  edit: 'pencil',
  remove_bg: 'scissors',
  control_preview: 'sliders',
  upscale: 'upscale',
  training: 'cube',
};

interface TaskTileProps {
  id: number;
  width: number;
  shown: boolean;
  onShow: (id: number) => void;
}

export const TaskTile = memo(function TaskTile({ id, width, shown, onShow }: TaskTileProps) {
  const { t } = useTranslation();
  const item = useTasks((state) => state.entries[id]?.item);
  const title = useTaskTitle(item ?? { id, prompt: '', task_kind: 'generation' });
  if (!item) return null;
  const failed = item.output_paths.length === 0 && (item.status === 'failed' || item.status === 'partial');
  return (
    <button
      type="button"
      className={styles.tile}
      data-status={failed ? 'failed' : item.status}
      data-picture={`task ${id}`}
      aria-pressed={shown}
      title={title}
      onClick={() => onShow(id)}
    >
      <span className="visually-hidden">
        {`${t('history.open', { id })}: ${title}, ${t(`status.${item.status}`)}`}
      </span>
      {failed ? <FailedTask item={item} /> : <Picture item={item} width={width} title={title} />}
      {!failed && <Badge item={item} />}
      {(item.status === 'running' || item.status === 'queued') && <Progress item={item} />}
    </button>
  );
});

function Picture({ item, width, title }: { item: TaskListItem; width: number; title: string }) {
  const preview = usePreview(item);
  const url = item.output_paths[0];
  if (url) {
    return (
      <span className={styles.picture}>
        <Thumb url={url} alt="" width={width} />
      </span>
    );
  }
  if (preview) return <img className={styles.preview} src={preview} alt="" />;
  return (
    <span className={styles.words} aria-hidden="true">
      {title}
    </span>
  );
}

/** A task under way without a finished picture shows what it is painting. */
function usePreview(item: TaskListItem): string | null {
  const wanted = item.status === 'running' && item.output_paths.length === 0;
  useEffect(() => {
    if (wanted) void loadTask(item.id).catch(() => undefined);
  }, [item.id, wanted]);
  return useTasks((state) => {
    if (!wanted) return null;
    return state.entries[item.id]?.detail?.frames.find((frame) => frame.preview_url)?.preview_url ?? null;
  });
}

function Badge({ item }: { item: TaskListItem }) {
  const { t } = useTranslation();
  const words = { done: item.output_paths.length, total: item.total_frames };
  const missing = item.output_paths.length < item.total_frames;
  const named = item.task_kind !== 'generation' && item.total_frames === 1;
  return (
    <span className={styles.badge} aria-hidden="true">
      <Icon name={KIND_ICONS[item.task_kind]} />
      {named ? t(`kind.${item.task_kind}`) : missing ? t('history.doneOf', words) : item.total_frames}
    </span>
  );
}

function Progress({ item }: { item: TaskListItem }) {
  const { t } = useTranslation();
  return (
    <span className={styles.progress} aria-hidden="true">
      <Ring progress={item.progress} label={t(`status.${item.status}`)} />
    </span>
  );
}

function FailedTask({ item }: { item: TaskListItem }) {
  const { t } = useTranslation();
  return (
    <span className={styles.failed}>
      <b>
        <Icon name="warning" />
        {t('history.failed')}
      </b>
      <span>{item.error ? sentenceOfBody(item.error) : item.prompt}</span>
    </span>
  );
}
