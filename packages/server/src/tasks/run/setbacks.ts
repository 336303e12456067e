/**
 * Tasks that this worker had to put back because rows could not be written. Each time it waits longer before, and after some
 * times the frame whose rows they are is not run again: it fails with the reason. Held in memory, so a restart begins anew.
 */
import type { StudioError } from '@limner/contract';

/** A frame whose rows could not be written, and why. */
export interface Refusal {
  frame: number;
  error: StudioError;
}

/** How often a frame is run whose rows cannot be written. */
export const MAX_RUNS = 3;
const LONGEST_PAUSE_MS = 60_000;

interface Setback {
  times: number;
  refusal: Refusal | null;
}

export class Setbacks {
  readonly #firstPauseMs: number;
  readonly #tasks = new Map<number, Setback>();

  constructor(firstPauseMs: number) {
    this.#firstPauseMs = firstPauseMs;
  }

  /** Returns the pause before the task is put back. `refusal`: null if no frame of it is to blame. */
  add(task: number, refusal: Refusal | null): number {
    const before = this.#tasks.get(task);
    const isSame = before?.refusal?.frame === refusal?.frame;
    const times = before && isSame ? before.times + 1 : 1;
    this.#tasks.set(task, { times, refusal });
    return growingPauseMs(this.#firstPauseMs, times);
  }

  /** Why the frame must fail without another run; null: it may run. */
  reasonToFail(task: number, frame: number): StudioError | null {
    const setback = this.#tasks.get(task);
    return setback?.refusal?.frame === frame && setback.times >= MAX_RUNS ? setback.refusal.error : null;
  }

  forget(task: number): void {
    this.#tasks.delete(task);
  }
}

/** The pause after `times` failures: twice as long each time. */
export const growingPauseMs = (firstMs: number, times: number): number =>
  Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (times - 1));
