import type { Dataset } from '@limner/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { useChangedLists } from '../../state/changed-lists.ts';
import { useTasks } from '../../state/tasks.ts';

export interface LoadedSet {
  set: Dataset | null;
  problem: unknown;
  /** A newer state, as an answer to a change. */
  show: (set: Dataset) => void;
  reload: () => void;
}

/** Changes that come together are read once. */
const PAUSE_MS = 400;

/** A data set, read again when sets change. */
export function useDataset(id: number): LoadedSet {
  const [set, setSet] = useState<Dataset | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const changes = useChangedLists((counts) => counts.datasets);
  const connection = useTasks((state) => state.connection);
  const turn = useRef(0);
  const reload = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    try {
      const read = await api.call('getDataset', { params: { id } });
      if (mine === turn.current) setSet(read);
    } catch (reason) {
      if (mine === turn.current) setProblem(reason);
    }
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when sets have changed or the connection is back
  useEffect(() => {
    const timer = setTimeout(() => void reload(), changes === 0 ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [reload, changes, connection]);
  const show = useCallback((newer: Dataset) => {
    turn.current += 1;
    setSet(newer);
  }, []);
  return { set, problem, show, reload: () => void reload() };
}
