/**
 * Keeps the connection to one ComfyUI: probes it, opens the socket, and after losing either starts again with growing
 * pauses. Nothing waits for an unreachable server.
 *
 * A server whose socket cannot be opened (a proxy without WebSocket) is still ready: its prompts are followed by
 * polling, and the socket is tried again after every probe.
 *
 * A server that keeps the connection but does not answer is not responding. The session is kept, because a machine that
 * loads a model may stall for seconds; the server gets no new prompts until it answers again.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioError } from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import type { Timing } from '../run/job-timing.ts';
import type { ComfyClient } from './client.ts';
import { notResponding } from './client-errors.ts';
import { ComfySocket } from './socket.ts';
import type { ComfyMessage } from './socket-messages.ts';

/** `connecting` until the first attempt ends, and while a lost connection is being renewed. */
export type LinkState = 'connecting' | 'ready' | 'not_responding' | 'unreachable' | 'refused';

export interface LinkOptions {
  client: ComfyClient;
  /** The process's id on the socket. */
  clientId: string;
  timing: Timing;
  now(): number;
  /** Checks that the server answers. */
  probe(signal: AbortSignal): Promise<void>;
  /** Reads what the server has, once per connection. */
  readCapabilities(signal: AbortSignal): Promise<void>;
  message(message: ComfyMessage): void;
  changed(state: LinkState): void;
}

export class ServerLink {
  readonly #options: LinkOptions;
  state: LinkState = 'connecting';
  /** Why and since when it is unreachable. */
  error: StudioError | null = null;
  awaySince: number | null;
  /** Resolves when the first attempt to connect has succeeded or failed. */
  readonly settled: Promise<void>;
  /** The id prompts are posted under, also while the socket is closed: it reconnects with the same one if possible. */
  postingId: string;
  #socket: ComfySocket | null = null;
  readonly #stop = new AbortController();
  /** Ends the current session, or the current pause. */
  #wakeUp = new AbortController();
  #attempt = new Attempt();
  /** The server was connected once and its information was read. */
  #isEstablished = false;
  readonly #done: Promise<void>;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.postingId = options.clientId;
    this.awaySince = options.now();
    this.settled = this.#attempt.ended;
    this.#done = this.#keep();
  }

  /** The client id of the open socket; null while there is none. */
  get clientId(): string | null {
    return this.#socket ? this.postingId : null;
  }

  /** A socket that the server has forgotten looks like a quiet one, so the next one gets a new id. */
  renewSocket(): void {
    this.postingId = randomUUID();
    this.#wakeUp.abort();
  }

  /** A request found the server unreachable. */
  noticeAway(): void {
    if (this.state !== 'ready') return;
    this.#set('connecting');
    this.#wakeUp.abort();
  }

  /** Tries at once instead of after the pause; resolves when that attempt has succeeded or failed. */
  connectNow(): Promise<void> {
    if (this.#isEstablished) return Promise.resolve();
    this.#wakeUp.abort();
    return this.#attempt.ended;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    this.#settle();
  }

  async #keep(): Promise<void> {
    const { reconnectMs, reconnectMaxMs } = this.#options.timing;
    let pauseMs = reconnectMs;
    while (!this.#stop.signal.aborted) {
      const wasReady = await this.#session().catch((error: unknown) => this.#lost(error));
      this.#settle();
      pauseMs = wasReady ? reconnectMs : Math.min(pauseMs * 2, reconnectMaxMs);
      await nap(pauseMs * (0.75 + Math.random() / 2), this.#newWakeUp());
    }
  }

  /** From connecting to losing the connection. True when it was up. */
  async #session(): Promise<boolean> {
    const { probe, readCapabilities } = this.#options;
    await probe(this.#stop.signal);
    await this.#openSocket();
    try {
      await readCapabilities(this.#stop.signal);
      this.#isEstablished = true;
      this.#ready();
      this.#settle();
      const signal = this.#newWakeUp();
      await (this.#socket ? Promise.race([this.#socket.closed, aborted(signal)]) : this.#watchHealth(signal));
      if (!this.#stop.signal.aborted && this.state === 'ready') this.#set('connecting');
    } finally {
      this.#isEstablished = false;
      await this.#closeSocket();
    }
    return true;
  }

  async #openSocket(): Promise<void> {
    const { client, timing, message: onMessage } = this.#options;
    const { address, server } = client;
    const { handshakeMs, pingMs, silentMs, deadMs } = timing;
    this.#socket = await ComfySocket.open({
      address,
      server,
      clientId: this.postingId,
      handshakeMs,
      pingMs,
      silentMs,
      deadMs,
      onMessage,
      onSilent: (isSilent) => this.#silent(isSilent),
      signal: this.#stop.signal,
    }).catch(() => null);
  }

  /** See `ComfySocket`: an id that the server may still use must not be used again. */
  async #closeSocket(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    const { clean } = await socket.close();
    if (!clean) this.postingId = randomUUID();
  }

  /** Without a socket only probes show whether the server answers. */
  async #watchHealth(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#socket) {
      await nap(this.#options.timing.healthMs, signal);
      if (signal.aborted) return;
      await this.#options.probe(signal);
      await this.#openSocket();
    }
  }

  #lost(error: unknown): false {
    if (this.#stop.signal.aborted) return false;
    this.error = toStudioError(error);
    this.#set(STATE_AFTER[this.error.code] ?? 'unreachable');
    return false;
  }

  #silent(isSilent: boolean): void {
    if (this.#stop.signal.aborted) return;
    if (isSilent) {
      this.error = notResponding(this.#options.client.server);
      this.#set('not_responding');
    } else if (this.#isEstablished) this.#ready();
  }

  #ready(): void {
    this.error = null;
    this.awaySince = null;
    this.#set('ready');
  }

  #set(state: LinkState): void {
    if (this.state === state) return;
    this.state = state;
    if (state !== 'ready') this.awaySince ??= this.#options.now();
    this.#options.changed(state);
  }

  #settle(): void {
    this.#attempt.end();
    this.#attempt = new Attempt();
  }

  #newWakeUp(): AbortSignal {
    this.#wakeUp = new AbortController();
    return AbortSignal.any([this.#stop.signal, this.#wakeUp.signal]);
  }
}

const STATE_AFTER: Partial<Record<StudioError['code'], LinkState>> = {
  engine_auth: 'refused',
  engine_not_responding: 'not_responding',
};

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
