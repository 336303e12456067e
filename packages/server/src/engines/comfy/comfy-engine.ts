/**
 * ComfyUI as one engine: one or many servers behind a pool. The constructor connects in the background. A server that is
 * away costs only a connection attempt now and then; it is logged once and always listed in `health`.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EngineHealth,
  type Family,
  type FrameRecipe,
  type Missing,
  StudioError,
} from '@limner/contract';
import type { Engine, EngineOutput, FrameContext } from '../engine.ts';
import { paintingLanes, USUAL_TRIES } from '../policy.ts';
import { canvasOf, ofCanvas } from '../repaint/canvas.ts';
import { familyNotFound, unknownFamily } from '../unknown-family.ts';
import { ComfyDescriber } from './captions/comfy-describer.ts';
import { type ComfyFamily, specOn } from './families/family.ts';
import { guardedFamily } from './families/guarded-family.ts';
import type { Model } from './families/model.ts';
import type { ComfyServerConfig } from './link/client-address.ts';
import { ServerModelFiles } from './models/server-model-files.ts';
import { missingClasses, ServerNodePacks } from './models/server-node-packs.ts';
import { withOwnLoras } from './own-lora.ts';
import { ComfyRun } from './run/comfy-run.ts';
import { type Finish, finished } from './run/finish.ts';
import { silenceMs, type Timing, timing, timingOf } from './run/job-timing.ts';
import { finishedOn, openPictures } from './run/pictures.ts';
import { readTicket } from './run/ticket.ts';
import { modelsOf, type ServerInfo } from './server-info.ts';
import { awayMissing, leastMissing, noServer, onServer, serverHealth } from './servers/health.ts';
import { LoraFolder } from './servers/lora-folder.ts';
import type { Places } from './servers/places.ts';
import { ComfyPool, type Member } from './servers/pool.ts';
import type { ComfyLog } from './servers/server.ts';
import { ServerLoraFiles } from './servers/server-lora-files.ts';
import { ComfyTrainer } from './training/comfy-trainer.ts';

export { type ComfyServerConfig, serverAt } from './link/client-address.ts';

export interface ComfyEngineOptions {
  servers: ComfyServerConfig[];
  families: ComfyFamily[];
  /** A frame is stopped after this time without a sign of life. */
  timeoutMs: number;
  log: ComfyLog;
  /**
   * The process's id on the sockets. If it stays the same over restarts, running prompts send their events to the new process;
   * two processes must never share one. A fresh one by default.
   */
  clientId?: string;
  /** Where other processes use the servers too. */
  places?: Places;
  now?: () => number;
  timing?: Partial<Timing>;
  /** A folder of LoRAs of this machine that servers read too. */
  loraDir?: string | null;
  /** Absent: pictures stay as ComfyUI made them. */
  finish?: Finish;
  /** A server was added, removed, or has other files, so available families may have changed. */
  onChange?: () => void;
}

/** Number of frames whose failures are stored; the oldest are dropped first. */
const MAX_REMEMBERED_FRAMES = 1_000;

export class ComfyEngine implements Engine {
  readonly id = 'comfy';
  readonly label = { en: 'ComfyUI', zh: 'ComfyUI' };
  /** Preferred to the built-in engines. */
  readonly preference = 100;
  readonly lanes = paintingLanes('comfy');
  readonly silenceMs: number;
  readonly tries = USUAL_TRIES;

  readonly models = new ServerModelFiles(
    () => this.#pool.list(),
    () => this.#known,
  );
  readonly packs = new ServerNodePacks(
    () => this.#pool.list(),
    () => this.#known,
  );
  readonly loraFiles = new ServerLoraFiles({
    members: () => this.#pool.list(),
    ready: () => this.#pool.ready(),
    families: () => this.#known,
  });
  #offered: { from: unknown[]; families: Family[] } = { from: [], families: [] };
  readonly #pool: ComfyPool;
  readonly #log: ComfyLog;
  readonly #timing: Timing;
  readonly #now: () => number;
  readonly #finish: Finish | undefined;
  readonly #stop = new AbortController();
  readonly #runs = new Set<Promise<unknown>>();
  /** Servers that failed a frame, by task and frame: the next try goes to another server if there is one. */
  readonly #failures = new Map<string, Set<string>>();
  #known: ComfyFamily[] = [];
  /** Families whose failure was logged. */
  readonly #broken = new Set<string>();
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ComfyEngineOptions) {
    const { servers, families, timeoutMs, log, clientId = randomUUID() } = options;
    const { now = () => performance.now(), onChange = () => {} } = options;
    this.#timing = { ...timing(timeoutMs), ...options.timing };
    this.silenceMs = timeoutMs;
    this.#now = now;
    this.#finish = options.finish;
    this.#log = log;
    this.setFamilies(families);
    const changed = () => {
      this.#findPacks();
      onChange();
    };
    const loraFolder = options.loraDir ? new LoraFolder(options.loraDir) : undefined;
    const shared = { clientId, timing: this.#timing, log, now, places: options.places, loraFolder };
    this.#pool = new ComfyPool(shared, changed);
    for (const server of servers) this.#pool.put(server);
  }

  silenceMsOf({ kind }: FrameRecipe): number {
    return silenceMs(this.silenceMs, kind);
  }

  /** For workflows that users import and remove while it runs. */
  setFamilies(families: ComfyFamily[]): void {
    this.#known = families.map((family) =>
      withOwnLoras(guardedFamily(family, (id, error) => this.#reportBroken(id, error))),
    );
    this.#findPacks();
  }

  /** In the background, so that what is missing names its pack. */
  #findPacks(): void {
    // The constructor sets the families first.
    for (const { server } of this.#pool?.ready() ?? []) {
      if (!server.info) continue;
      const classes = missingClasses(this.#known, server.info);
      if (classes.length > 0) server.inBackground(server.findPacks(classes));
    }
  }

  get describer(): ComfyDescriber {
    return new ComfyDescriber(this.#pool, this.#timing);
  }

  /** Trains on its servers. */
  trainer(models: readonly Model[]): ComfyTrainer {
    return new ComfyTrainer({ pool: this.#pool, models, timing: this.#timing });
  }

  servers(): ComfyServerConfig[] {
    return this.#pool.list().map(({ config }) => config);
  }

  addServer(config: ComfyServerConfig): void {
    this.#pool.put(config);
  }

  updateServer(id: string, change: Partial<Omit<ComfyServerConfig, 'id'>>): void {
    this.#pool.put({ ...this.#member(id).config, ...change });
  }

  /** Frames that are on it are finished there. */
  removeServer(id: string): void {
    this.#pool.remove(this.#member(id).config.id);
  }

  /** Reads the files and nodes of the named server again, or of all ready servers; connects at once to a named server that is away. */
  async refresh(id?: string): Promise<void> {
    if (id === undefined) return this.#refreshAll();
    await this.#member(id)
      .server.refresh()
      .catch(() => {});
  }

  /** Before a request is refused. At most every `refreshEveryMs`, and waits at most `refreshWaitMs`. */
  async #refreshAll(): Promise<void> {
    const { refreshEveryMs, refreshWaitMs } = this.#timing;
    if (this.#now() - this.#refreshedAt < refreshEveryMs) return;
    this.#refreshedAt = this.#now();
    const ready = this.#pool.ready().map(({ server }) => server.refresh().catch(() => {}));
    await Promise.race([Promise.all(ready), sleep(refreshWaitMs, undefined, { ref: false })]);
  }

  /** Read by every request, so it is computed again only after the families or a server have changed. */
  families(): Family[] {
    const from = [this.#known, ...this.serverInfos()];
    const same =
      from.length === this.#offered.from.length && from.every((each, i) => each === this.#offered.from[i]);
    if (!same)
      this.#offered = { from, families: this.#known.map((family) => specOn(family, this.serverInfos())) };
    return this.#offered.families;
  }

  loras(): string[] {
    return [...new Set(this.serverInfos().flatMap((info) => modelsOf(info, 'loras')))];
  }

  serverOf(ticket: string): string | null {
    const read = readTicket(ticket);
    return (read && this.#pool.find(read.server)?.config.name) ?? null;
  }

  abandon(ticket: string): void {
    const read = readTicket(ticket);
    if (read) this.#pool.find(read.server)?.server.abandon(read.prompt);
  }

  supports(request: FrameRecipe): Missing[] {
    const family = this.#family(request.family);
    return family
      ? this.#obstacles((info) => family.missing(info, request), true)
      : [unknownFamily(request.family)];
  }

  missing(id: string): Missing[] {
    const family = this.#family(id);
    return family ? this.#obstacles((info) => family.missing(info), false) : [unknownFamily(id)];
  }

  /** What each server lacks for a family, which need not be one of the engine's. */
  lackedBy(family: ComfyFamily): Promise<{ server: string; name: string; missing: Missing[] }[]> {
    const guarded = guardedFamily(family, () => {});
    const lacked = async (member: Member) => {
      const { server, config } = member;
      if (server.link === 'ready' && server.info)
        await server.findPacks(missingClasses([guarded], server.info));
      const info = server.link === 'ready' ? server.info : null;
      const missing = info ? onServer(config.name, guarded.missing(info)) : awayMissing(member);
      return { server: config.id, name: config.name, missing };
    };
    return Promise.all(this.#pool.list().map(lacked));
  }

  slots(): number {
    return this.#pool.slots();
  }

  run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const run = this.#runFrame(frame, ctx);
    this.#runs.add(run);
    const over = () => this.#runs.delete(run);
    run.then(over, over);
    return run;
  }

  async health(): Promise<EngineHealth[]> {
    const { waitingForServer } = this.#pool;
    return Promise.all(
      this.#pool.list().map((member) => serverHealth(member, this.#known, waitingForServer)),
    );
  }

  /** Running prompts continue; the next start picks them up. */
  async close(): Promise<void> {
    this.#stop.abort('stopping');
    await Promise.allSettled(this.#runs);
    await this.#pool.close();
  }

  async #runFrame(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const family = this.#family(frame.family);
    if (!family) throw familyNotFound(frame.family);
    const own = { ...ctx, signal: AbortSignal.any([ctx.signal, this.#stop.signal]) };
    own.signal.throwIfAborted();
    const opened = await openPictures(frame, own);
    const canvas = family.paintsCanvas && frame.type === 'inpaint' ? canvasOf(frame, opened) : null;
    const options = { pool: this.#pool, timing: timingOf(this.#timing, frame.kind), now: this.#now };
    const key = `${ctx.task}:${ctx.frame}`;
    const outputs = await new ComfyRun(
      options,
      family,
      canvas ? ofCanvas(frame) : frame,
      own,
      canvas ? new Map([...opened, ...canvas.pictures]) : opened,
      this.#failuresOf(key),
    ).outputs();
    this.#failures.delete(key);
    if (canvas) return finishedOn(canvas, outputs, own.signal);
    return this.#finish ? finished(outputs, family.finish, this.#finish, own) : outputs;
  }

  /**
   * `patient`: a capable server that is only unreachable (for example restarting) counts as able; the frame will wait
   * for it.
   */
  #obstacles(missing: (info: ServerInfo) => Missing[], patient: boolean): Missing[] {
    const least = leastMissing(this.#pool.ready(), missing);
    if (least?.length === 0 || (patient && this.#willBeBack(missing))) return [];
    const away = this.#pool.list().filter((member) => !this.#pool.ready().includes(member));
    return least ?? (away.length > 0 ? away.flatMap(awayMissing) : [noServer]);
  }

  #willBeBack(missing: (info: ServerInfo) => Missing[]): boolean {
    return this.#pool.enabled().some(({ server }) => {
      const awayMs = server.awaySince === null ? 0 : this.#now() - server.awaySince;
      return server.info !== null && awayMs < this.#timing.runningMs && missing(server.info).length === 0;
    });
  }

  #reportBroken(family: string, error: unknown): void {
    if (this.#broken.has(family)) return;
    this.#broken.add(family);
    this.#log.info({ family, err: error }, 'A family cannot be used.');
  }

  /** What each server has, as far as it is known. */
  serverInfos(): ServerInfo[] {
    return this.#pool.enabled().flatMap(({ server }) => server.info ?? []);
  }

  #family(id: string): ComfyFamily | undefined {
    return this.#known.find((family) => family.spec.id === id);
  }

  #member(id: string) {
    const member = this.#pool.find(id);
    if (!member) throw new StudioError('engine_unknown', { data: { id } });
    return member;
  }

  #failuresOf(key: string): Set<string> {
    const servers = this.#failures.get(key) ?? new Set();
    this.#failures.delete(key);
    this.#failures.set(key, servers);
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > MAX_REMEMBERED_FRAMES) this.#failures.delete(oldest);
    return servers;
  }
}
