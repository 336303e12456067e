import { memo } from 'react';
import { clock, fullMoment } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Expiry } from '../../parts/expiry.tsx';
import { useStudio } from '../../state/studio.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { statusWords } from '../../ui/status-words.ts';
import { titleOf } from '../../ui/use-task-title.ts';
import { useSelection } from './selection.ts';
import styles from './task-line.module.css';
import { KIND_ICONS } from './task-tile.tsx';
import { TileCheck, type TileHandlers, usePress } from './tile-check.tsx';
import { usePlaceWords } from './use-place-words.ts';

interface TaskLineProps extends TileHandlers {
  id: number;
  shown: boolean;
}

/** A task as one line, for searching by words. */
export const TaskLine = memo(function TaskLine({ id, shown, t, onShow, onRange }: TaskLineProps) {
  const item = useTasks((state) => state.entries[id]?.item);
  const chosen = useSelection((state) => state.chosen.has(id));
  const family = useStudio((state) => state.families.find((offer) => offer.id === item?.family));
  const style = useStudio((state) => state.styles.find((held) => held.id === item?.style_id));
  const press = usePress(id, { onShow, onRange });
  const place = usePlaceWords(item);
  if (!item) return null;
  const picture = item.output_paths[0];
  const percent = Math.round(item.progress * 100);
  return (
    <div className={styles.box} data-picture={`task ${id}`} data-task={id} data-chosen={chosen}>
      <button
        type="button"
        className={styles.line}
        data-opens-picture
        aria-pressed={shown}
        title={item.expires_at ? t('common.expires', { time: fullMoment(item.expires_at) }) : undefined}
        {...press}
      >
        <span className={styles.picture}>
          {picture ? (
            <Thumb url={picture} alt="" width={44} plain />
          ) : (
            <Icon name={KIND_ICONS[item.task_kind]} />
          )}
        </span>
        <span className={styles.title}>{titleOf(item, t)}</span>
        <span className={styles.kind}>
          <Icon name={KIND_ICONS[item.task_kind]} />
          {t(`kind.${item.task_kind}`)}
        </span>
        <span className={styles.model}>
          {family?.label[spokenLanguage()] ?? item.family}
          {style && !style.is_base && <small>{style.name}</small>}
        </span>
        <span className={styles.count}>
          {t('history.doneOf', {
            done: item.finished_frames,
            total: item.total_frames,
          })}
        </span>
        <span className={styles.status} data-status={item.status} title={place ?? undefined}>
          {item.status === 'queued' && place ? place : item.status !== 'completed' && statusWords(item, t)}{' '}
          {item.status === 'running' && `${percent} %`}
        </span>
        <span className={styles.star}>
          {item.stars > 0 && (
            <>
              <Icon name="star" />
              <span className="visually-hidden">{t('history.starred')}</span>
            </>
          )}
        </span>
        <span className={styles.time}>{clock(item.created_at)}</span>
        <Expiry className="visually-hidden" at={item.expires_at} />
      </button>
      <TileCheck id={id} chosen={chosen} t={t} onRange={onRange} />
    </div>
  );
});
