/** One ComfyUI server as the engine knows it: its connection, what it has, its load, and the routing of its events. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioError } from '@limner/contract';
import { ComfyClient, type ComfyStats } from '../link/client.ts';
import type { ComfyServerConfig } from '../link/client-address.ts';
import { type LinkState, ServerLink } from '../link/server-link.ts';
import type { ComfyMessage } from '../link/socket-messages.ts';
import { NodePacks } from '../models/node-packs.ts';
import type { JobListener, JobServer } from '../run/job.ts';
import { cancelPrompt } from '../run/job-cancel.ts';
import type { Timing } from '../run/job-timing.ts';
import { compactObjectInfo, modelsOf, type ServerInfo, withoutFiles } from '../server-info.ts';
import type { LoraFolder } from './lora-folder.ts';
import { ModelArchitectures } from './model-architectures.ts';
import { ServerLoras } from './server-loras.ts';
import { ServerUploads } from './server-uploads.ts';

export interface ComfyLog {
  info(fields: object, message: string): void;
}

export interface ServerOptions {
  /** The process's id on the sockets. */
  clientId: string;
  timing: Timing;
  log: ComfyLog;
  now(): number;
  /** That servers may share with this machine. */
  loraFolder?: LoraFolder | undefined;
  /** It connected, disconnected or changed; others may wait for that. */
  onChange(): void;
}

/** Time for running requests, such as a cancellation, when it closes. */
const CLOSE_GRACE_MS = 1_000;

export class ComfyServer implements JobServer {
  config: ComfyServerConfig;
  readonly #options: ServerOptions;
  readonly client: ComfyClient;
  readonly uploads: ServerUploads;
  readonly loras: ServerLoras;
  readonly #architectures: ModelArchitectures;
  readonly packs: NodePacks;
  /** The last known, also while it is unreachable; without files that are not complete. */
  info: ServerInfo | null = null;
  /** As it was read. */
  #everything: ServerInfo | null = null;
  #incomplete: ReadonlySet<string> = new Set();
  stats: ComfyStats | null = null;
  /** Number of all its prompts. */
  remaining = 0;
  socketTrusted = true;
  /** Null for a disabled server. */
  readonly #connection: ServerLink | null;
  readonly #listeners = new Map<string, JobListener>();
  /** Prompts to cancel when the server is reachable again. */
  readonly #abandoned = new Set<string>();
  readonly #background = new Set<Promise<void>>();
  /** The prompt of the last event, because older previews name none. */
  #current: string | null = null;
  #reading: Promise<void> | null = null;
  #readAt = 0;
  #readingStats: Promise<void> | null = null;

  constructor(config: ComfyServerConfig, options: ServerOptions) {
    this.config = config;
    this.#options = options;
    this.client = new ComfyClient(config);
    this.uploads = new ServerUploads(this.client);
    this.loras = new ServerLoras(this.client, () => this.uploads.limitBytes, options.loraFolder ?? null);
    this.#architectures = new ModelArchitectures(this.client);
    this.packs = new NodePacks(this.client);
    this.#connection = config.mode === 'disabled' ? null : this.#connect();
  }

  get link(): LinkState {
    return this.#connection?.state ?? 'unreachable';
  }

  get error(): StudioError | null {
    return this.#connection?.error ?? null;
  }

  get awaySince(): number | null {
    return this.#connection ? this.#connection.awaySince : 0;
  }

  /** Resolves when the first attempt to connect has succeeded or failed. */
  get settled(): Promise<void> {
    return this.#connection?.settled ?? Promise.resolve();
  }

  get clientId(): string | null {
    return this.#connection?.clientId ?? null;
  }

  get postingId(): string {
    return this.#connection?.postingId ?? this.#options.clientId;
  }

  listen(promptId: string, listener: JobListener): () => void {
    this.#listeners.set(promptId, listener);
    return () => this.#listeners.delete(promptId);
  }

  reopenSocket(): void {
    this.socketTrusted = false;
    this.#connection?.renewSocket();
  }

  /** Changes name or mode, with the same connection. */
  rename(config: ComfyServerConfig): void {
    this.config = config;
    this.client.server.name = config.name;
  }

  noticeAway(): void {
    this.#connection?.noticeAway();
  }

  /** Reads again what the server has; reconnects at once if it is unreachable. */
  async refresh(): Promise<void> {
    if (this.link !== 'ready') return this.#connection?.connectNow();
    this.#reading ??= this.#readInfo().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
    this.#options.onChange();
  }

  /** Never throws: unreadable information is kept as before. */
  refreshStats(): Promise<void> {
    this.#readingStats ??= this.client
      .systemStats()
      .then((stats) => {
        this.stats = stats;
      })
      .catch(() => {})
      .finally(() => {
        this.#readingStats = null;
      });
    return this.#readingStats;
  }

  /** Reads in the background, because files may be added to a running server. */
  refreshIfOlder(ageMs: number): void {
    if (this.link === 'ready' && this.#options.now() - this.#readAt >= ageMs)
      this.inBackground(this.refresh().catch(() => {}));
  }

  /** Only ready servers are chosen, and those have sent their node list. */
  get knownInfo(): ServerInfo {
    if (!this.info) throw new Error(`${this.config.name} was chosen before its node list was read`);
    return this.info;
  }

  /** Stops a prompt that is no longer wanted, now or when the server is back. */
  abandon(promptId: string): void {
    const attempt = cancelPrompt(this.client, promptId, this.stats?.version ?? null).catch(() => {
      this.#abandoned.add(promptId);
    });
    this.inBackground(attempt);
  }

  inBackground(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    await Promise.race([Promise.allSettled(this.#background), sleep(CLOSE_GRACE_MS)]);
    await this.client.close();
  }

  #connect(): ServerLink {
    const { clientId, timing, now } = this.#options;
    return new ServerLink({
      client: this.client,
      clientId,
      timing,
      now,
      probe: async (signal) => {
        this.stats = await this.client.systemStats(signal, timing.probeMs);
      },
      readCapabilities: async (signal) => {
        this.uploads.forget();
        this.packs.forget();
        this.loras.forget();
        this.uploads.limitBytes = await this.client.maxUploadBytes(signal);
        await this.client.findJobsApi(signal);
        await this.#readInfo(signal);
      },
      message: (message) => this.#dispatch(message),
      changed: (state) => this.#changed(state),
    });
  }

  async #readInfo(signal?: AbortSignal): Promise<void> {
    const info = compactObjectInfo(await this.client.objectInfo(signal));
    this.#readAt = this.#options.now();
    this.#setInfo(info);
    this.inBackground(this.#readArchitectures(info));
  }

  /** Files that are being downloaded, by base name: the server lists them, but cannot load them yet. */
  setIncomplete(names: ReadonlySet<string>): void {
    const isSame =
      names.size === this.#incomplete.size && [...names].every((name) => this.#incomplete.has(name));
    if (isSame) return;
    this.#incomplete = names;
    if (!this.#everything) return;
    this.#setInfo(this.#everything);
    this.#options.onChange();
  }

  #setInfo(info: ServerInfo): void {
    const version = this.stats?.version;
    const known = { architectures: this.#architectures.known, packs: this.packs.known };
    this.#everything = { ...info, ...known, ...(version ? { version } : {}) };
    this.info = withoutFiles(this.#everything, this.#incomplete);
  }

  async #readArchitectures(info: ServerInfo): Promise<void> {
    const isMore = await this.#architectures.read(modelsOf(info, 'checkpoints')).catch(() => false);
    if (!isMore || !this.#everything) return;
    this.#setInfo(this.#everything);
    this.#options.onChange();
  }

  /** Asks for the packs of node classes that it lacks. Never throws: without an answer they stay unknown. */
  async findPacks(classes: readonly string[]): Promise<void> {
    const isMore = this.link === 'ready' && (await this.packs.read(classes).catch(() => false));
    if (!isMore || !this.#everything) return;
    this.#setInfo(this.#everything);
    this.#options.onChange();
  }

  #changed(state: LinkState): void {
    const { log, onChange } = this.#options;
    const fields = { engine: this.config.name, url: this.client.server.url };
    this.#current = null;
    // A hanging server still has its queue.
    if (state !== 'ready' && state !== 'not_responding') this.remaining = 0;
    if (state === 'ready') {
      log.info({ ...fields, version: this.stats?.version }, 'ComfyUI is here');
      for (const listener of this.#listeners.values()) listener.reconnected();
      this.#cancelAbandoned();
    } else if (this.error && state !== 'connecting') {
      log.info(fields, `${this.error.message} Looking again in the background.`);
    }
    onChange();
  }

  #cancelAbandoned(): void {
    const prompts = [...this.#abandoned];
    this.#abandoned.clear();
    for (const promptId of prompts) this.abandon(promptId);
  }

  #dispatch(message: ComfyMessage): void {
    if (message.type === 'status') {
      const hasMoved = message.remaining !== this.remaining;
      this.remaining = message.remaining;
      if (hasMoved) for (const each of this.#listeners.values()) each.queueMoved();
      return;
    }
    const prompt = message.prompt ?? this.#current;
    const listener = prompt === null ? undefined : this.#listeners.get(prompt);
    if (!listener) return;
    this.socketTrusted = true;
    this.#current = message.type === 'over' ? null : prompt;
    listener.message(message);
  }
}
