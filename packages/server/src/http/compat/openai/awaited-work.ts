/**
 * Work that clients of this process wait for. A retry joins the work of the request it repeats; when the last client has
 * gone, the work is cancelled, after a pause in which a retry can come, unless one has come to another process. Work that
 * has ended is kept for retries, whoever has gone.
 */

import { setMaxListeners } from 'node:events';
import { type Caller, StudioError } from '@limner/contract';
import { REPEATED_WITHIN_MS, type RequestKey, refuseOther } from '../../../tasks/repeated-requests.ts';
import { unlessAborted } from '../../../unless-aborted.ts';

export interface Course {
  /** The first of its tasks. */
  readonly task: number;
  /** Then it creates no further tasks: nobody waits for it, or another request does. */
  readonly isCancelled: boolean;
  /** Adds a task that it has created; if it was cancelled meanwhile, the task is cancelled too. */
  began(task: number): Promise<void>;
}

export interface Work<R> {
  /** Null: its client never says that it retries. */
  readonly key: RequestKey | null;
  readonly course: Course;
  /** Creates nothing more. */
  stopCreating(): void;
  /** Cancels the tasks it has created too. */
  cancel(): Promise<void>;
  /** False: another request waits for its first task. */
  release(): Promise<boolean>;
  readonly result: Promise<R>;
  hasEnded: boolean;
  /** Clients that wait now. */
  waiting: number;
  cancelTimer: NodeJS.Timeout | undefined;
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
    this.#options = { graceMs: 5_000, keptMs: REPEATED_WITHIN_MS, ...options };
  }

  /**
   * The work that a retry with this key continues: rather one whose client has gone.
   * @throws StudioError `key_reused`
   */
  joinable({ key, content, joins }: RequestKey): Work<R> | undefined {
    const works = (joins && this.#byKey.get(key)) || [];
    const work = works.findLast(({ waiting }) => waiting === 0) ?? works.at(-1);
    if (work?.key) refuseOther(work.key.content, content);
    return work;
  }

  /**
   * @param begun its first task, and what gives that up
   * @param follow waits for the first task, and adds further ones that it creates
   */
  add(
    caller: Caller,
    key: RequestKey | null,
    { task, release }: { task: number; release: (task: number) => Promise<boolean> },
    follow: (course: Course) => Promise<R>,
  ): Work<R> {
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
    const stopCreating = () => {
      isCancelled = true;
    };
    const cancel = async () => {
      stopCreating();
      for (const each of [...tasks]) await this.#cancelTask(caller, each);
    };
    const work: Work<R> = {
      key,
      course,
      stopCreating,
      cancel,
      release: () => release(task),
      result: follow(course),
      hasEnded: false,
      waiting: 0,
      cancelTimer: undefined,
    };
    if (key !== null) this.#byKey.set(key.key, [...(this.#byKey.get(key.key) ?? []), work]);
    const end = () => {
      work.hasEnded = true;
      clearTimeout(work.cancelTimer);
      setTimeout(() => this.#forget(work), this.#options.keptMs).unref();
    };
    work.result.then(end, end);
    return work;
  }

  /** @throws the work's error, `gone`'s reason, or StudioError `shutting_down` */
  async wait(work: Work<R>, gone: AbortSignal): Promise<R> {
    work.waiting += 1;
    clearTimeout(work.cancelTimer);
    try {
      return await unlessAborted(work.result, gone);
    } catch (error) {
      throw this.#options.stopping.aborted ? new StudioError('shutting_down', { cause: error }) : error;
    } finally {
      work.waiting -= 1;
      if (gone.aborted && work.waiting === 0 && !this.#options.stopping.aborted) this.#leave(work);
    }
  }

  #leave(work: Work<R>): void {
    if (work.hasEnded) return;
    if (work.key === null) void this.#cancel(work);
    else work.cancelTimer = setTimeout(() => void this.#cancel(work), this.#options.graceMs).unref();
  }

  async #cancel(work: Work<R>): Promise<void> {
    this.#forget(work);
    if (work.key === null || (await this.#isReleased(work))) await work.cancel();
    else work.stopCreating();
  }

  /** What cannot be found out is not cancelled. */
  #isReleased(work: Work<R>): Promise<boolean> {
    return work.release().catch((error: unknown) => {
      this.#options.failed(error);
      return false;
    });
  }

  #cancelTask(caller: Caller, task: number): Promise<void> {
    return this.#options.cancel(caller, task).catch((error: unknown) => {
      if (!(error instanceof StudioError)) this.#options.failed(error);
    });
  }

  #forget(work: Work<R>): void {
    if (work.key === null) return;
    const { key } = work.key;
    const others = this.#byKey.get(key)?.filter((other) => other !== work) ?? [];
    if (others.length > 0) this.#byKey.set(key, others);
    else this.#byKey.delete(key);
  }
}
