/**
 * Which server paints which frame.
 *
 * A frame goes to the server that will finish it first: the work on each server, its recent duration for this model,
 * and loading the model if another is loaded, are all counted in time (`schedule.ts`). A server that has failed the
 * frame comes last. Each server gets at most two of our frames, one running and one waiting, so that its GPU is never
 * idle. Where other processes use the servers too, `places` counts theirs. A frame that waits in the queue of a slow
 * server is withdrawn if another would finish it sooner. Frames without a slot wait here in order; while all servers
 * that could take one are unreachable, they wait until the time-out.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Missing, ServerMode, StudioError } from '@limner/contract';
import { carriesOnLater } from '../../carries-on-later.ts';
import { modelsMissing } from '../../models-missing.ts';
import { type ComfyServerConfig, readAddress } from '../link/client-address.ts';
import { engineFailed, unreachable } from '../link/client-errors.ts';
import type { ServerInfo } from '../server-info.ts';
import { Pace } from './pace.ts';
import type { Place, Places } from './places.ts';
import { type Line, schedule, type Work } from './schedule.ts';
import { ComfyServer, type ServerOptions } from './server.ts';

const SLOTS_PER_SERVER = 2;
/** Assumed duration of a picture before the first; equal for all servers. */
const UNKNOWN_FRAME_MS = 1_000;
/** A server slower than this share of the fastest gets no reserved frames. */
const MAX_SPREAD = 16;
/** Assumed for a job that has a server for itself: any other server is sooner. */
const TAKEN_MS = 24 * 3_600_000;
/** Withdrawing a frame must save more than sending it again costs. */
const RECALL_GAIN = 1.2;
const RECALL_GAIN_MS = 100;

export interface Member {
  config: ComfyServerConfig;
  server: ComfyServer;
  /** Our frames on it. */
  active: number;
  /** The big model of the last frame it got. */
  warmKey: string | null;
  pace: Pace;
  /** When it started its current work, as far as known. */
  busySinceMs: number;
  /** Other processes had all its places; they are asked for again after this time. */
  othersUntilMs: number;
  /** A long job has it for itself, or waits for its last frames; no frame is sent to it. */
  isTaken: boolean;
}

/** A frame's needs. */
export interface Need {
  /** The same when another process takes it up again. */
  owner: string;
  missing(info: ServerInfo): Missing[];
  modelKey(info: ServerInfo): string;
  /** Servers that failed it. */
  avoid: ReadonlySet<string>;
  signal: AbortSignal;
  /** Called regularly while it waits. */
  waiting(): void;
  /** How many prompts come before it while it waits; 0: no server that could take it is reachable. */
  waits(behind: number): void;
}

/** What a long job needs. */
export interface WholeNeed {
  owner: string;
  able(info: ServerInfo): boolean;
  signal: AbortSignal;
  waiting(): void;
}

type Owner = Pick<Need, 'owner' | 'signal'>;

export interface Slot {
  member: Member;
  /** Set while its prompt waits on the server: withdraws it, to be sent to another server. */
  recall: (() => void) | null;
  /** Frees the slot for the next frame; `painted`: the picture is finished. Safe to call twice. */
  release(painted?: boolean): void;
}

interface Assignment {
  slot: Slot;
  need: Need;
  model: string;
}

interface Waiter {
  need: Need;
  /** Time since which no server that could take it is reachable. */
  noServerSince: number | null;
  resolve(slot: Slot): void;
  reject(error: unknown): void;
}

export interface PoolOptions extends Omit<ServerOptions, 'onChange'> {
  /** Absent: no other process uses the servers. */
  places?: Places | undefined;
}

export class ComfyPool {
  readonly #options: PoolOptions;
  readonly #onChange: () => void;
  readonly #places: Places | null;
  readonly #members = new Map<string, Member>();
  readonly #waiters = new Set<Waiter>();
  /** Frames on servers, in the order they were sent. */
  readonly #assignments = new Set<Assignment>();
  /** Removed servers that still have frames. */
  readonly #removedInUse = new Set<Member>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: PoolOptions, onChange: () => void) {
    this.#options = options;
    this.#onChange = onChange;
    this.#places = options.places ?? null;
    this.#places?.onFree(() => this.#askOthersAgain());
  }

  list(): Member[] {
    return [...this.#members.values()];
  }

  find(id: string): Member | undefined {
    return this.#members.get(id);
  }

  /** Adds a server, or replaces the one with its id: its running frames finish there. */
  put(config: ComfyServerConfig): void {
    const known = this.#members.get(config.id);
    if (known && sameWay(known.config, config)) {
      known.config = config;
      known.server.rename(config);
    } else {
      if (known) this.#closeWhenIdle(known);
      const onChange = () => this.#changed();
      this.#members.set(config.id, {
        config,
        server: new ComfyServer(config, { ...this.#options, onChange }),
        active: 0,
        warmKey: null,
        pace: new Pace(),
        busySinceMs: 0,
        othersUntilMs: 0,
        isTaken: false,
      });
    }
    this.#changed();
  }

  remove(id: string): void {
    const member = this.#members.get(id);
    if (!member) return;
    this.#members.delete(id);
    this.#closeWhenIdle(member);
    this.#changed();
  }

  /** Servers that accept frames when reachable. */
  enabled(): Member[] {
    return this.list().filter((member) => modeOf(member) === 'enabled');
  }

  ready(): Member[] {
    return this.enabled().filter((member) => member.server.link === 'ready');
  }

  /** Frames that wait because no server that could take them is reachable. */
  get waitingForServer(): number {
    return [...this.#waiters].filter((waiter) => waiter.noServerSince !== null).length;
  }

  /** On the server that will finish it first, as soon as one has a place. */
  async acquire(need: Need): Promise<Slot> {
    for (;;) {
      const slot = await this.#nextSlot(need);
      if (!this.#places) return slot;
      const { member } = slot;
      const place = { server: addressOf(member), owner: need.owner };
      if (await this.#places.take(place, SLOTS_PER_SERVER)) return this.#withPlace(slot, need);
      member.othersUntilMs = this.#options.now() + this.#options.timing.slotCheckMs;
      slot.release();
    }
  }

  #nextSlot(need: Need): Promise<Slot> {
    const waiter = { need, noServerSince: null } as Waiter;
    const placed = new Promise<Slot>((resolve, reject) => {
      waiter.resolve = resolve;
      waiter.reject = reject;
    });
    const check = setInterval(() => {
      need.waiting();
      this.#assignSlots();
    }, this.#options.timing.slotCheckMs);
    const abort = () => this.#reject(waiter, need.signal.reason);
    need.signal.addEventListener('abort', abort, { once: true });
    this.#waiters.add(waiter);
    if (need.signal.aborted) abort();
    else this.#assignSlots();
    return placed.finally(() => {
      clearInterval(check);
      need.signal.removeEventListener('abort', abort);
    });
  }

  /** A slot on this server regardless of its queue, because the frame's prompt is already there. */
  adopt(member: Member, need: Owner): Slot {
    return this.#adopted(
      this.#occupy(member, () => {}),
      need,
      false,
    );
  }

  /**
   * A server without our frames, for a long job alone: frames that are there end first, and others wait or go elsewhere
   * until it is released. `waiting` is called while none is free.
   */
  async takeWhole(need: WholeNeed): Promise<Slot> {
    const { able, signal, waiting } = need;
    for (;;) {
      signal.throwIfAborted();
      const free = this.ready().filter(({ isTaken, server }) => !isTaken && server.info && able(server.info));
      const member = free.toSorted((a, b) => loadOf(a) - loadOf(b))[0];
      const slot = member && (await this.#takeWhole(member, need));
      if (slot) return slot;
      waiting();
      await pause(this.#options.timing.slotCheckMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** As `adopt`, for a long job that is there already. */
  adoptWhole(member: Member, need: Owner): Slot {
    return this.#adopted(this.#occupyWhole(member), need, true);
  }

  #occupyWhole(member: Member): Slot {
    member.isTaken = true;
    return this.#occupy(member, () => {
      member.isTaken = false;
    });
  }

  /** null: it was disconnected while its frames ended, or another process has it for itself. */
  async #takeWhole(member: Member, need: WholeNeed): Promise<Slot | null> {
    const { signal, waiting } = need;
    const place = { server: addressOf(member), owner: need.owner };
    member.isTaken = true;
    let hold = await this.#reserve(place);
    while (
      (member.active > 0 || hold === 'shared') &&
      hold !== 'taken' &&
      this.#isWaitedFor(member, signal)
    ) {
      waiting();
      await pause(this.#options.timing.slotCheckMs, undefined, { signal }).catch(() => undefined);
      hold = await this.#reserve(place);
    }
    if (hold === 'alone' && this.#isWaitedFor(member, signal))
      return this.#withPlace(this.#occupyWhole(member), need);
    this.#places?.free(place);
    member.isTaken = false;
    this.#changed();
    signal.throwIfAborted();
    return null;
  }

  #isWaitedFor(member: Member, signal: AbortSignal): boolean {
    return !signal.aborted && this.ready().includes(member);
  }

  async #reserve(place: Place): Promise<'alone' | 'shared' | 'taken'> {
    return this.#places ? this.#places.reserve(place) : 'alone';
  }

  #adopted(slot: Slot, need: Owner, whole: boolean): Slot {
    void this.#places?.adopt({ server: addressOf(slot.member), owner: need.owner }, whole);
    return this.#withPlace(slot, need);
  }

  /** The place is freed with the slot, unless its work goes on for the next process. */
  #withPlace(slot: Slot, { owner, signal }: Owner): Slot {
    const place = { server: addressOf(slot.member), owner };
    const { release } = slot;
    let isHeld = true;
    slot.release = (painted) => {
      release(painted);
      if (!isHeld) return;
      isHeld = false;
      if (signal.aborted && carriesOnLater(signal.reason)) this.#places?.leave(place);
      else this.#places?.free(place);
    };
    return slot;
  }

  #askOthersAgain(): void {
    for (const member of this.#members.values()) member.othersUntilMs = 0;
    if (this.#waiters.size > 0) this.#assignSlots();
  }

  /**
   * Frames worth having at once: those on the servers, and as many more as a fast server makes while a slow one makes
   * one, so that the slow one gets frames that the fast one would not reach.
   */
  slots(): number {
    const ready = this.ready();
    const paces = ready.flatMap(({ pace, warmKey }) =>
      warmKey === null ? [] : (pace.frameMs(warmKey) ?? []),
    );
    const spread = paces.length < 2 ? 1 : Math.max(...paces) / Math.max(1, Math.min(...paces));
    return Math.max(1, SLOTS_PER_SERVER * ready.length + Math.ceil(Math.min(spread, MAX_SPREAD)) - 1);
  }

  async close(): Promise<void> {
    for (const id of [...this.#members.keys()]) this.remove(id);
    for (const member of this.#removedInUse) this.#closeServer(member);
    await Promise.all(this.#closing);
  }

  #occupy(member: Member, ended: (painted: boolean) => void): Slot {
    const { now } = this.#options;
    if (member.active === 0) member.busySinceMs = now();
    member.active += 1;
    let isHeld = true;
    const release = (painted = false) => {
      if (!isHeld) return;
      isHeld = false;
      member.active -= 1;
      ended(painted);
      if (this.#removedInUse.has(member) && member.active === 0) this.#closeServer(member);
      else this.#changed();
    };
    return { member, recall: null, release };
  }

  /** A server runs prompts one after another, so a picture's duration counts from the end of the one before. */
  #send(waiter: Waiter, member: Member): void {
    const { need } = waiter;
    const { now } = this.#options;
    const model = need.modelKey(member.server.info as ServerInfo);
    const loaded = member.warmKey === model;
    member.warmKey = model;
    const slot = this.#occupy(member, (painted) => {
      this.#assignments.delete(held);
      if (painted) member.pace.finished(model, now() - member.busySinceMs, loaded);
      member.busySinceMs = now();
    });
    const held = { slot, need, model };
    this.#assignments.add(held);
    this.#waiters.delete(waiter);
    waiter.resolve(slot);
  }

  #closeWhenIdle(member: Member): void {
    this.#removedInUse.add(member);
    if (member.active === 0) this.#closeServer(member);
  }

  #closeServer(member: Member): void {
    this.#removedInUse.delete(member);
    const done = member.server.close().finally(() => this.#closing.delete(done));
    this.#closing.add(done);
  }

  #changed(): void {
    this.#assignSlots();
    this.#onChange();
  }

  #assignSlots(): void {
    for (const waiter of [...this.#waiters]) this.#checkWaiter(waiter);
    const waiting = [...this.#waiters].filter(({ noServerSince }) => noServerSince === null);
    const works = waiting.map((waiter) => ({ ...this.#workOf(waiter.need), frame: waiter }));
    for (const { frame, server } of schedule(
      works,
      this.ready().map((member) => this.#lineOf(member)),
    ))
      this.#send(frame, server);
    for (const waiter of this.#waiters) waiter.need.waits(this.#promptsBefore(waiter));
    if (this.#waiters.size === 0) this.#recallLate();
  }

  /** On the server that has the fewest, with the frames that waited here before it. */
  #promptsBefore(waiter: Waiter): number {
    if (waiter.noServerSince !== null) return 0;
    const able = this.ready().filter((member) => canTake(member, waiter.need));
    const fewest = Math.min(...able.map(({ server, active }) => Math.max(server.remaining, active)));
    return fewest + [...this.#waiters].indexOf(waiter);
  }

  #checkWaiter(waiter: Waiter): void {
    try {
      if (this.ready().some((member) => canTake(member, waiter.need))) waiter.noServerSince = null;
      else this.#waitForServer(waiter);
      // Computed inside this try, because a family may throw here.
      if (waiter.noServerSince === null)
        for (const member of this.ready()) this.#workOf(waiter.need).model(member);
    } catch (error) {
      // A family that throws fails only its own frame, not the change of the server.
      this.#reject(waiter, error);
    }
  }

  #lineOf(member: Member): Line<Member> {
    const { server, active, warmKey, busySinceMs } = member;
    const frameMs = warmKey === null ? UNKNOWN_FRAME_MS : this.#frameMs(member, warmKey);
    const ahead = Math.max(server.remaining, active);
    const othersHaveIt = member.othersUntilMs > this.#options.now();
    const elapsedMs = active > 0 ? Math.min(frameMs, this.#options.now() - busySinceMs) : 0;
    return {
      server: member,
      busyMs: (member.isTaken ? TAKEN_MS : 0) + (ahead === 0 ? 0 : ahead * frameMs - elapsedMs),
      freeSlots: member.isTaken || othersHaveIt ? 0 : Math.max(0, SLOTS_PER_SERVER - active),
      model: warmKey,
    };
  }

  #workOf(need: Need): Omit<Work<unknown, Member>, 'frame'> {
    const able = this.ready().filter((member) => canTake(member, need));
    const fresh = able.filter((member) => !need.avoid.has(member.config.id));
    const taking = fresh.length > 0 ? fresh : able;
    return {
      model: (member) => (taking.includes(member) ? need.modelKey(member.server.info as ServerInfo) : null),
      costMs: (member, model, loaded) =>
        this.#frameMs(member, model) + (loaded ? 0 : member.pace.loadMs(model)),
    };
  }

  /** A server without a measurement for this model counts as fast as the others. */
  #frameMs(member: Member, model: string): number {
    const own = member.pace.frameMs(model);
    if (own !== null) return own;
    const known = this.ready().flatMap(({ pace }) => pace.frameMs(model) ?? []);
    return known.length === 0 ? UNKNOWN_FRAME_MS : known.reduce((sum, each) => sum + each, 0) / known.length;
  }

  /** Called when no frame waits here: a free server may finish the last frame of a slow server's queue sooner. */
  #recallLate(): void {
    for (const member of this.ready()) {
      const line = this.#lineOf(member);
      if (line.freeSlots === 0) continue;
      const late = [...this.#assignments].reverse().find((held) => this.#isSooner(held, line));
      if (!late) continue;
      const { recall } = late.slot;
      late.slot.recall = null;
      recall?.();
    }
  }

  #isSooner({ slot, need, model }: Assignment, line: Line<Member>): boolean {
    const there = slot.member;
    if (slot.recall === null || there === line.server || there.active < SLOTS_PER_SERVER) return false;
    // Uses only measurements, because a guess could move frames back and forth.
    if (there.pace.frameMs(model) === null || line.server.pace.frameMs(model) === null) return false;
    const work = this.#workOf(need);
    const other = work.model(line.server);
    if (other === null) return false;
    const hereMs = line.busyMs + work.costMs(line.server, other, line.model === other);
    return hereMs * RECALL_GAIN + RECALL_GAIN_MS < this.#lineOf(there).busyMs;
  }

  /**
   * No reachable server can take it. An unreachable one may come back; one that rejects the credentials will not by
   * itself.
   */
  #waitForServer(waiter: Waiter): void {
    const { need } = waiter;
    const away = this.enabled().filter(({ server }) => server.link !== 'ready');
    const hopeful = away.filter(({ server }) => !server.info || need.missing(server.info).length === 0);
    const { now, timing } = this.#options;
    waiter.noServerSince ??= now();
    const allRefuse = hopeful.every(({ server }) => server.link === 'refused');
    if (hopeful.length === 0) this.#reject(waiter, this.#cannotRun(need));
    else if (allRefuse || now() - waiter.noServerSince >= timing.runningMs)
      this.#reject(waiter, awayFor(hopeful));
  }

  #reject(waiter: Waiter, reason: unknown): void {
    if (this.#waiters.delete(waiter)) waiter.reject(reason);
  }

  #cannotRun(need: Need): StudioError {
    const lacking = this.ready()
      .map((member) => ({ member, missing: need.missing(member.server.info as ServerInfo) }))
      .toSorted((a, b) => a.missing.length - b.missing.length)[0];
    if (!lacking) return engineFailed({ name: 'ComfyUI', url: '' }, nothingSwitchedOn);
    return modelsMissing(lacking.member.config.name, lacking.missing);
  }
}

const nothingSwitchedOn = {
  en: 'no server is switched on; enable or add one in Settings',
  zh: '没有启用的服务器，请在设置中启用或添加',
};

const addressOf = ({ config }: Member): string => readAddress(config).shown;

const loadOf = ({ server, active }: Member): number => Math.max(server.remaining, active);

export const modeOf = (member: Member): ServerMode => member.config.mode ?? 'enabled';
const isDisabled = (config: ComfyServerConfig): boolean => config.mode === 'disabled';
const sameWay = (a: ComfyServerConfig, b: ComfyServerConfig): boolean =>
  a.url === b.url && a.token === b.token && isDisabled(a) === isDisabled(b);

const canTake = ({ server }: Member, need: Need): boolean =>
  server.info !== null && need.missing(server.info).length === 0;

const awayFor = ([member]: Member[]): StudioError =>
  member?.server.error ??
  unreachable({ name: member?.config.name ?? 'ComfyUI', url: member?.server.client.server.url ?? '–' });
