/**
 * Work that clients wait for. A retry joins the work of the request it repeats; when the last client has gone, the work is
 * cancelled, after a pause in which a retry can come. Kept in this process's memory: a retry that reaches another process
 * makes work of its own.
 */
import { setMaxListeners } from 'node:events';
import { type Caller, StudioError } from '@limner/contract';

export interface Course {
  /** The first of its tasks. */
  readonly task: number;
  /** Then it creates no further tasks. */
  readonly isCancelled: boolean;
  /** Adds a task that it has created; if it was cancelled meanwhile, the task is cancelled too. */
  began(task: number): Promise<void>;
}

export interface Work<R> {
  /** Same key, same request; null: its client never says that it retries. */
  readonly key: string | null;
  readonly caller: Caller;
  readonly course: Course;
  cancel(): Promise<void>;
  readonly result: Promise<R>;
  /** Clients that wait now. */
  waiting: number;
  leaving: NodeJS.Timeout | undefined;
}

export interface AwaitedWorkOptions {
  /** @throws StudioError for a task that has ended */
  cancel(caller: Caller, task: number): Promise<void>;
  /** Aborted when the server begins to stop; tasks then stay for the next start. */
  stopping: AbortSignal;
  failed(error: unknown): void;
  graceMs?: number;
  keptMs?: number;
}

export class AwaitedWork<R> {
  readonly #options: Required<AwaitedWorkOptions>;
  readonly #byKey = new Map<string, Work<R>[]>();

  constructor(options: AwaitedWorkOptions) {
    // Every waiting request listens.
    setMaxListeners(0, options.stopping);
    this.#options = { graceMs: 5_000, keptMs: 15 * 60_000, ...options };
  }

  /** The work that a retry with this key continues: rather one whose client has gone. */
  joinable(key: string): Work<R> | undefined {
    const works = this.#byKey.get(key) ?? [];
    return works.findLast(({ waiting }) => waiting === 0) ?? works.at(-1);
  }

  /** @param follow waits for the first task, and adds further ones that it creates */
  add(caller: Caller, key: string | null, task: number, follow: (course: Course) => Promise<R>): Work<R> {
    const tasks = [task];
    let isCancelled = false;
    const course: Course = {
      task,
      get isCancelled() {
        return isCancelled;
      },
      began: async (next) => {
        tasks.push(next);
        if (isCancelled) await this.#cancelTask(caller, next);
      },
    };
    const cancel = async () => {
      isCancelled = true;
      for (const each of [...tasks]) await this.#cancelTask(caller, each);
    };
    const work: Work<R> = {
      key,
      caller,
      course,
      cancel,
      result: follow(course),
      waiting: 0,
      leaving: undefined,
    };
    if (key !== null) this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), work]);
    const end = () => void setTimeout(() => this.#forget(work), this.#options.keptMs).unref();
    work.result.then(end, end);
    return work;
  }

  /** @throws the work's error, `gone`'s reason, or StudioError `shutting_down` */
  async wait(work: Work<R>, gone: AbortSignal): Promise<R> {
    work.waiting += 1;
    clearTimeout(work.leaving);
    try {
      return await orAborted(work.result, gone);
    } catch (error) {
      throw this.#options.stopping.aborted ? new StudioError('shutting_down', { cause: error }) : error;
    } finally {
      work.waiting -= 1;
      if (gone.aborted && work.waiting === 0 && !this.#options.stopping.aborted) this.#leave(work);
    }
  }

  #leave(work: Work<R>): void {
    if (work.key === null) void this.#cancel(work);
    else work.leaving = setTimeout(() => void this.#cancel(work), this.#options.graceMs).unref();
  }

  async #cancel(work: Work<R>): Promise<void> {
    this.#forget(work);
    await work.cancel();
  }

  #cancelTask(caller: Caller, task: number): Promise<void> {
    return this.#options.cancel(caller, task).catch((error: unknown) => {
      if (!(error instanceof StudioError)) this.#options.failed(error);
    });
  }

  #forget(work: Work<R>): void {
    if (work.key === null) return;
    const others = this.#byKey.get(work.key)?.filter((other) => other !== work) ?? [];
    if (others.length > 0) this.#byKey.set(work.key, others);
    else this.#byKey.delete(work.key);
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
