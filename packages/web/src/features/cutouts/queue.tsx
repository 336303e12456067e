import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { duration, secondsBetween } from '../../i18n/format.ts';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { chooseCutOut } from '../../state/cut-out-choice.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import list from '../../ui/side-list.module.css';
import { waitingWords } from '../../ui/status-words.ts';
import { AddPictures } from './add-pictures.tsx';
import { useCutoutName } from './names.ts';
import styles from './queue.module.css';
import { type CutoutItem, forget, useCutouts } from './session.ts';

interface QueueProps {
  /** Every cut-out, newest first, plus unfinished ones from other pages. */
  ids: number[];
  shown: number | null;
  onChoose: () => void;
}

export function Queue({ ids, shown, onChoose }: QueueProps) {
  const { t } = useTranslation();
  const items = useCutouts((state) => state.items);
  const others = useUnderWay(ids, items);
  const done = useTasks(
    ({ entries }) => items.filter(({ task }) => task && entries[task]?.item.output_paths[0]).length,
  );
  return (
    <aside className={list.pane} aria-label={t('cutouts.queue')}>
      <div className={`${list.head} ${styles.head}`}>
        <h2>{t('cutouts.title')}</h2>
        {items.length > 0 && <span>{t('cutouts.doneOf', { done, total: items.length })}</span>}
      </div>
      <AddPictures onChoose={onChoose} />
      <ul className={list.items}>
        {items.map((item) =>
          item.task === null ? (
            <Waiting key={item.key} item={item} />
          ) : (
            <TaskRow key={item.key} id={item.task} name={item.name} shown={shown === item.task} />
          ),
        )}
        {others.map((id) => (
          <TaskRow key={id} id={id} shown={shown === id} />
        ))}
      </ul>
    </aside>
  );
}

function useUnderWay(ids: number[], items: CutoutItem[]): number[] {
  const given = new Set(items.map(({ task }) => task));
  useTasks((state) => state.listRevision);
  const { entries } = useTasks.getState();
  return ids.filter((id) => !given.has(id) && ['queued', 'running'].includes(entries[id]?.item.status ?? ''));
}

function Waiting({ item }: { item: CutoutItem }) {
  const { t } = useTranslation();
  return (
    <li className={list.row} data-failed={item.problem !== null}>
      <span className={list.picture}>{item.problem && <Icon name="warning" />}</span>
      <span className={list.words}>
        <b>{item.name}</b>
        <span>{item.problem ?? t('cutouts.uploading')}</span>
        {item.problem && (
          <button type="button" className={styles.again} onClick={item.again}>
            {t('common.retry')}
          </button>
        )}
      </span>
      {item.problem && (
        <IconButton
          icon="close"
          label={t('cutouts.forget', { name: item.name })}
          onClick={() => forget(item.key)}
        />
      )}
    </li>
  );
}

function TaskRow({ id, name, shown }: { id: number; name?: string; shown: boolean }) {
  const item = useTasks((state) => state.entries[id]?.item);
  const given = useCutoutName(id);
  if (!item) return null;
  const picture = item.output_paths[0];
  const failed = item.status === 'failed';
  return (
    <li className={list.row} data-shown={shown} data-failed={failed}>
      <button
        type="button"
        className={list.choose}
        aria-pressed={shown}
        onClick={() => chooseCutOut({ shown: id })}
      >
        <span className={list.picture}>
          {picture ? <Thumb url={picture} alt="" width={44} /> : failed && <Icon name="warning" />}
        </span>
        <span className={list.words}>
          <b>{name ?? given}</b>
          <State id={id} />
        </span>
      </button>
    </li>
  );
}

function State({ id }: { id: number }) {
  const { t } = useTranslation();
  const item = useTasks((state) => state.entries[id]?.item);
  if (!item) return null;
  if (item.status === 'failed')
    return <span>{item.error ? sentenceOfBody(item.error) : t('status.failed')}</span>;
  if (item.status === 'queued') return <span>{t('cutouts.waiting')}</span>;
  if (item.status === 'cancelled') return <span>{t('status.cancelled')}</span>;
  if (item.status === 'running') {
    const waiting = waitingWords(item, t);
    if (waiting !== null) return <span>{waiting}</span>;
    const percent = Math.round(item.progress * 100);
    return (
      <>
        <span className={list.alive}>{t('cutouts.working', { percent })}</span>
        <i className={styles.progress} style={{ '--done': `${percent}%` } as CSSProperties} />
      </>
    );
  }
  const took = secondsBetween(item.started_at, item.completed_at);
  return <span>{took !== null && duration(took)}</span>;
}
