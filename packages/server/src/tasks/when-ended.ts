/**
 * Waiting for the end of a task. The bus wakes the wait; the row decides, and is read again every few seconds because a
 * message may be lost.
 */
import { isFinal, type Task } from '@limner/contract';
import type { Bus } from '../bus/bus.ts';

const POLL_MS = 5_000;

export interface WhenEndedOptions {
  bus: Pick<Bus, 'subscribe'>;
  /** @throws StudioError `task_not_found` */
  read: () => Promise<Task>;
  pollMs?: number;
}

/** @throws what `read` throws (a deleted task is not found), or the signal's reason. */
export function whenEnded(
  { bus, read, pollMs = POLL_MS }: WhenEndedOptions,
  id: number,
  signal: AbortSignal,
): Promise<Task> {
  return new Promise<Task>((resolve, reject) => {
    const check = () => void read().then((task) => isFinal(task.status) && finish(() => resolve(task)), fail);
    const fail = (reason: unknown) => finish(() => reject(reason));
    const abort = () => fail(signal.reason);
    const unsubscribe = bus.subscribe('event', ({ event }) => {
      if (event.id === id && (event.deleted || isFinal(event.status))) check();
    });
    const timer = setInterval(check, pollMs);
    const finish = (end: () => void) => {
      clearInterval(timer);
      unsubscribe();
      signal.removeEventListener('abort', abort);
      end();
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    else check();
  });
}
