/**
 * Waiting tasks in order. Dragging a row's handle, or arrow keys, Home and End on it, move the task. After a key the handle
 * keeps the focus and screen readers announce the new place.
 */
import type { QueuePlace } from '@limner/contract';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { moveTask } from '../../state/queue.ts';
import { useRowDrag } from '../../ui/use-row-drag.ts';
import styles from './queue-page.module.css';
import { WaitingRow } from './waiting-row.tsx';

export function WaitingList({ waiting }: { waiting: QueuePlace[] }) {
  const { t } = useTranslation();
  const [news, setNews] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const focused = useRef<number | null>(null);

  /** `to` counts from 0. */
  const move = (task: number, title: string, to: number) => {
    const from = waiting.findIndex((each) => each.task === task);
    const place = Math.min(waiting.length - 1, Math.max(0, to));
    if (from < 0 || place === from) return;
    // When the task moves down, the task before which it goes is one place further back.
    const before = waiting[place > from ? place + 1 : place]?.task ?? null;
    setNews(t('queue.moved', { task: title, place: place + 1, total: waiting.length }));
    void moveTask({ task, before });
  };
  const drag = useRowDrag(list, move);

  // Some browsers take the focus from a row that moves within the list.
  useEffect(() => {
    if (focused.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-handle="${focused.current}"]`)?.focus();
    focused.current = null;
  });

  const pressed = (event: KeyboardEvent, { task, place }: QueuePlace, title: string) => {
    const to: Record<string, number> = {
      ArrowUp: place - 2,
      ArrowDown: place,
      Home: 0,
      End: waiting.length - 1,
    };
    const target = to[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    focused.current = task;
    move(task, title, target);
  };

  return (
    <>
      <ol ref={list} className={styles.rows} aria-label={t('queue.waiting')}>
        {waiting.map((place) => (
          <WaitingRow key={place.task} place={place} drag={drag} onKey={pressed} />
        ))}
      </ol>
      <span className="visually-hidden" role="status">
        {news}
      </span>
    </>
  );
}
