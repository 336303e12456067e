/**
 * The virtual list: rows of tiles (or lines) under the headings of their days. Ten thousand cost as much as twenty. The
 * visible tasks do not move when tasks are added above them.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from '../../i18n/format.ts';
import type { Feed } from '../../state/task-feed.ts';
import { useTasks } from '../../state/tasks.ts';
import { madeWords } from '../../ui/made-words.ts';
import { useWidth } from '../../ui/use-width.ts';
import { type Row, rowsOf } from './rows.ts';
import { extendTo, useSelection } from './selection.ts';
import { TaskLine } from './task-line.tsx';
import { TaskTile } from './task-tile.tsx';
import styles from './task-wall.module.css';
import { useTaskKeys } from './use-task-keys.ts';
import type { Layout } from './use-view.ts';

interface TaskWallProps {
  feed: Feed;
  layout: Layout;
  shown: number | null;
  onShow: (id: number) => void;
}

const MIN_TILE_PX = 176;
const GAP_PX = 8;
const LINE_PX = 60;
const DAY_PX = 50;
/** Rows before the end of the window at which the next page is requested. */
const ROWS_AHEAD = 12;

export function TaskWall({ feed, layout, shown, onShow }: TaskWallProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const { columns, tile } = measures(width, layout);
  const rows = useRows(feed, columns);
  const heightOf = useCallback(
    (row: Row | undefined) => (row?.kind === 'day' ? DAY_PX : layout === 'list' ? LINE_PX : tile + GAP_PX),
    [layout, tile],
  );
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: layout === 'list' ? 6 : 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width or layout gives every row another height
  useLayoutEffect(() => virtual.measure(), [heightOf]);
  useStillness(scroller, rows, heightOf, feed.hasNewer);
  const items = virtual.getVirtualItems();
  useMore(feed, items[0]?.index ?? 0, items.at(-1)?.index ?? -1, rows.length);
  useTaskKeys(scroller, onShow);
  const selecting = useSelection((state) => state.chosen.size > 0);
  const onRange = useRange(feed.ids);
  const press = { t, onShow, onRange };
  return (
    <div ref={scroller} className={styles.scroller} data-history data-selecting={selecting}>
      <StickyDay rows={rows} first={firstVisible(items, virtual.scrollOffset ?? 0)} />
      <div className={styles.all} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              className={styles.row}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
            >
              {row.kind === 'day' ? (
                <DayHeading row={row} />
              ) : layout === 'list' ? (
                row.ids.map((id) => <TaskLine key={id} id={id} shown={id === shown} {...press} />)
              ) : (
                <div
                  className={styles.tiles}
                  style={{ gridTemplateColumns: `repeat(${columns}, ${tile}px)` }}
                >
                  {row.ids.map((id) => (
                    <TaskTile key={id} id={id} width={tile} shown={id === shown} {...press} />
                  ))}
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** One function for every list; otherwise each new page would render all tiles again. */
function useRange(ids: number[]): (id: number) => void {
  const shown = useRef(ids);
  useEffect(() => {
    shown.current = ids;
  }, [ids]);
  return useCallback((id: number) => extendTo(id, shown.current), []);
}

function measures(width: number, layout: Layout): { columns: number; tile: number } {
  const inner = width - (width < 720 ? 24 : 48);
  const columns = layout === 'list' ? 1 : Math.max(2, Math.floor((inner + GAP_PX) / (MIN_TILE_PX + GAP_PX)));
  // Whole pixels: pictures at fractional positions are blurred and slower to draw.
  return { columns, tile: Math.floor((inner - GAP_PX * (columns - 1)) / columns) };
}

function useRows({ ids, hasNewer, hasOlder }: Feed, columns: number): Row[] {
  return useMemo(() => {
    const { entries } = useTasks.getState();
    const items = ids.flatMap((id) => entries[id]?.item ?? []);
    return rowsOf(items, columns, { newer: hasNewer, older: hasOlder });
  }, [ids, columns, hasNewer, hasOlder]);
}

function useMore({ hasOlder, hasNewer, older, newer }: Feed, first: number, last: number, count: number) {
  useEffect(() => {
    if (hasOlder && last >= count - ROWS_AHEAD) older();
  }, [last, count, hasOlder, older]);
  useEffect(() => {
    if (hasNewer && first < ROWS_AHEAD) newer();
  }, [first, hasNewer, newer]);
}

/**
 * Keeps the first visible task in place when rows are added or removed above it. At the very top it does not, so that
 * new tasks appear.
 */
function useStillness(
  scroller: RefObject<HTMLDivElement | null>,
  rows: Row[],
  heightOf: (row: Row | undefined) => number,
  hasNewer: boolean,
): void {
  const held = useRef<{ id: number; belowPx: number } | null>(null);
  const laid = useMemo(() => ({ rows, heightOf, hasNewer }), [rows, heightOf, hasNewer]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const { current } = held;
    if (current) {
      const start = startOf(laid.rows, laid.heightOf, current.id);
      if (start !== null && start + current.belowPx !== element.scrollTop)
        element.scrollTop = start + current.belowPx;
    }
    const remember = () => {
      const isTop = element.scrollTop < 1 && !laid.hasNewer;
      held.current = isTop ? null : firstTask(laid.rows, laid.heightOf, element.scrollTop);
    };
    remember();
    element.addEventListener('scroll', remember, { passive: true });
    return () => element.removeEventListener('scroll', remember);
  }, [scroller, laid]);
}

type Heights = (row: Row | undefined) => number;

function startOf(rows: Row[], heightOf: Heights, id: number): number | null {
  let start = 0;
  for (const row of rows) {
    if (row.kind === 'tasks' && row.ids.includes(id)) return start;
    start += heightOf(row);
  }
  return null;
}

function firstTask(rows: Row[], heightOf: Heights, scrollTop: number) {
  let start = 0;
  for (const row of rows) {
    const end = start + heightOf(row);
    if (end > scrollTop && row.kind === 'tasks')
      return { id: row.ids[0] as number, belowPx: scrollTop - start };
    start = end;
  }
  return null;
}

const firstVisible = (items: { index: number; end: number }[], offset: number): number =>
  items.find((item) => item.end > offset + 1)?.index ?? 0;

/** The day of the topmost row stays visible. */
function StickyDay({ rows, first }: { rows: Row[]; first: number }) {
  const day = rows.slice(0, first + 1).findLast((row) => row.kind === 'day');
  if (!day || rows[first]?.kind === 'day') return null;
  return (
    <div className={styles.sticky} aria-hidden="true">
      <DayHeading row={day} />
    </div>
  );
}

function DayHeading({ row }: { row: Row & { kind: 'day' } }) {
  const { t } = useTranslation();
  return (
    <div className={styles.day}>
      <h2>{dayName(row.moment)}</h2>
      {row.count && (
        <span>
          {t('common.tasks', { count: row.count.tasks })}
          {t('common.list')}
          {madeWords(row.count.made, t)}
        </span>
      )}
    </div>
  );
}
