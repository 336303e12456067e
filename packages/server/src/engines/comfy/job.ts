/**
 * Follows one prompt from the queue to its history entry.
 *
 * Two witnesses: the socket says that something happened, `/history` and `/queue` say what is. Only the second is
 * believed; the first tells when to look. While the socket speaks we look rarely, while it is silent often, and at once
 * when it says "over" or comes back after a break, because what happened meanwhile was told to nobody.
 *
 * A prompt that is in neither place, twice, was lost: the server was restarted, or somebody cleared the queue. The two
 * looks are needed, since a prompt may finish between reading the history and reading the queue.
 */
import { StudioError } from '../../error.ts';
import type { ComfyClient, ComfyQueue } from './client.ts';
import { jobLost, type ServerName, unreachable } from './client-errors.ts';
import { connectionRefused } from './client-http.ts';
import type { HistoryEntry } from './client-shapes.ts';
import { JobProgress } from './job-progress.ts';
import type { Timing } from './job-timing.ts';
import type { ComfyMessage } from './socket-messages.ts';

/** What a job needs of its server. */
export interface JobServer {
  readonly client: ComfyClient;
  /** The socket's present id; events of prompts sent under another one do not arrive. */
  readonly clientId: string | null;
  /** False after the socket kept silent about something that happened, until it speaks again. */
  readonly socketTrusted: boolean;
  listen(promptId: string, listener: JobListener): () => void;
  doubtSocket(): void;
}

export interface JobListener {
  message(message: ComfyMessage): void;
  /** The connection came back. */
  reconnected(): void;
}

export interface JobHooks {
  signal: AbortSignal;
  weights: ReadonlyMap<string, number>;
  /** The socket id the prompt was sent under, perhaps by an earlier process. */
  clientId: string;
  timing: Timing;
  now(): number;
  progress(fraction: number): void;
  preview(bytes: Uint8Array, mediaType: string): void;
}

/**
 * Resolves with the entry, whatever it says; throws `job_lost`, `frame_timeout`, `engine_unreachable` or the abort's
 * reason. `send` posts the prompt and is called once we listen, since a cached prompt is over before the answer is here;
 * without it the prompt is one that was sent earlier.
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
  private readonly progress: JobProgress;
  private delivered = true;
  private over = false;
  private running = false;
  private spoken = false;
  private ahead = Number.POSITIVE_INFINITY;
  private lastSign: number;
  private refusedSince: number | null = null;
  private unreachableBecause: unknown = null;
  private wake: () => void = () => {};
  private woken = false;

  constructor(
    private readonly server: JobServer,
    private readonly promptId: string,
    private readonly hooks: JobHooks,
  ) {
    this.progress = new JobProgress(hooks.weights);
    this.lastSign = hooks.now();
  }

  message(message: ComfyMessage): void {
    this.spoken = true;
    this.sign();
    switch (message.type) {
      case 'start':
        this.running = true;
        break;
      case 'cached':
        this.tell(this.progress.cached(message.nodes));
        break;
      case 'node':
        this.running = true;
        this.tell(this.progress.began(message.node));
        break;
      case 'progress':
        this.running = true;
        this.tell(this.progress.ticked(message.nodes));
        break;
      case 'preview':
        this.hooks.preview(message.bytes, message.mediaType);
        break;
      case 'over':
        this.over = true;
        this.rouse();
    }
  }

  reconnected(): void {
    this.rouse();
  }

  /** A POST that broke on the way may have arrived: we look for the prompt before sending it again. */
  async deliver(send: () => Promise<void>): Promise<void> {
    this.delivered = false;
    for (let sends = 1; ; sends += 1) {
      try {
        await send();
        this.delivered = true;
        this.sign();
        return await this.nap(this.pollMs());
      } catch (error) {
        this.hooks.signal.throwIfAborted();
        if (!mayHaveArrived(error) || sends === MAX_SENDS) throw error;
      }
      this.delivered = (await this.whereabouts()) !== 'nowhere';
      if (this.delivered) return;
    }
  }

  async entry(): Promise<HistoryEntry> {
    for (;;) {
      const seen = await this.whereabouts();
      if (seen === 'nowhere') throw jobLost(this.server.client.server);
      if (typeof seen === 'object') return seen;
      await this.nap(this.pollMs());
    }
  }

  /** "Nowhere" only after two looks; while the server does not answer it looks again until patience ends. */
  private async whereabouts(): Promise<HistoryEntry | 'there' | 'nowhere'> {
    let misses = 0;
    for (;;) {
      const entry = this.over ? await this.entryAfterOver() : null;
      const seen = entry ?? (await this.look());
      if (typeof seen === 'object') return seen;
      this.checkPatience();
      if (seen === 'there') return seen;
      misses = seen === 'nowhere' ? misses + 1 : 0;
      if (misses > 1) return 'nowhere';
      await this.nap(misses > 0 ? this.hooks.timing.secondLookMs : this.hooks.timing.quickPollMs);
    }
  }

  /** The entry is written right after the success is told: it may take a moment to be seen. */
  private async entryAfterOver(): Promise<HistoryEntry | null> {
    this.over = false;
    for (const pauseMs of AFTER_OVER_PAUSES_MS) {
      const entry = await this.history().catch(this.passing);
      if (entry) return entry;
      await this.sleep(pauseMs);
    }
    return null;
  }

  private async look(): Promise<HistoryEntry | 'there' | 'nowhere' | 'unknown'> {
    try {
      const wasSilent = !this.spoken;
      const entry = await this.history();
      if (entry && wasSilent && this.isOurs()) this.server.doubtSocket();
      return entry ?? this.inQueue(await this.server.client.queue(this.hooks.signal));
    } catch (error) {
      this.passing(error);
      return 'unknown';
    }
  }

  private inQueue({ running, pending }: ComfyQueue): 'there' | 'nowhere' {
    this.refusedSince = null;
    this.unreachableBecause = null;
    const place = pending.indexOf(this.promptId);
    if (running.includes(this.promptId)) this.seenRunning();
    else if (place < 0) return 'nowhere';
    else this.seenWaiting(place + running.length);
    return 'there';
  }

  private history(): Promise<HistoryEntry | null> {
    return this.server.client.history(this.promptId, this.hooks.signal);
  }

  /** That it runs is a sign of life once; after that it must show some, if we are the ones it is shown to. */
  private seenRunning(): void {
    if (!this.running) this.sign();
    this.running = true;
    if (!this.isOurs()) this.tell(this.progress.fraction);
  }

  private seenWaiting(ahead: number): void {
    if (ahead < this.ahead) this.sign();
    this.ahead = ahead;
    this.tell(this.progress.fraction);
  }

  /** A connection that fails is not a job that fails: look again until patience ends. */
  private readonly passing = (error: unknown): null => {
    this.hooks.signal.throwIfAborted();
    if (error instanceof StudioError && error.code === 'engine_auth') throw error;
    this.unreachableBecause = error;
    if (connectionRefused(error)) this.refusedSince ??= this.hooks.now();
    else this.refusedSince = null;
    return null;
  };

  private checkPatience(): void {
    const { timing, now } = this.hooks;
    const server = this.server.client.server;
    if (this.refusedSince !== null) {
      // The server's process is gone, and an unconfirmed prompt with it: the frame may go elsewhere at once.
      if (!this.delivered) throw unreachable(server, this.unreachableBecause);
      if (now() - this.refusedSince >= timing.goneMs) throw jobLost(server);
    }
    const silentMs = now() - this.lastSign;
    if (silentMs < this.patienceMs()) return;
    if (this.unreachableBecause) throw unreachable(server, this.unreachableBecause);
    throw timedOut(server, silentMs);
  }

  private patienceMs(): number {
    const { runningMs, waitingMs } = this.hooks.timing;
    return (this.running && this.isOurs()) || this.unreachableBecause ? runningMs : waitingMs;
  }

  private pollMs(): number {
    const { timing, now } = this.hooks;
    const left = Math.max(1, this.lastSign + this.patienceMs() - now());
    const speaks = this.isOurs() && (this.spoken || !this.running);
    return Math.min(left, speaks ? timing.pollMs : timing.quickPollMs);
  }

  /** Whether its events come to us, as far as we know. */
  private isOurs(): boolean {
    const { clientId, socketTrusted } = this.server;
    return socketTrusted && this.hooks.clientId === clientId;
  }

  private tell(fraction: number): void {
    this.hooks.progress(fraction);
  }

  private sign(): void {
    this.lastSign = this.hooks.now();
  }

  private rouse(): void {
    this.woken = true;
    this.wake();
  }

  /** Until the time is over or there is a reason to look. */
  private async nap(ms: number): Promise<void> {
    if (!this.woken) await this.sleep(ms);
    this.woken = false;
    this.hooks.signal.throwIfAborted();
  }

  private sleep(ms: number): Promise<void> {
    const { signal } = this.hooks;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      this.wake = done;
    });
  }
}

/** Nobody listening means that nothing was sent. A broken connection or a 5xx may come after the prompt was taken. */
const mayHaveArrived = (error: unknown): boolean =>
  error instanceof StudioError &&
  (error.code === 'engine_unreachable' || error.code === 'engine_failed') &&
  !connectionRefused(error);

const timedOut = (server: ServerName, silentMs: number): StudioError =>
  new StudioError('frame_timeout', { data: { engine: server.name, seconds: Math.round(silentMs / 1000) } });
