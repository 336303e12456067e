/**
 * The time-out of a prompt. It counts from the prompt's last sign of life: one of its events, its start, or a move up in
 * the queue. A waiting prompt has a longer time-out than a running one, because long prompts of others may run before it.
 * A prompt whose events go to another client id has the longer time-out too.
 */
import { StudioError } from '@limner/contract';
import { jobLost, type ServerName, unreachable } from '../link/client-errors.ts';
import { connectionRefused } from '../link/client-http.ts';
import type { Timing } from './job-timing.ts';

export class JobTimeout {
  readonly #server: ServerName;
  readonly #timing: Timing;
  readonly #now: () => number;
  #lastSign: number;
  #ahead = Number.POSITIVE_INFINITY;
  #refusedSince: number | null = null;
  #because: unknown = null;

  constructor(server: ServerName, timing: Timing, now: () => number) {
    this.#server = server;
    this.#timing = timing;
    this.#now = now;
    this.#lastSign = now();
  }

  sign(): void {
    this.#lastSign = this.#now();
  }

  /** `ahead`: the number of prompts before it. */
  waitingBehind(ahead: number): void {
    if (ahead < this.#ahead) this.sign();
    this.#ahead = ahead;
  }

  answered(): void {
    this.#refusedSince = null;
    this.#because = null;
  }

  /** A failed connection is not a failed prompt. */
  failedToAnswer(error: unknown): void {
    this.#because = error;
    if (connectionRefused(error)) this.#refusedSince ??= this.#now();
    else this.#refusedSince = null;
  }

  /** `watched`: it runs and its events reach this process. */
  leftMs(watched: boolean): number {
    const { runningMs, waitingMs } = this.#timing;
    const allowedMs = watched || this.#because ? runningMs : waitingMs;
    return allowedMs - (this.#now() - this.#lastSign);
  }

  /** Throws after the time-out. `delivered`: the server has confirmed that it took the prompt. */
  check({ watched, delivered }: { watched: boolean; delivered: boolean }): void {
    if (this.#refusedSince !== null) {
      // The port is closed, so the queue is lost, and an unconfirmed prompt can go to another server at once.
      if (!delivered) throw unreachable(this.#server, this.#because);
      if (this.#now() - this.#refusedSince >= this.#timing.goneMs) throw jobLost(this.#server);
    }
    if (this.leftMs(watched) > 0) return;
    if (this.#because)
      throw isNotResponding(this.#because) ? this.#because : unreachable(this.#server, this.#because);
    const seconds = Math.round((this.#now() - this.#lastSign) / 1000);
    throw new StudioError('frame_timeout', { data: { engine: this.#server.name, seconds } });
  }
}

const isNotResponding = (error: unknown): boolean =>
  error instanceof StudioError && error.code === 'engine_not_responding';
