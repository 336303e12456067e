/** Work over many pixels in the server's own process, with pauses in which requests are answered. */
import { setImmediate as breathe } from 'node:timers/promises';

const PIXELS_AT_ONCE = 1_000_000;

/** Calls `work` for consecutive ranges that cover 0 to `count`. @param pixels of one step @throws the signal's reason */
export async function inSlices(
  count: number,
  work: (from: number, to: number) => void,
  { pixels = 1, signal }: { pixels?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const step = Math.max(1, Math.floor(PIXELS_AT_ONCE / pixels));
  for (let from = 0; from < count; from += step) {
    await breathe();
    signal?.throwIfAborted();
    work(from, Math.min(count, from + step));
  }
}
