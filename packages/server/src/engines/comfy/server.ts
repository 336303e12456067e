/**
 * One ComfyUI server as the engine knows it: the way to it, what it has, how busy it is.
 *
 * It connects in the background and again for ever, so nothing waits for a server that is away: health, then the
 * socket, then what it has (once per connection, several megabytes). A server whose socket cannot be opened (a proxy
 * without WebSocket) still works; its prompts are then followed by asking alone.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StudioError, toStudioError } from '../../error.ts';
import { ComfyClient, type ComfyStats } from './client.ts';
import type { ComfyServerConfig } from './client-address.ts';
import type { JobListener, JobServer } from './job.ts';
import { cancelPrompt } from './job-cancel.ts';
import type { Timing } from './job-timing.ts';
import { compactObjectInfo, type ServerInfo } from './server-info.ts';
import { ServerUploads } from './server-uploads.ts';
import { ComfySocket } from './socket.ts';
import type { ComfyMessage } from './socket-messages.ts';

/** `connecting` until the first attempt ends and whenever a lost connection is being renewed. */
export type LinkState = 'connecting' | 'ready' | 'unreachable' | 'refused';

export interface ComfyLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ServerOptions {
  /** The process's socket id. */
  clientId: string;
  timing: Timing;
  log: ComfyLog;
  now(): number;
  /** Something about it changed that others may wait for. */
  onChange(): void;
}

/** For requests on their way when it closes, such as a cancellation. */
const LAST_WORDS_MS = 1_000;

export class ComfyServer implements JobServer {
  readonly client: ComfyClient;
  readonly uploads: ServerUploads;
  link: LinkState = 'connecting';
  /** The last known, also while it is away. */
  info: ServerInfo | null = null;
  stats: ComfyStats | null = null;
  maxUploadBytes: number | null = null;
  /** Prompts in it, anybody's. */
  remaining = 0;
  /** Why it is away. */
  error: StudioError | null = null;
  awaySince: number | null;
  socketTrusted = true;
  /** Resolves when the first attempt to connect has ended, whichever way. */
  readonly settled: Promise<void>;

  private readonly stop = new AbortController();
  private readonly listeners = new Map<string, JobListener>();
  /** Prompts nobody wants any more that could not be cancelled because the server was away. */
  private readonly abandoned = new Set<string>();
  private readonly background = new Set<Promise<void>>();
  private socket: ComfySocket | null = null;
  private socketId: string;
  private current: string | null = null;
  private reading: Promise<void> | null = null;
  private hurry = new AbortController();
  private settle: () => void = () => {};
  private readonly done: Promise<void>;

  constructor(
    readonly config: ComfyServerConfig,
    private readonly options: ServerOptions,
  ) {
    this.client = new ComfyClient(config);
    this.uploads = new ServerUploads(this.client);
    this.socketId = options.clientId;
    this.awaySince = options.now();
    this.settled = new Promise((resolve) => {
      this.settle = resolve;
    });
    this.done = config.mode === 'disabled' ? this.stayAway() : this.keepConnected();
  }

  get clientId(): string | null {
    return this.socket ? this.socketId : null;
  }

  /** The id to post under, even while the socket is away: it comes back with the same one if it can. */
  get postingId(): string {
    return this.socketId;
  }

  listen(promptId: string, listener: JobListener): () => void {
    this.listeners.set(promptId, listener);
    return () => this.listeners.delete(promptId);
  }

  /** A socket that is forgotten by the server cannot be told from a quiet one; the next gets a new id. */
  doubtSocket(): void {
    this.socketTrusted = false;
    this.socketId = randomUUID();
    void this.socket?.close();
  }

  /** Somebody found it away before we did. */
  noticeAway(): void {
    if (this.link !== 'ready') return;
    this.setLink('connecting');
    void this.socket?.close();
  }

  /** Connects at once instead of after the pause, or reads anew what the server has. */
  async refresh(): Promise<void> {
    if (this.link !== 'ready') return this.hurry.abort();
    this.reading ??= this.readInfo().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** Stops a prompt that is no longer wanted, now or when the server is back. */
  abandon(promptId: string): void {
    const attempt = cancelPrompt(this.client, promptId, this.stats?.version ?? null).catch(() => {
      this.abandoned.add(promptId);
    });
    this.inBackground(attempt);
  }

  inBackground(work: Promise<void>): void {
    this.background.add(work);
    void work.finally(() => this.background.delete(work));
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.hurry.abort();
    await this.done;
    await Promise.race([Promise.allSettled(this.background), sleep(LAST_WORDS_MS)]);
    await this.client.close();
  }

  private async stayAway(): Promise<void> {
    this.link = 'unreachable';
    this.settle();
  }

  private async keepConnected(): Promise<void> {
    const { reconnectMs, reconnectMaxMs } = this.options.timing;
    let pauseMs = reconnectMs;
    while (!this.stop.signal.aborted) {
      const wasReady = await this.session().catch((error: unknown) => this.lost(error));
      this.settle();
      pauseMs = wasReady ? reconnectMs : Math.min(pauseMs * 2, reconnectMaxMs);
      await this.pause(pauseMs);
    }
  }

  /** From connecting to losing the connection. True when it was up. */
  private async session(): Promise<boolean> {
    const { signal } = this.stop;
    this.stats = await this.client.systemStats(signal);
    await this.openSocket();
    try {
      this.maxUploadBytes = await this.client.maxUploadBytes(signal);
      await this.readInfo();
      this.up();
      await (this.socket ? this.socket.closed : this.watchHealth());
      if (!signal.aborted) this.setLink('connecting');
    } finally {
      await this.letGoOfSocket();
    }
    return true;
  }

  private async openSocket(): Promise<void> {
    const { pingMs } = this.options.timing;
    const { address, server } = this.client;
    const onMessage = (message: ComfyMessage) => this.hear(message);
    const options = { address, server, clientId: this.socketId, pingMs, onMessage, signal: this.stop.signal };
    this.socket = await ComfySocket.open(options).catch(() => null);
  }

  private async letGoOfSocket(): Promise<void> {
    const { socket } = this;
    this.socket = null;
    this.current = null;
    if (!socket) return;
    const { clean } = await socket.close();
    if (!clean) this.socketId = randomUUID();
  }

  private up(): void {
    const { log } = this.options;
    log.info(
      { engine: this.config.name, url: this.client.server.url, version: this.stats?.version },
      'ComfyUI is here',
    );
    this.error = null;
    this.awaySince = null;
    this.uploads.forget();
    this.setLink('ready');
    this.settle();
    for (const listener of this.listeners.values()) listener.reconnected();
    const abandoned = [...this.abandoned];
    this.abandoned.clear();
    for (const promptId of abandoned) this.abandon(promptId);
  }

  private lost(error: unknown): false {
    if (this.stop.signal.aborted) return false;
    const known = toStudioError(error);
    const link: LinkState = known.code === 'engine_auth' ? 'refused' : 'unreachable';
    if (this.link !== link) {
      const fields = { engine: this.config.name, url: this.client.server.url };
      this.options.log.info(fields, `${known.message} Looking again in the background.`);
    }
    this.error = known;
    this.awaySince ??= this.options.now();
    this.setLink(link);
    return false;
  }

  /** Without a socket only asking tells that it is still there; until a socket can be had after all. */
  private async watchHealth(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted && !this.socket) {
      await sleep(this.options.timing.healthMs, undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
      this.stats = await this.client.systemStats(signal);
      await this.openSocket();
    }
  }

  private async readInfo(): Promise<void> {
    this.info = compactObjectInfo(await this.client.objectInfo(this.stop.signal));
    this.options.onChange();
  }

  private hear(message: ComfyMessage): void {
    if (message.type === 'status') {
      this.remaining = message.remaining;
      return;
    }
    const prompt = message.prompt ?? this.current;
    const listener = prompt === null ? undefined : this.listeners.get(prompt);
    if (!listener) return;
    this.socketTrusted = true;
    this.current = message.type === 'over' ? null : prompt;
    listener.message(message);
  }

  private setLink(link: LinkState): void {
    if (this.link === link) return;
    this.link = link;
    if (link === 'connecting') this.awaySince ??= this.options.now();
    this.options.onChange();
  }

  private async pause(ms: number): Promise<void> {
    this.hurry = new AbortController();
    const signal = AbortSignal.any([this.stop.signal, this.hurry.signal]);
    await sleep(ms * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }
}
