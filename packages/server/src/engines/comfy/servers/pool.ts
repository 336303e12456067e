/**
 * Which server paints which frame.
 *
 * A frame goes to a server that can do it: one that has not failed it before if there is one, with the model it needs
 * still loaded, then the one with the shortest queue. Each server gets at most two of our frames, one that runs and one
 * that waits behind it, so that its GPU never waits for us and the rest can still go elsewhere. Frames that find no
 * place wait here in order; while every server that could take one is away, they wait as long as a time-out lasts.
 */
import type { Missing, ServerMode } from '@limner/contract';
import { StudioError } from '../../../error.ts';
import type { ComfyServerConfig } from '../link/client-address.ts';
import { engineFailed, unreachable } from '../link/client-errors.ts';
import type { ServerInfo } from '../server-info.ts';
import { ComfyServer, type ServerOptions } from './server.ts';

export const FRAMES_PER_SERVER = 2;
/** With a longer queue of others before it, a loaded model is no advantage. */
const MAX_QUEUE_FOR_WARM = 3;

export interface Member {
  config: ComfyServerConfig;
  server: ComfyServer;
  /** Our frames on it. */
  active: number;
  /** The big model of the last frame it got. */
  warmKey: string | null;
}

/** What a frame asks of a server. */
export interface Need {
  missing(info: ServerInfo): Missing[];
  modelKey(info: ServerInfo): string;
  /** Servers that failed it. */
  avoid: ReadonlySet<string>;
  signal: AbortSignal;
  /** Called while it waits. */
  waiting(): void;
}

export interface Place {
  member: Member;
  /** Gives the place to the next frame. Safe to call twice. */
  release(): void;
}

interface Waiter {
  need: Need;
  /** Since when no server that could take it is there. */
  strandedSince: number | null;
  resolve(place: Place): void;
  reject(error: unknown): void;
}

export class ComfyPool {
  private readonly members = new Map<string, Member>();
  private readonly waiters = new Set<Waiter>();
  /** Removed while frames were on them. */
  private readonly leaving = new Set<Member>();
  private readonly closing = new Set<Promise<void>>();

  constructor(
    private readonly options: Omit<ServerOptions, 'onChange'>,
    private readonly onChange: () => void,
  ) {}

  list(): Member[] {
    return [...this.members.values()];
  }

  find(id: string): Member | undefined {
    return this.members.get(id);
  }

  /** Adds a server, or replaces the one with its id: what that one is doing is finished there. */
  put(config: ComfyServerConfig): void {
    const known = this.members.get(config.id);
    if (known && sameWay(known.config, config)) {
      known.config = config;
      known.server.rename(config);
    } else {
      if (known) this.retire(known);
      const onChange = () => this.changed();
      this.members.set(config.id, {
        config,
        server: new ComfyServer(config, { ...this.options, onChange }),
        active: 0,
        warmKey: null,
      });
    }
    this.changed();
  }

  remove(id: string): void {
    const member = this.members.get(id);
    if (!member) return;
    this.members.delete(id);
    this.retire(member);
    this.changed();
  }

  /** Servers that take frames when they are there. */
  enabled(): Member[] {
    return this.list().filter((member) => modeOf(member) === 'enabled');
  }

  ready(): Member[] {
    return this.enabled().filter((member) => member.server.link === 'ready');
  }

  /** Frames that wait because no server that could take them is there. */
  get stranded(): number {
    return [...this.waiters].filter((waiter) => waiter.strandedSince !== null).length;
  }

  acquire(need: Need): Promise<Place> {
    const waiter = { need, strandedSince: null } as Waiter;
    const placed = new Promise<Place>((resolve, reject) => {
      waiter.resolve = resolve;
      waiter.reject = reject;
    });
    const look = setInterval(() => {
      need.waiting();
      this.serve(waiter);
    }, this.options.timing.placeMs);
    const abort = () => this.dismiss(waiter, need.signal.reason);
    need.signal.addEventListener('abort', abort, { once: true });
    this.waiters.add(waiter);
    if (need.signal.aborted) abort();
    else this.serve(waiter);
    return placed.finally(() => {
      clearInterval(look);
      need.signal.removeEventListener('abort', abort);
    });
  }

  /** A place on this server whatever its queue: what it carries on with is there already. */
  adopt(member: Member): Place {
    return this.occupy(member);
  }

  async close(): Promise<void> {
    for (const id of [...this.members.keys()]) this.remove(id);
    for (const member of this.leaving) this.shut(member);
    await Promise.all(this.closing);
  }

  private occupy(member: Member): Place {
    member.active += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      member.active -= 1;
      if (this.leaving.has(member) && member.active === 0) this.shut(member);
      else this.changed();
    };
    return { member, release };
  }

  private retire(member: Member): void {
    this.leaving.add(member);
    if (member.active === 0) this.shut(member);
  }

  private shut(member: Member): void {
    this.leaving.delete(member);
    const done = member.server.close().finally(() => this.closing.delete(done));
    this.closing.add(done);
  }

  private changed(): void {
    for (const waiter of this.waiters) this.serve(waiter);
    this.onChange();
  }

  private serve(waiter: Waiter): void {
    if (!this.waiters.has(waiter)) return;
    try {
      this.tryToPlace(waiter);
    } catch (error) {
      // A family that cannot answer fails its own frame, not the server whose news we were just told.
      this.dismiss(waiter, error);
    }
  }

  private tryToPlace(waiter: Waiter): void {
    const { need } = waiter;
    const able = this.ready().filter((member) => canTake(member, need));
    if (able.length === 0) this.strand(waiter);
    else waiter.strandedSince = null;
    const best = this.best(able, need);
    if (!best?.server.info) return;
    best.warmKey = need.modelKey(best.server.info);
    this.waiters.delete(waiter);
    waiter.resolve(this.occupy(best));
  }

  /** No server that is there can take it. One that is away may come back; one that refuses us will not by itself. */
  private strand(waiter: Waiter): void {
    const { need } = waiter;
    const away = this.enabled().filter(({ server }) => server.link !== 'ready');
    const hopeful = away.filter(({ server }) => !server.info || need.missing(server.info).length === 0);
    const { now, timing } = this.options;
    waiter.strandedSince ??= now();
    const allRefuse = hopeful.every(({ server }) => server.link === 'refused');
    if (hopeful.length === 0) this.dismiss(waiter, this.hopeless(need));
    else if (allRefuse || now() - waiter.strandedSince >= timing.runningMs)
      this.dismiss(waiter, awayFor(hopeful));
  }

  private dismiss(waiter: Waiter, reason: unknown): void {
    if (this.waiters.delete(waiter)) waiter.reject(reason);
  }

  private best(able: Member[], need: Need): Member | undefined {
    const fresh = able.filter((member) => !need.avoid.has(member.config.id));
    const free = (fresh.length > 0 ? fresh : able).filter((member) => member.active < FRAMES_PER_SERVER);
    const cold = (member: Member) => (isWarm(member, need) ? 0 : 1);
    return free.toSorted((a, b) => cold(a) - cold(b) || queueOf(a) - queueOf(b))[0];
  }

  private hopeless(need: Need): StudioError {
    const lacking = this.ready()
      .map((member) => ({ member, missing: need.missing(member.server.info as ServerInfo) }))
      .toSorted((a, b) => a.missing.length - b.missing.length)[0];
    if (!lacking) return engineFailed({ name: 'ComfyUI', url: '' }, nothingSwitchedOn);
    const missing = lacking.missing.map(({ name }) => name);
    return new StudioError('models_missing', { data: { server: lacking.member.config.name, missing } });
  }
}

const nothingSwitchedOn = {
  en: 'no server is switched on; enable or add one in Settings',
  zh: '没有启用的服务器，请在设置中启用或添加',
};

export const modeOf = (member: Member): ServerMode => member.config.mode ?? 'enabled';
const isDisabled = (config: ComfyServerConfig): boolean => config.mode === 'disabled';
const sameWay = (a: ComfyServerConfig, b: ComfyServerConfig): boolean =>
  a.url === b.url && a.token === b.token && isDisabled(a) === isDisabled(b);

const canTake = ({ server }: Member, need: Need): boolean =>
  server.info !== null && need.missing(server.info).length === 0;

const queueOf = ({ server, active }: Member): number => Math.max(server.remaining, active);

const isWarm = (member: Member, need: Need): boolean =>
  member.server.info !== null &&
  member.warmKey === need.modelKey(member.server.info) &&
  queueOf(member) <= MAX_QUEUE_FOR_WARM;

const awayFor = ([member]: Member[]): StudioError =>
  member?.server.error ??
  unreachable({ name: member?.config.name ?? 'ComfyUI', url: member?.server.client.server.url ?? '–' });
