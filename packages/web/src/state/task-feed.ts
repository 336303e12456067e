/**
 * A list of tasks under a filter, newest first, that stays true while tasks come, change and go. Its ids are what the
 * server answered, plus newer tasks of the store that match; a task that no longer matches leaves.
 */
import type { TaskKind, TaskListItem, TaskStatus } from '@limner/contract';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/api.ts';
import { receiveList, useTasks } from './tasks.ts';

export interface FeedFilter {
  kind?: TaskKind;
  status?: TaskStatus;
  text?: string;
}

export interface Feed {
  ids: number[];
  /** All pages are here. */
  complete: boolean;
  /** The first page has arrived. */
  ready: boolean;
  loading: boolean;
  problem: unknown;
  more: () => void;
  reload: () => void;
}

interface Loaded {
  ids: ReadonlySet<number>;
  /** `before` of the next page; null when there is none. */
  next: number | null;
  ready: boolean;
}

const NOTHING: Loaded = { ids: new Set(), next: null, ready: false };

export function useTaskFeed({ kind, status, text }: FeedFilter, pageSize: number): Feed {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const busy = useRef<AbortController | null>(null);

  const load = useCallback(
    async (before: number | null, signal: AbortSignal) => {
      setLoading(true);
      try {
        const query = { kind, status, text: text || undefined, limit: pageSize, before: before ?? undefined };
        const page = await api.tasks(query, signal);
        receiveList(page.items);
        setLoaded((held) => append(before === null ? NOTHING : held, page.items, page.nextBefore));
        setProblem(null);
      } catch (error) {
        if (!signal.aborted) setProblem(error);
      } finally {
        if (!signal.aborted) setLoading(false);
      }
    },
    [kind, status, text, pageSize],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same again
  useEffect(() => {
    const controller = new AbortController();
    busy.current = controller;
    void load(null, controller.signal);
    return () => controller.abort();
  }, [load, round]);

  const more = useCallback(() => {
    if (!busy.current || loading || loaded.next === null) return;
    void load(loaded.next, busy.current.signal);
  }, [load, loaded.next, loading]);

  const ids = useMembers(loaded, { kind, status, text });
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useReturn(problem !== null, reload);
  return {
    ids,
    complete: loaded.ready && loaded.next === null,
    ready: loaded.ready,
    loading,
    problem,
    more,
    reload,
  };
}

/** What could not be asked for while the server was away is asked for when it is back. */
function useReturn(isMissing: boolean, reload: () => void): void {
  const isThere = useTasks((state) => state.connection === 'open');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the return counts, not a failure while it is there
  useEffect(() => {
    if (isThere && isMissing) reload();
  }, [isThere]);
}

function append(held: Loaded, items: TaskListItem[], next: number | null): Loaded {
  return { ids: new Set([...held.ids, ...items.map((item) => item.id)]), next, ready: true };
}

function useMembers(loaded: Loaded, filter: FeedFilter): number[] {
  const shape = useTasks((state) => state.shape);
  const { kind, status, text } = filter;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the entries
  return useMemo(() => {
    const { entries, leaving } = useTasks.getState();
    const oldest = loaded.next ?? 0;
    return Object.values(entries)
      .map((entry) => entry.item)
      .filter((item) => !leaving.has(item.id) && isOfKind(item, kind))
      .filter((item) => status === undefined || item.status === status)
      .filter(
        (item) =>
          loaded.ids.has(item.id) || (item.id >= oldest && loaded.ready && matchesText(item.prompt, text)),
      )
      .map((item) => item.id)
      .sort((a, b) => b - a);
  }, [loaded, kind, status, text, shape]);
}

/** What a ControlNet sees is shown where it is set and is no picture of its own. */
const isOfKind = (item: TaskListItem, kind?: TaskKind): boolean =>
  kind === undefined ? item.task_kind !== 'control_preview' : item.task_kind === kind;

/** As the server does: every word must occur, the last may be a beginning. */
export function matchesText(prompt: string, text = ''): boolean {
  const held = prompt.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => held.includes(word));
}
