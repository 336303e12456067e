/**
 * Keeps the connection to one ComfyUI, for ever: greets it, opens the socket, and when either is lost begins again after
 * a pause that grows. Nothing waits for a server that is away, and it costs one refused connection now and then.
 *
 * A server whose socket cannot be opened (a proxy without WebSocket) counts as there: its prompts are followed by asking
 * alone, and the socket is tried again with every look at its health.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StudioError, toStudioError } from '../../../error.ts';
import type { Timing } from '../run/job-timing.ts';
import type { ComfyClient } from './client.ts';
import { ComfySocket } from './socket.ts';
import type { ComfyMessage } from './socket-messages.ts';

/** `connecting` until the first attempt ends, and while a lost connection is being renewed. */
export type LinkState = 'connecting' | 'ready' | 'unreachable' | 'refused';

export interface LinkOptions {
  client: ComfyClient;
  /** The process's id on the socket. */
  clientId: string;
  timing: Timing;
  now(): number;
  /** Is it there? */
  greet(signal: AbortSignal): Promise<void>;
  /** What does it have? Asked once per connection. */
  introduce(signal: AbortSignal): Promise<void>;
  message(message: ComfyMessage): void;
  changed(state: LinkState): void;
}

export class ServerLink {
  state: LinkState = 'connecting';
  /** Why it is away, and since when. */
  error: StudioError | null = null;
  awaySince: number | null;
  /** Resolves when the first attempt to connect has ended, whichever way. */
  readonly settled: Promise<void>;
  /** The id prompts are posted under, also while the socket is away: it comes back with the same one if it can. */
  postingId: string;
  private socket: ComfySocket | null = null;
  private readonly stop = new AbortController();
  /** Ends the present session, or the present pause. */
  private nudge = new AbortController();
  private attempt = new Attempt();
  private readonly done: Promise<void>;

  constructor(private readonly options: LinkOptions) {
    this.postingId = options.clientId;
    this.awaySince = options.now();
    this.settled = this.attempt.ended;
    this.done = this.keep();
  }

  /** Whose news arrive here; null while there is no socket. */
  get clientId(): string | null {
    return this.socket ? this.postingId : null;
  }

  /** A socket the server has forgotten cannot be told from a quiet one; the next gets a new id. */
  renewSocket(): void {
    this.postingId = randomUUID();
    this.nudge.abort();
  }

  /** Somebody found it away before we did. */
  noticeAway(): void {
    if (this.state !== 'ready') return;
    this.set('connecting');
    this.nudge.abort();
  }

  /** Tries at once instead of after the pause; resolves when that attempt has ended, whichever way. */
  hurry(): Promise<void> {
    if (this.state === 'ready') return Promise.resolve();
    this.nudge.abort();
    return this.attempt.ended;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.done;
    this.settle();
  }

  private async keep(): Promise<void> {
    const { reconnectMs, reconnectMaxMs } = this.options.timing;
    let pauseMs = reconnectMs;
    while (!this.stop.signal.aborted) {
      const wasReady = await this.session().catch((error: unknown) => this.lost(error));
      this.settle();
      pauseMs = wasReady ? reconnectMs : Math.min(pauseMs * 2, reconnectMaxMs);
      await nap(pauseMs * (0.75 + Math.random() / 2), this.freshNudge());
    }
  }

  /** From connecting to losing the connection. True when it was up. */
  private async session(): Promise<boolean> {
    const { greet, introduce } = this.options;
    await greet(this.stop.signal);
    await this.openSocket();
    try {
      await introduce(this.stop.signal);
      this.error = null;
      this.awaySince = null;
      this.set('ready');
      this.settle();
      const signal = this.freshNudge();
      await (this.socket ? Promise.race([this.socket.closed, aborted(signal)]) : this.watchHealth(signal));
      if (!this.stop.signal.aborted) this.set('connecting');
    } finally {
      await this.letGoOfSocket();
    }
    return true;
  }

  private async openSocket(): Promise<void> {
    const { client, timing, message: onMessage } = this.options;
    const { address, server } = client;
    const { signal } = this.stop;
    const options = { address, server, clientId: this.postingId, pingMs: timing.pingMs, onMessage, signal };
    this.socket = await ComfySocket.open(options).catch(() => null);
  }

  /** See `ComfySocket`: an id that may still be in use over there must not be used again. */
  private async letGoOfSocket(): Promise<void> {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    const { clean } = await socket.close();
    if (!clean) this.postingId = randomUUID();
  }

  /** Without a socket only asking tells that it is still there. */
  private async watchHealth(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.socket) {
      await nap(this.options.timing.healthMs, signal);
      if (signal.aborted) return;
      await this.options.greet(signal);
      await this.openSocket();
    }
  }

  private lost(error: unknown): false {
    if (this.stop.signal.aborted) return false;
    this.error = toStudioError(error);
    this.set(this.error.code === 'engine_auth' ? 'refused' : 'unreachable');
    return false;
  }

  private set(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    if (state !== 'ready') this.awaySince ??= this.options.now();
    this.options.changed(state);
  }

  private settle(): void {
    this.attempt.end();
    this.attempt = new Attempt();
  }

  private freshNudge(): AbortSignal {
    this.nudge = new AbortController();
    return AbortSignal.any([this.stop.signal, this.nudge.signal]);
  }
}

class Attempt {
  end: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });
}

const nap = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {});

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
