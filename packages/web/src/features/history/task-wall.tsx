/** The virtual list: rows of tiles (or lines) under the headings of their days. Ten thousand cost as much as twenty. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from '../../i18n/format.ts';
import { useTasks } from '../../state/tasks.ts';
import { useWidth } from '../../ui/use-width.ts';
import type { Layout } from './history-page.tsx';
import { type Row, rowsOf } from './rows.ts';
import { TaskLine } from './task-line.tsx';
import { TaskTile } from './task-tile.tsx';
import styles from './task-wall.module.css';

interface TaskWallProps {
  ids: number[];
  layout: Layout;
  complete: boolean;
  shown: number | null;
  onShow: (id: number) => void;
  onEnd: () => void;
}

const MIN_TILE_PX = 176;
const GAP_PX = 8;
const LINE_PX = 60;
const DAY_PX = 50;

export function TaskWall({ ids, layout, complete, shown, onShow, onEnd }: TaskWallProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const inner = width - (width < 720 ? 24 : 48);
  const columns = layout === 'list' ? 1 : Math.max(2, Math.floor((inner + GAP_PX) / (MIN_TILE_PX + GAP_PX)));
  const tile = (inner - GAP_PX * (columns - 1)) / columns;
  const rows = useRows(ids, columns, complete);
  const heightOf = (row: Row | undefined) =>
    row?.kind === 'day' ? DAY_PX : layout === 'list' ? LINE_PX : tile + GAP_PX;
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index]),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 4,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another width or layout gives every row another height
  useEffect(() => virtual.measure(), [tile, layout]);

  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (!complete && last >= rows.length - 12) onEnd();
  }, [last, rows.length, complete, onEnd]);

  return (
    <div ref={scroller} className={styles.scroller} data-history>
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
                row.ids.map((id) => <TaskLine key={id} id={id} shown={id === shown} onShow={onShow} />)
              ) : (
                <div
                  className={styles.tiles}
                  style={{ gridTemplateColumns: `repeat(${columns}, ${tile}px)` }}
                >
                  {row.ids.map((id) => (
                    <TaskTile key={id} id={id} width={tile} shown={id === shown} onShow={onShow} />
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

function useRows(ids: number[], columns: number, complete: boolean): Row[] {
  return useMemo(() => {
    const { entries } = useTasks.getState();
    return rowsOf(
      ids.flatMap((id) => entries[id]?.item ?? []),
      columns,
      complete,
    );
  }, [ids, columns, complete]);
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
          {t('common.pictures', { count: row.count.pictures })}
        </span>
      )}
    </div>
  );
}
