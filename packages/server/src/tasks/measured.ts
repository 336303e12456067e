/**
 * Estimates of the next picture from measured ones, scaled to the work of the newest. Pure. A picture that was begun before
 * any other of its family had ended on the same server loaded the model as well. It says nothing of later ones and is left
 * out.
 */
import { type SecondsRange, timesWork } from '@limner/contract';
import type { MeasuredFamily } from '../engines/engines.ts';
import type { TimedFrame } from './store/frame-times.ts';

export interface Measured extends SecondsRange {
  median: number;
}

/** From this number of pictures on, the quickest and the slowest fifth are left out. */
const ENOUGH_FOR_FIFTHS = 5;

/** null: nothing was measured. @param isWholeHistory true if no picture was painted before these */
export function measuredFamily(frames: TimedFrame[], isWholeHistory: boolean): MeasuredFamily | null {
  const byServer = groupBy(frames, ({ server }) => server);
  const work = frames[0]?.work ?? null;
  const warm = [...byServer].map(([server, own]) => ({
    server,
    seconds: (isWholeHistory ? afterTheFirst(own) : own).map(
      (frame) => secondsOf(frame) * (timesWork(work, frame.work) ?? 1),
    ),
  }));
  const all = rangeOf(warm.flatMap(({ seconds }) => seconds));
  if (!all) return null;
  const servers = warm.flatMap(({ server, seconds }) => {
    const range = rangeOf(seconds);
    return server === null || !range ? [] : { server, low: range.low, high: range.high };
  });
  return { ...all, work, servers };
}

const secondsOf = ({ startedMs, completedMs }: TimedFrame): number =>
  Math.max(0, completedMs - startedMs) / 1000;

function afterTheFirst(frames: TimedFrame[]): TimedFrame[] {
  const firstEndMs = Math.min(...frames.map(({ completedMs }) => completedMs));
  return frames.filter(({ startedMs }) => startedMs >= firstEndMs);
}

function rangeOf(seconds: number[]): Measured | null {
  const sorted = [...seconds].sort((a, b) => a - b);
  const last = sorted.length - 1;
  const cut = sorted.length < ENOUGH_FOR_FIFTHS ? 0 : Math.floor(sorted.length / 5);
  const [low, median, high] = [sorted[cut], sorted[Math.floor(sorted.length / 2)], sorted[last - cut]];
  return low === undefined || median === undefined || high === undefined ? null : { low, median, high };
}

function groupBy<T, K>(items: T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
