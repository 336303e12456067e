/**
 * Delays events that clients need not see at once. A change of state (task, frame, output, error) is passed on
 * immediately. Progress is passed on at most every `intervalMs` per task, with the latest of each frame.
 *
 * Promise: events of one task are passed on with growing versions. Before a change of state, waiting progress of other
 * frames of that task is passed on.
 */
import { isFinal, type TaskEvent } from '@limner/contract';

export type Deliver = (event: TaskEvent, isProgress: boolean) => void;

interface Paced {
  /** The last known state of each frame, by the indices an event is about. */
  states: Map<string, string>;
  waiting: Map<string, TaskEvent>;
  passedMs: number;
  timer: NodeJS.Timeout | null;
}

export class Pacer {
  readonly #tasks = new Map<number, Paced>();
  readonly #deliver: Deliver;
  readonly #intervalMs: number;

  constructor(deliver: Deliver, intervalMs = 100) {
    this.#deliver = deliver;
    this.#intervalMs = intervalMs;
  }

  push(event: TaskEvent): void {
    const task = this.#task(event.id);
    const frames = event.frames.map(({ index }) => index).join();
    const state = stateOf(event);
    if (task.states.get(frames) === state) {
      this.#progress(task, frames, event);
      return;
    }
    task.states.set(frames, state);
    task.waiting.delete(frames);
    this.#flush(task);
    if (event.deleted || isFinal(event.status)) this.#tasks.delete(event.id);
    this.#deliver(event, false);
  }

  #task(id: number): Paced {
    let task = this.#tasks.get(id);
    if (!task) {
      task = { states: new Map(), waiting: new Map(), passedMs: 0, timer: null };
      this.#tasks.set(id, task);
    }
    return task;
  }

  #progress(task: Paced, frames: string, event: TaskEvent): void {
    // Removed first, so that waiting events stay in the order of versions.
    task.waiting.delete(frames);
    task.waiting.set(frames, event);
    const dueInMs = task.passedMs + this.#intervalMs - Date.now();
    if (dueInMs <= 0) this.#flush(task);
    else task.timer ??= setTimeout(() => this.#flush(task), dueInMs);
  }

  #flush(task: Paced): void {
    if (task.timer) clearTimeout(task.timer);
    task.timer = null;
    if (task.waiting.size === 0) return;
    task.passedMs = Date.now();
    const events = [...task.waiting.values()];
    task.waiting.clear();
    for (const event of events) this.#deliver(event, true);
  }

  close(): void {
    for (const { timer } of this.#tasks.values()) if (timer) clearTimeout(timer);
    this.#tasks.clear();
  }
}

function stateOf({ status, error, output_paths, frames, deleted }: TaskEvent): string {
  const parts = frames.map((frame) =>
    [
      frame.index,
      frame.status,
      frame.tries,
      frame.output?.id,
      frame.output?.starred,
      frame.error?.code,
    ].join(),
  );
  return [status, deleted, error?.code, output_paths.length, ...parts].join('|');
}
