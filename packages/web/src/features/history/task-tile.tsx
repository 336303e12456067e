import type { TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';
import { memo, useEffect } from 'react';
import { fullMoment } from '../../i18n/format.ts';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Ring } from '../../ui/pictures/ring.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { statusWords } from '../../ui/status-words.ts';
import { titleOf } from '../../ui/use-task-title.ts';
import { useSelection } from './selection.ts';
import styles from './task-tile.module.css';
import { TileCheck, type TileHandlers, usePress } from './tile-check.tsx';
import { usePlaceWords } from './use-place-words.ts';

export const KIND_ICONS: Record<TaskListItem['task_kind'], IconName> = {
  generation: 'brush',
  edit: 'pencil',
  remove_bg: 'scissors',
  control_preview: 'sliders',
  upscale: 'upscale',
  video: 'video',
  animation: 'animation',
  training: 'training',
};

interface TaskTileProps extends TileHandlers {
  id: number;
  width: number;
  shown: boolean;
}

export const TaskTile = memo(function TaskTile({ id, width, shown, t, onShow, onRange }: TaskTileProps) {
  const item = useTasks((state) => state.entries[id]?.item);
  const chosen = useSelection((state) => state.chosen.has(id));
  const press = usePress(id, { onShow, onRange });
  if (!item) return null;
  const title = titleOf(item, t);
  const failed = item.output_paths.length === 0 && (item.status === 'failed' || item.status === 'partial');
  const underWay = item.status === 'running' || item.status === 'queued';
  return (
    <div className={styles.box} data-picture={`task ${id}`} data-task={id} data-chosen={chosen}>
      <button
        type="button"
        className={styles.tile}
        data-status={failed ? 'failed' : item.status}
        data-opens-picture
        aria-pressed={shown}
        title={item.expires_at ? `${title}\n${expiryWords(item.expires_at, t)}` : title}
        {...press}
      >
        <span className="visually-hidden">{nameOf(item, title, t)}</span>
        {failed ? <FailedTask item={item} t={t} /> : <Inside item={item} width={width} title={title} />}
        {!failed && <Badge item={item} t={t} />}
        {underWay && <UnderWay item={item} t={t} />}
      </button>
      {item.stars > 0 && (
        <span className={styles.star} aria-hidden="true">
          <Icon name="star" size={17} />
        </span>
      )}
      <TileCheck id={id} chosen={chosen} t={t} onRange={onRange} />
    </div>
  );
});

const expiryWords = (at: string, t: TFunction): string => t('common.expires', { time: fullMoment(at) });

function nameOf(item: TaskListItem, title: string, t: TFunction): string {
  const words = [title, statusWords(item, t)];
  if (item.stars > 0) words.push(t('history.starred'));
  if (item.expires_at) words.push(expiryWords(item.expires_at, t));
  return `${t('history.open', { id: item.id })}: ${words.join(', ')}`;
}

function Inside({ item, width, title }: { item: TaskListItem; width: number; title: string }) {
  const url = item.output_paths[0];
  if (url) return <Thumb url={url} alt="" width={width} plain eager />;
  return <Unpainted item={item} title={title} />;
}

function Unpainted({ item, title }: { item: TaskListItem; title: string }) {
  const preview = usePreview(item);
  if (preview) return <img className={styles.preview} src={preview} alt="" />;
  return (
    <span className={styles.words} aria-hidden="true">
      {title}
    </span>
  );
}

/** An unfinished task without a finished picture shows its preview. */
function usePreview(item: TaskListItem): string | null {
  const wanted = item.status === 'running';
  useEffect(() => {
    if (wanted) void loadTask(item.id).catch(() => undefined);
  }, [item.id, wanted]);
  return useTasks((state) => {
    if (!wanted) return null;
    return state.entries[item.id]?.detail?.frames.find((frame) => frame.preview_url)?.preview_url ?? null;
  });
}

function Badge({ item, t }: { item: TaskListItem; t: TFunction }) {
  const words = { done: item.finished_frames, total: item.total_frames };
  const missing = words.done < words.total;
  const named = item.task_kind !== 'generation' && item.total_frames === 1;
  return (
    <span className={styles.badge} aria-hidden="true">
      <Icon name={KIND_ICONS[item.task_kind]} />
      {named ? t(`kind.${item.task_kind}`) : missing ? t('history.doneOf', words) : item.total_frames}
    </span>
  );
}

function UnderWay({ item, t }: { item: TaskListItem; t: TFunction }) {
  const words = usePlaceWords(item);
  const running = item.status === 'running';
  return (
    <span
      className={styles.progress}
      data-plain={item.output_paths.length === 0 && !running}
      aria-hidden="true"
    >
      {running && <Ring progress={item.progress} label={statusWords(item, t)} />}
      <span>{words ?? statusWords(item, t)}</span>
    </span>
  );
}

function FailedTask({ item, t }: { item: TaskListItem; t: TFunction }) {
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
