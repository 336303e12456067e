/** Loads trainers and runs; a running one is reloaded as its task changes. */
import type { Trainer, Training } from '@limner/contract';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/api.ts';
import { loadStyles } from '../../state/studio.ts';
import { useTasks } from '../../state/tasks.ts';

export interface Loaded<T> {
  value: T | null;
  problem: unknown;
}

/** The best first; those that lack something too. */
export function useTrainers(): Loaded<Trainer[]> {
  const [state, setState] = useState<Loaded<Trainer[]>>({ value: null, problem: null });
  const connection = useTasks((tasks) => tasks.connection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when the connection is back
  useEffect(() => {
    api.call('listTrainers', {}).then(
      (value) => setState({ value, problem: null }),
      (problem) => setState((held) => ({ ...held, problem })),
    );
  }, [connection]);
  return state;
}

/** Milliseconds between two requests for a running run. */
const PACE_MS = 700;
/** A sign of life without a step is no change of the task, so a running run is asked for now and then. */
const SIGNS_EVERY_MS = 20_000;

export function useTraining(id: number): Loaded<Training> {
  const [state, setState] = useState<Loaded<Training>>({ value: null, problem: null });
  const version = useTasks(({ entries }) => entries[id]?.item.version ?? 0);
  const asked = useRef({ id: 0, ms: 0 });
  const signs = useSigns(state.value?.status === 'running');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    let gone = false;
    const ask = () => {
      asked.current = { id, ms: Date.now() };
      api.call('getTraining', { params: { id } }).then(
        (value) => !gone && setState({ value, problem: null }),
        (problem) => !gone && setState((held) => ({ ...held, problem })),
      );
    };
    const waitMs = asked.current.id === id ? asked.current.ms + PACE_MS - Date.now() : 0;
    const timer = setTimeout(ask, Math.max(0, waitMs));
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [id, version, signs]);
  useNewStyle(state.value);
  return state.value?.id === id || state.problem ? state : { value: null, problem: null };
}

/** A number that grows now and then. */
function useSigns(live: boolean): number {
  const [signs, setSigns] = useState(0);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => setSigns((count) => count + 1), SIGNS_EVERY_MS);
    return () => clearInterval(timer);
  }, [live]);
  return signs;
}

/** After a run has ended, its style appears in the studio at once. */
function useNewStyle(training: Training | null): void {
  const style = training?.style_id ?? null;
  useEffect(() => {
    if (style !== null) void loadStyles().catch(() => undefined);
  }, [style]);
}
