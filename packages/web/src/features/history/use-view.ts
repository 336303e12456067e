/** The filters of history are in the address, so that a view can be shared and reloaded. */
import { useCallback, useMemo } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import { useShownTask } from '../../parts/task-detail/use-shown-task.ts';
import type { Dates } from './date-button.tsx';
import { readDay } from './days.ts';
import { FILTER_KEYS, filterIn, type HistoryFilter } from './history-filter.ts';

export type Layout = 'grid' | 'list';
type Key = (typeof FILTER_KEYS)[number] | 'view' | 'at';
export type ViewChange = Partial<Record<Key, string | null>>;

/** After a filter change the list scrolls to its start. */
export const NOTHING_NARROWED: ViewChange = Object.fromEntries(
  [...FILTER_KEYS, 'at'].map((key) => [key, null]),
);

export function useView() {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const change = useCallback(
    (changes: Record<string, string | null>) =>
      setParams(
        (held) => {
          const next = new URLSearchParams(held);
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace: true, state },
      ),
    [setParams, state],
  );
  const [shown, show] = useShownTask();
  const filter: HistoryFilter = useMemo(() => filterIn(params), [params]);
  const dates: Dates = useMemo(
    () => ({ at: readDay(params.get('at')), from: filter.from ?? null, to: filter.to ?? null }),
    [params, filter],
  );
  return {
    filter,
    dates,
    layout: (params.get('view') === 'list' ? 'list' : 'grid') as Layout,
    shown,
    change: change as (changes: ViewChange) => void,
    show,
  };
}
