/** Places of waiting tasks among all of their lane. Asked of the server while somebody looks at a task that waits. */
import type { QueuePlace } from '@limner/contract';
import { useEffect } from 'react';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import { useTasks } from './tasks.ts';

interface Queue {
  places: ReadonlyMap<number, QueuePlace>;
  askedMs: number;
}

export const useQueue = create<Queue>(() => ({ places: new Map(), askedMs: 0 }));

const EVERY_MS = 5_000;
/** The queue moves with every task that begins or ends; so often at most it is asked about. */
const SOONEST_MS = 1_000;

let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let stopListening = () => {};

async function refresh(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  try {
    const places = await api.call('listQueue', {});
    useQueue.setState({ places: new Map(places.map((place) => [place.task, place])), askedMs: Date.now() });
  } catch {
    // Shown elsewhere when the server is away; the next round asks again.
  }
  if (watchers > 0) timer ??= setTimeout(() => void refresh(), EVERY_MS);
}

function refreshSoon(): void {
  clearTimeout(timer);
  const waitMs = Math.max(50, useQueue.getState().askedMs + SOONEST_MS - Date.now());
  timer = setTimeout(() => void refresh(), waitMs);
}

function watch(): () => void {
  watchers += 1;
  if (watchers === 1) {
    stopListening = useTasks.subscribe((now, before) => {
      if (now.shape !== before.shape) refreshSoon();
    });
    void refresh();
  }
  return () => {
    watchers -= 1;
    if (watchers > 0) return;
    stopListening();
    clearTimeout(timer);
    timer = undefined;
  };
}

export interface Place {
  place: number;
  /** From now; null while nobody knows. */
  seconds: number | null;
}

/** null for a task that does not wait, or that is too far back to be told of. */
export function useQueuePlace(id: number, isWaiting: boolean): Place | null {
  useEffect(() => (isWaiting ? watch() : undefined), [isWaiting]);
  const place = useQueue((state) => (isWaiting ? state.places.get(id) : undefined));
  const askedMs = useQueue((state) => (isWaiting ? state.askedMs : 0));
  if (!place) return null;
  const { starts_in_seconds: seconds } = place;
  const passed = (Date.now() - askedMs) / 1000;
  return { place: place.place, seconds: seconds === null ? null : Math.max(0, seconds - passed) };
}
