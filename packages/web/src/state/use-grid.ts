import { type Grid, isFinal } from '@limner/contract';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { useTasks } from './tasks.ts';

/** Cells that change together are read once. */
const PAUSE_MS = 800;

/** A grid, read again while its tasks change. */
export function useGrid(id: number): { grid: Grid | null; problem: unknown } {
  const [grid, setGrid] = useState<Grid | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    const stopped = new AbortController();
    const { signal } = stopped;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const read = async () => {
      timer = undefined;
      const turn = ++last;
      try {
        const read = await api.call('getGrid', { params: { id }, signal });
        if (turn === last) setGrid(read);
      } catch (reason) {
        if (!signal.aborted) setProblem(reason);
      }
    };
    void read();
    const unsubscribe = useTasks.subscribe(({ listRevision, connection }, before) => {
      if (listRevision === before.listRevision && connection === before.connection) return;
      timer ??= setTimeout(() => void read(), PAUSE_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
      stopped.abort();
    };
  }, [id]);
  return { grid, problem };
}

export const endedOf = ({ cells }: Grid): number =>
  cells.filter(({ status }) => status === 'deleted' || isFinal(status)).length;
