/**
 * Runs embedded work in one child process.
 *
 * The child starts with the first job and ends after some idle minutes. After a crash its jobs fail and the next job
 * starts a new child. An aborted job has a second to stop; then the child is killed and its other jobs start again in a
 * new one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism, constants } from 'node:os';
import { type Bilingual, StudioError } from '@limner/contract';
import type { JobContext, JobKind, PictureResult } from './job.ts';
import type { FromChild, JobFailure, ToChild } from './messages.ts';

export interface EmbeddedProcessOptions {
  /** The bundled `embedded-child/child.ts`, a JavaScript file. */
  entry: string;
  idleMs?: number;
  /** How long an aborted job may take to stop by itself. */
  abortGraceMs?: number;
  /** Its priority for the operating system, as `os.constants.priority`; below the server's in any case. */
  niceness?: number;
  log?: { warn(data: object, message: string): void };
}

interface Pending {
  id: number;
  name: string;
  job: object;
  ctx: JobContext;
  resolve(result: PictureResult): void;
  reject(error: unknown): void;
  onAbort(): void;
  killTimer: NodeJS.Timeout | undefined;
}

const ENGINE: Bilingual = { en: 'The built-in engine', zh: '内置引擎' };
const STDERR_KEPT_CHARS = 4_000;

export class EmbeddedProcess {
  readonly #options: Required<Omit<EmbeddedProcessOptions, 'log'>> & Pick<EmbeddedProcessOptions, 'log'>;
  readonly #waiting: Pending[] = [];
  readonly #running = new Map<number, Pending>();
  #child: ChildProcess | null = null;
  #stderr = '';
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;

  constructor(options: EmbeddedProcessOptions) {
    this.#options = {
      idleMs: 5 * 60_000,
      abortGraceMs: 1_000,
      niceness: constants.priority.PRIORITY_BELOW_NORMAL,
      ...options,
    };
  }

  /** Jobs at once. Two jobs overlap decoding and drawing; more would only compete for the cores. */
  get slots(): number {
    return Math.min(2, availableParallelism());
  }

  get running(): number {
    return this.#running.size;
  }

  get queued(): number {
    return this.#waiting.length;
  }

  /** Process id while the child is up. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  run<J extends object>({ name }: JobKind<J>, job: J, ctx: JobContext): Promise<PictureResult> {
    if (this.#closed) return Promise.reject(new StudioError('shutting_down'));
    if (ctx.signal.aborted) return Promise.reject(ctx.signal.reason);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const onAbort = (): void => this.#abort(pending);
      const pending: Pending = { id, name, job, ctx, resolve, reject, onAbort, killTimer: undefined };
      ctx.signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(pending);
      this.#pump();
    });
  }

  /** Fails all remaining jobs and resolves when the child has exited. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const pending of [...this.#waiting.splice(0), ...this.#running.values()]) {
      this.#settle(pending, () => pending.reject(new StudioError('shutting_down')));
    }
    await this.#stopChild();
  }

  #pump(): void {
    clearTimeout(this.#idleTimer);
    while (this.#running.size < this.slots) {
      const next = this.#waiting.shift();
      if (!next) break;
      this.#running.set(next.id, next);
      this.#send({ kind: 'run', id: next.id, name: next.name, job: next.job });
    }
    if (this.#running.size === 0 && this.#child) this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    this.#idleTimer = setTimeout(() => void this.#stopChild(), this.#options.idleMs);
    this.#idleTimer.unref();
  }

  #send(message: ToChild): void {
    this.#child ??= this.#start();
    // If the child died meanwhile, its exit event fails the job.
    this.#child.send(message, () => {});
  }

  #start(): ChildProcess {
    const child = fork(this.#options.entry, [String(this.#options.niceness)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT_CHARS);
    });
    child.on('message', (message) => this.#receive(message as FromChild));
    child.on('error', (cause) => this.#gone(child, null, null, cause));
    child.on('close', (code, signal) => this.#gone(child, code, signal));
    return child;
  }

  #receive(message: FromChild): void {
    const pending = this.#running.get(message.id);
    if (!pending) return;
    if (message.kind === 'progress') pending.ctx.progress(message.fraction);
    else if (message.kind === 'preview') pending.ctx.preview(message.bytes, message.mediaType);
    else if (message.kind === 'news') pending.ctx.sendNews?.(message.news);
    else this.#finish(pending, message);
  }

  #finish(pending: Pending, message: Extract<FromChild, { kind: 'done' | 'failed' }>): void {
    this.#settle(pending, () => {
      if (pending.ctx.signal.aborted) pending.reject(pending.ctx.signal.reason);
      else if (message.kind === 'done') pending.resolve(message.result);
      else pending.reject(errorOf(message.failure));
    });
    this.#pump();
  }

  #settle(pending: Pending, end: () => void): void {
    clearTimeout(pending.killTimer);
    pending.ctx.signal.removeEventListener('abort', pending.onAbort);
    this.#running.delete(pending.id);
    end();
  }

  #abort(pending: Pending): void {
    const place = this.#waiting.indexOf(pending);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      this.#settle(pending, () => pending.reject(pending.ctx.signal.reason));
      return;
    }
    this.#send({ kind: 'abort', id: pending.id });
    pending.killTimer = setTimeout(() => void this.#killChild(pending), this.#options.abortGraceMs);
  }

  async #killChild(stuck: Pending): Promise<void> {
    this.#settle(stuck, () => stuck.reject(stuck.ctx.signal.reason));
    const others = [...this.#running.values()];
    this.#running.clear();
    this.#waiting.unshift(...others);
    await this.#stopChild();
    if (!this.#closed) this.#pump();
  }

  async #stopChild(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** The child ended by itself. Which job caused it is unknown, so all of its jobs fail. */
  #gone(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null, cause?: unknown): void {
    if (child !== this.#child) return;
    this.#child = null;
    this.#options.log?.warn(
      { code, signal, stderr: this.#stderr },
      'the embedded process ended unexpectedly',
    );
    // Only the kernel's out-of-memory killer sends SIGKILL to it.
    const memory = signal === 'SIGKILL' || /out of memory|bad_alloc/i.test(this.#stderr);
    const error = new StudioError(memory ? 'out_of_memory' : 'engine_died', {
      data: { engine: ENGINE },
      cause,
    });
    for (const pending of [...this.#running.values()]) {
      this.#settle(pending, () =>
        pending.reject(pending.ctx.signal.aborted ? pending.ctx.signal.reason : error),
      );
    }
    if (!this.#closed) this.#pump();
  }
}

function errorOf(failure: JobFailure): StudioError {
  if (failure.code !== null)
    return new StudioError(failure.code, { data: failure.data, field: failure.field });
  const cause = Object.assign(new Error(failure.message), { stack: failure.stack });
  const memory = /out of memory|bad_alloc|failed to allocate|array buffer allocation/i.test(failure.message);
  if (memory) return new StudioError('out_of_memory', { data: { engine: ENGINE }, cause });
  return new StudioError('engine_failed', { data: { engine: ENGINE, reason: failure.message }, cause });
}
