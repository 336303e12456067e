/**
 * A list of tasks under a filter: a window into all of them, newest first, that grows at both ends. It starts at the
 * newest task, or at a time, and is updated as tasks change. Its ids are the server's answers plus matching tasks of
 * the store in the window; tasks that no longer match are removed.
 */
import type { TaskListItem } from '@limner/contract';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { type FeedFilter, matches, matchesText } from './feed-filter.ts';
import { receiveList, useTasks } from './tasks.ts';

type TaskPage = Awaited<ReturnType<typeof api.tasks>>;

interface FeedOptions {
  pageSize: number;
  /** The start of the window: only tasks created before this time. null: the newest. */
  before?: string | null;
}

export interface Feed {
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
  /** `before` of the next page; null: the oldest task is loaded. */
  older: number | null;
  /** `after` of the next newer page; null: the window reaches to the top. */
  newer: number | null;
  ready: boolean;
}

const EMPTY: Window = { ids: new Set(), older: null, newer: null, ready: false };

type Cursor = { before?: number; after?: number };
type Take = (held: Window, page: TaskPage) => Window;

export function useTaskFeed(filter: FeedFilter, { pageSize, before = null }: FeedOptions): Feed {
  const [held, setHeld] = useState<Window>(EMPTY);
  const [problem, setProblem] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  /** One request at a time in each direction. */
  const asking = useRef({ round: new AbortController(), up: false, down: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter is made anew by every render; its words decide
  const query = useMemo(() => filter, [JSON.stringify(filter)]);

  const ask = useCallback(
    async (cursor: Cursor, take: Take) => {
      const current = asking.current;
      const direction = cursor.after === undefined ? 'down' : 'up';
      if (current[direction]) return;
      current[direction] = true;
      const { signal } = current.round;
      try {
        const asked = { ...queryOf(query, direction === 'down' ? before : null), ...cursor, limit: pageSize };
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
    [query, before, pageSize],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    const controller = new AbortController();
    asking.current = { round: controller, up: false, down: false };
    void ask({}, (_, { items, nextBefore }) => ({
      ids: new Set(items.map(({ id }) => id)),
      older: nextBefore,
      // Nothing is older than the oldest task, so there is no newer page either.
      newer: before === null ? null : (items[0]?.id ?? 0),
      ready: true,
    }));
    return () => controller.abort();
  }, [ask, before, round]);

  const older = useCallback(() => {
    if (held.older === null) return;
    void ask({ before: held.older }, (window, page) => ({ ...grown(window, page), older: page.nextBefore }));
  }, [ask, held.older]);

  const newer = useCallback(() => {
    if (held.newer === null) return;
    void ask({ after: held.newer }, (window, page) => ({ ...grown(window, page), newer: page.nextAfter }));
  }, [ask, held.newer]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  useReturn(problem !== null, reload);
  return {
    ids: useMembers(held, query),
    ready: held.ready,
    problem,
    hasOlder: held.older !== null,
    hasNewer: held.newer !== null,
    older,
    newer,
    reload,
  };
}

/** The window's start limits the requested time; upwards there is no limit. */
const queryOf = (filter: FeedFilter, before: string | null): FeedFilter =>
  before === null ? filter : { ...filter, created_to: earlier(filter.created_to, before) };

const earlier = (a: string | undefined, b: string): string =>
  a !== undefined && Date.parse(a) < Date.parse(b) ? a : b;

const grown = (window: Window, { items }: TaskPage): Window => ({
  ...window,
  ids: new Set([...window.ids, ...items.map(({ id }) => id)]),
});

/** Repeats failed requests after a reconnect. */
function useReturn(isMissing: boolean, reload: () => void): void {
  const isThere = useTasks((state) => state.connection === 'open');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the return counts, not a failure while it is there
  useEffect(() => {
    if (isThere && isMissing) reload();
  }, [isThere]);
}

function useMembers(held: Window, filter: FeedFilter): number[] {
  const listRevision = useTasks((state) => state.listRevision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `listRevision` stands for the entries
  return useMemo(() => {
    if (!held.ready) return [];
    const { entries } = useTasks.getState();
    const { ids, older, newer } = held;
    const isWithin = (id: number) => id >= (older ?? 0) && (newer === null || id <= newer);
    const isMember = (item: TaskListItem) =>
      matches(item, filter) &&
      (ids.has(item.id) || (isWithin(item.id) && matchesText(item.prompt, filter.text)));
    return Object.values(entries)
      .map(({ item }) => item)
      .filter(isMember)
      .map(({ id }) => id)
      .sort((a, b) => b - a);
  }, [held, filter, listRevision]);
}
