/**
 * The tasks that history shows: a window into all of them, newest first, that grows at both ends. It begins at the newest,
 * or at a day, and stays true while tasks come, change and go. New tasks join as long as the window reaches to the top.
 */
import type { TaskListItem } from '@limner/contract';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { receiveList, useTasks } from '../../state/tasks.ts';
import { type HistoryFilter, matches, matchesWords, queryOf } from './history-filter.ts';

type TaskPage = Awaited<ReturnType<typeof api.tasks>>;

const PAGE_SIZE = 100;

export interface HistoryFeed {
  ids: number[];
  /** The first page has arrived. */
  ready: boolean;
  problem: unknown;
  hasOlder: boolean;
  hasNewer: boolean;
  older: () => void;
  newer: () => void;
  reload: () => void;
}

interface Window {
  ids: ReadonlySet<number>;
  /** `before` of the next page; null: the beginning of all is here. */
  older: number | null;
  /** `after` of the next newer page; null: the window reaches to the top. */
  newer: number | null;
  ready: boolean;
}

const EMPTY: Window = { ids: new Set(), older: null, newer: null, ready: false };

export function useHistoryFeed(filter: HistoryFilter, at: string | null): HistoryFeed {
  const [held, setHeld] = useState<Window>(EMPTY);
  const [problem, setProblem] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  /** One question at a time in each direction; an answer asks on by itself. */
  const asking = useRef({ round: new AbortController(), up: false, down: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is made anew by every render; its words decide
  const query = useMemo(() => filter, [JSON.stringify(filter)]);

  const ask = useCallback(
    async (cursor: { before?: number; after?: number }, take: (held: Window, page: TaskPage) => Window) => {
      const current = asking.current;
      const direction = cursor.after === undefined ? 'down' : 'up';
      if (current[direction]) return;
      current[direction] = true;
      const { signal } = current.round;
      try {
        // Upwards a jump sets no end.
        const asked = {
          ...queryOf(query, cursor.after === undefined ? at : null),
          ...cursor,
          limit: PAGE_SIZE,
        };
        const page = await api.tasks(asked, signal);
        receiveList(page.items);
        setHeld((window) => take(window, page));
        setProblem(null);
      } catch (error) {
        if (!signal.aborted) setProblem(error);
      } finally {
        current[direction] = false;
      }
    },
    [query, at],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    const controller = new AbortController();
    asking.current = { round: controller, up: false, down: false };
    void ask({}, (_, { items, nextBefore }) => ({
      ids: new Set(items.map(({ id }) => id)),
      older: nextBefore,
      // Of a day before everything there is nothing, and nothing of the rest either.
      newer: at === null ? null : (items[0]?.id ?? 0),
      ready: true,
    }));
    return () => controller.abort();
  }, [ask, at, round]);

  const older = useCallback(() => {
    if (held.older === null) return;
    void ask({ before: held.older }, (window, { items, nextBefore }) => ({
      ...window,
      ids: withIds(window, items),
      older: nextBefore,
    }));
  }, [ask, held.older]);

  const newer = useCallback(() => {
    if (held.newer === null) return;
    void ask({ after: held.newer }, (window, { items, nextAfter }) => ({
      ...window,
      ids: withIds(window, items),
      newer: nextAfter,
    }));
  }, [ask, held.newer]);

  return {
    ids: useMembers(held, query),
    ready: held.ready,
    problem,
    hasOlder: held.older !== null,
    hasNewer: held.newer !== null,
    older,
    newer,
    reload: useCallback(() => setRound((n) => n + 1), []),
  };
}

const withIds = ({ ids }: Window, items: TaskListItem[]): ReadonlySet<number> =>
  new Set([...ids, ...items.map(({ id }) => id)]);

function useMembers(held: Window, filter: HistoryFilter): number[] {
  const shape = useTasks((state) => state.shape);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the entries
  return useMemo(() => {
    if (!held.ready) return [];
    const { entries, leaving } = useTasks.getState();
    const { ids, older, newer } = held;
    const isWithin = (id: number) => id >= (older ?? 0) && (newer === null || id <= newer);
    const members: number[] = [];
    for (const { item } of Object.values(entries)) {
      if (leaving.has(item.id) || !matches(item, filter)) continue;
      if (ids.has(item.id) || (isWithin(item.id) && matchesWords(item, filter))) members.push(item.id);
    }
    return members.sort((a, b) => b - a);
  }, [held, filter, shape]);
}
