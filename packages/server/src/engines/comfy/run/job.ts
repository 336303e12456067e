/**
 * Follows one prompt from the queue to its history entry.
 *
 * Two sources: the socket reports events, `/history` and `/queue` report the state. Only the state decides; events decide
 * when to poll. While events arrive we poll rarely, without them often, and at once when the prompt is over, when the queue
 * before it moves, or when the socket is connected again, because events of the meantime are lost.
 *
 * A prompt that two polls find in neither was lost: the server was restarted, or the queue was cleared. Two polls are
 * needed, because a prompt may finish between reading the history and reading the queue.
 */
import { StudioError } from '@limner/contract';
import type { ComfyClient, ComfyQueue } from '../link/client.ts';
import { jobLost } from '../link/client-errors.ts';
import { connectionRefused } from '../link/client-http.ts';
import type { HistoryEntry } from '../link/client-shapes.ts';
import type { ComfyMessage, NodeProgress } from '../link/socket-messages.ts';
import { JobPause } from './job-pause.ts';
import { JobProgress } from './job-progress.ts';
import { JobTimeout } from './job-timeout.ts';
import type { Timing } from './job-timing.ts';

/** What a job needs of its server. */
export interface JobServer {
  readonly client: ComfyClient;
  /** The socket's current id; events of prompts sent with another id do not arrive. */
  readonly clientId: string | null;
  /** False after the socket missed an event, until its next message. */
  readonly socketTrusted: boolean;
  listen(promptId: string, listener: JobListener): () => void;
  reopenSocket(): void;
}

export interface JobListener {
  message(message: ComfyMessage): void;
  /** The connection was restored. */
  reconnected(): void;
  /** The server has more prompts than before, or fewer. */
  queueMoved(): void;
}

export interface JobHooks {
  signal: AbortSignal;
  weights: ReadonlyMap<string, number>;
  /** The socket id the prompt was sent under, perhaps by an earlier process. */
  clientId: string;
  timing: Timing;
  now(): number;
  progress(fraction: number): void;
  /** What nodes report of themselves. */
  ticked?(nodes: Readonly<Record<string, NodeProgress>>): void;
  /** How many prompts the server does before this one; null: it runs, or it is the next. */
  waits(behind: number | null): void;
  preview(bytes: Uint8Array, mediaType: string): void;
}

/**
 * Resolves with the entry, successful or not; throws `job_lost`, `frame_timeout`, `engine_unreachable` or the abort's
 * reason. `send` posts the prompt and is called after subscribing, because a cached prompt ends before the answer
 * arrives. Without it the prompt was sent earlier.
 */
export async function followJob(
  server: JobServer,
  promptId: string,
  hooks: JobHooks,
  send?: () => Promise<void>,
): Promise<HistoryEntry> {
  const job = new Job(server, promptId, hooks);
  const unlisten = server.listen(promptId, job);
  try {
    if (send) await job.deliver(send);
    return await job.entry();
  } finally {
    unlisten();
  }
}

const AFTER_OVER_PAUSES_MS = [20, 50, 100, 200, 400, 800];
const MAX_SENDS = 3;

class Job implements JobListener {
  readonly #server: JobServer;
  readonly #promptId: string;
  readonly #hooks: JobHooks;
  readonly #progress: JobProgress;
  readonly #timeout: JobTimeout;
  readonly #pause: JobPause;
  #delivered = true;
  #over = false;
  #running = false;
  /** It was seen in the queue behind others. */
  #waits = false;
  /** An event of its own has arrived. */
  #heard = false;

  constructor(server: JobServer, promptId: string, hooks: JobHooks) {
    this.#server = server;
    this.#promptId = promptId;
    this.#hooks = hooks;
    this.#progress = new JobProgress(hooks.weights);
    this.#timeout = new JobTimeout(server.client.server, hooks.timing, hooks.now);
    this.#pause = new JobPause(hooks.signal);
  }

  message(message: ComfyMessage): void {
    this.#heard = true;
    this.#running = true;
    this.#waitsBehind(null);
    this.#timeout.sign();
    if (message.type === 'preview') this.#hooks.preview(message.bytes, message.mediaType);
    else this.#hooks.progress(this.#advance(message));
    if (message.type === 'progress') this.#hooks.ticked?.(message.nodes);
    if (message.type !== 'over') return;
    this.#over = true;
    this.#pause.wake();
  }

  #advance(message: ComfyMessage): number {
    if (message.type === 'cached') return this.#progress.cached(message.nodes);
    if (message.type === 'node') return this.#progress.began(message.node);
    if (message.type === 'progress') return this.#progress.ticked(message.nodes);
    return this.#progress.fraction;
  }

  reconnected(): void {
    this.#pause.wake();
  }

  queueMoved(): void {
    if (this.#waits) this.#pause.wake();
  }

  /** A POST whose connection broke may have arrived, so the prompt is searched for before it is sent again. */
  async deliver(send: () => Promise<void>): Promise<void> {
    this.#delivered = false;
    for (let sends = 1; ; sends += 1) {
      try {
        await send();
        this.#delivered = true;
        this.#timeout.sign();
        return await this.#begins();
      } catch (error) {
        this.#hooks.signal.throwIfAborted();
        if (!mayHaveArrived(error) || sends === MAX_SENDS) throw error;
      }
      this.#delivered = (await this.#locate()) !== 'nowhere';
      if (this.#delivered) return;
    }
  }

  /** A prompt that sends no event at first waits behind others, so its place is looked up soon. */
  async #begins(): Promise<void> {
    await this.#pause.wait(Math.min(this.#hooks.timing.quickPollMs, this.#pollMs()));
    if (this.#watched && !this.#over) await this.#pause.wait(this.#pollMs());
  }

  async entry(): Promise<HistoryEntry> {
    for (;;) {
      const seen = await this.#locate();
      if (seen === 'nowhere') throw jobLost(this.#server.client.server);
      if (typeof seen === 'object') return seen;
      await this.#pause.wait(this.#pollMs());
    }
  }

  /** A prompt is lost only after two polls; while the server does not answer, polling continues until the time-out. */
  async #locate(): Promise<HistoryEntry | 'there' | 'nowhere'> {
    const { secondPollMs, quickPollMs } = this.#hooks.timing;
    let misses = 0;
    for (;;) {
      const seen = (await this.#entryAfterOver()) ?? (await this.#poll());
      if (typeof seen === 'object') return seen;
      this.#timeout.check({ watched: this.#watched, delivered: this.#delivered });
      if (seen === 'there') return seen;
      misses = seen === 'nowhere' ? misses + 1 : 0;
      if (misses > 1) return 'nowhere';
      await this.#pause.wait(misses > 0 ? secondPollMs : quickPollMs);
    }
  }

  /** The entry is written right after the success event, so the first read may miss it. */
  async #entryAfterOver(): Promise<HistoryEntry | null> {
    const pauses = this.#over ? AFTER_OVER_PAUSES_MS : [];
    this.#over = false;
    for (const pauseMs of pauses) {
      const entry = await this.#history().catch((error: unknown) => this.#failedToAnswer(error));
      if (entry) return entry;
      await this.#pause.pause(pauseMs);
    }
    return null;
  }

  async #poll(): Promise<HistoryEntry | 'there' | 'nowhere' | 'unknown'> {
    try {
      const wasSilent = !this.#heard;
      const entry = await this.#history();
      if (entry && wasSilent && this.#isOurs) this.#server.reopenSocket();
      return entry ?? this.#inQueue(await this.#server.client.queue(this.#hooks.signal));
    } catch (error) {
      this.#failedToAnswer(error);
      return 'unknown';
    }
  }

  #history(): Promise<HistoryEntry | null> {
    return this.#server.client.history(this.#promptId, this.#hooks.signal);
  }

  #inQueue({ running, pending }: ComfyQueue): 'there' | 'nowhere' {
    this.#timeout.answered();
    const slot = pending.indexOf(this.#promptId);
    if (running.includes(this.#promptId)) this.#seenRunning();
    else if (slot < 0) return 'nowhere';
    else this.#seenWaiting(slot + running.length);
    // Reports the progress again; without events the worker would end the try for silence.
    if (!this.#watched) this.#hooks.progress(this.#progress.fraction);
    return 'there';
  }

  #seenWaiting(prompts: number): void {
    this.#timeout.waitingBehind(prompts);
    this.#waitsBehind(prompts === 0 ? null : prompts);
  }

  #waitsBehind(prompts: number | null): void {
    this.#waits = prompts !== null;
    this.#hooks.waits(prompts);
  }

  /** Its start is a sign of life once; after that it must send events, if they reach this process. */
  #seenRunning(): void {
    if (!this.#running) this.#timeout.sign();
    this.#running = true;
    this.#waitsBehind(null);
  }

  #failedToAnswer(error: unknown): null {
    this.#hooks.signal.throwIfAborted();
    if (error instanceof StudioError && error.code === 'engine_auth') throw error;
    this.#timeout.failedToAnswer(error);
    return null;
  }

  get #watched(): boolean {
    return this.#running && this.#isOurs;
  }

  /** True if its events should reach this process. */
  get #isOurs(): boolean {
    const { clientId, socketTrusted } = this.#server;
    return socketTrusted && this.#hooks.clientId === clientId;
  }

  #pollMs(): number {
    const { pollMs, quickPollMs } = this.#hooks.timing;
    const speaks = this.#isOurs && (this.#heard || !this.#running);
    return Math.min(Math.max(1, this.#timeout.leftMs(this.#watched)), speaks ? pollMs : quickPollMs);
  }
}

const MAY_HAVE_ARRIVED: ReadonlySet<string> = new Set([
  'engine_unreachable',
  'engine_not_responding',
  'engine_failed',
]);

/** A closed port means that nothing was sent. A broken connection or a 5xx may come after the prompt was taken. */
const mayHaveArrived = (error: unknown): boolean =>
  error instanceof StudioError && MAY_HAVE_ARRIVED.has(error.code) && !connectionRefused(error);
