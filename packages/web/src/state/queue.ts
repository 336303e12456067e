/**
 * Lanes with their running and waiting tasks. Loaded at the start and after every change of lanes, so that every page knows
 * a pause; reloaded regularly while the page shows a waiting task or the queue.
 */
import type { MoveTask, QueueLane, QueuePlace, SecondsRange } from '@limner/contract';
import i18next from 'i18next';
import { useEffect } from 'react';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import { ask } from './ask.ts';
import { attempt } from './task-actions.ts';
import { useTasks } from './tasks.ts';

interface Queue {
  lanes: QueueLane[];
  places: ReadonlyMap<number, QueuePlace>;
  /** When the lanes were loaded; 0: never. */
  askedMs: number;
}

export const useQueue = create<Queue>(() => ({ lanes: [], places: new Map(), askedMs: 0 }));

const EVERY_MS = 5_000;
/** The queue changes with every start and end of a task; it is requested at most this often. */
const SOONEST_MS = 1_000;

let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let stopListening = () => {};

function hold(lanes: QueueLane[], askedMs = Date.now()): void {
  const places = new Map(
    lanes.flatMap(({ waiting }) => waiting.map((place) => [place.task, place] as const)),
  );
  useQueue.setState({ lanes, places, askedMs });
}

const holdLane = (lane: QueueLane): void =>
  hold(useQueue.getState().lanes.map((each) => (each.id === lane.id ? lane : each)));

export async function loadLanes(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  try {
    hold(await api.call('listLanes', {}));
  } catch {
    // Errors are shown elsewhere; the next round requests again.
  }
  if (watchers > 0) timer ??= setTimeout(() => void loadLanes(), EVERY_MS);
}

function loadSoon(): void {
  clearTimeout(timer);
  const waitMs = Math.max(50, useQueue.getState().askedMs + SOONEST_MS - Date.now());
  timer = setTimeout(() => void loadLanes(), waitMs);
}

function watch(): () => void {
  watchers += 1;
  if (watchers === 1) {
    stopListening = useTasks.subscribe((now, before) => {
      if (now.listRevision !== before.listRevision) loadSoon();
    });
    void loadLanes();
  }
  return () => {
    watchers -= 1;
    if (watchers > 0) return;
    stopListening();
    clearTimeout(timer);
    timer = undefined;
  };
}

/** Keeps lanes fresh while the component is shown and `isWanted`. */
export function useWatchedQueue(isWanted = true): void {
  useEffect(() => (isWanted ? watch() : undefined), [isWanted]);
}

export interface Place {
  place: number;
  /** From now; null if unknown. */
  seconds: SecondsRange | null;
  paused: boolean;
}

/** null if the task does not wait, or is too far back to be listed. */
export function useQueuePlace(id: number, isWaiting: boolean): Place | null {
  useWatchedQueue(isWaiting);
  const place = useQueue((state) => (isWaiting ? state.places.get(id) : undefined));
  const askedMs = useQueue((state) => (isWaiting ? state.askedMs : 0));
  if (!place) return null;
  return { place: place.place, seconds: since(place.starts_within, askedMs), paused: place.paused };
}

/** A range that was received at `thenMs`, as it is now. */
export function since(range: SecondsRange | null, thenMs: number): SecondsRange | null {
  if (!range) return null;
  const passed = (Date.now() - thenMs) / 1000;
  return { low: Math.max(0, range.low - passed), high: Math.max(0, range.high - passed) };
}

export const pauseLane = (lane: string, paused: boolean): Promise<boolean> =>
  attempt(async () => holdLane(await api.call('pauseLane', { params: { lane }, body: { paused } })));

/** Shows the new order at once; the answer or the next load replaces it. */
export async function moveTask(move: MoveTask): Promise<boolean> {
  const { lanes } = useQueue.getState();
  hold(lanes.map((lane) => withMoved(lane, move)));
  const done = await attempt(async () => holdLane(await api.call('moveInQueue', { body: move })));
  if (!done) await loadLanes();
  return done;
}

function withMoved(lane: QueueLane, { task, before }: MoveTask): QueueLane {
  const moved = lane.waiting.find((each) => each.task === task);
  if (!moved || before === task) return lane;
  const others = lane.waiting.filter((each) => each !== moved);
  const at = before === null ? others.length : others.findIndex((each) => each.task === before);
  if (at < 0) return lane;
  const order = [...others.slice(0, at), moved, ...others.slice(at)];
  return { ...lane, waiting: order.map((each, index) => ({ ...each, place: index + 1 })) };
}

/** Asks first, with the number of tasks. */
export async function cancelEverything(): Promise<void> {
  const { lanes } = useQueue.getState();
  const running = lanes.reduce((sum, lane) => sum + lane.running.length, 0);
  const waiting = lanes.reduce((sum, lane) => sum + lane.waiting.length, 0);
  const { t } = i18next;
  const yes = await ask({
    title: t('queue.cancelAsk', { count: running + waiting }),
    lines: [t('queue.cancelParts', { running, waiting }), t('queue.cancelKept')],
    confirm: t('queue.cancelAll'),
    keep: t('queue.cancelNot'),
  });
  if (!yes) return;
  await attempt(() => api.call('cancelQueue', {}));
  await loadLanes();
}
