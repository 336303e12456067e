/**
 * Places on ComfyUI servers as rows of the database, for processes that share servers. A row is held under a lease that its
 * process renews, so a process that was killed or is frozen loses its places. The lease outlasts the task's: whoever takes
 * the task up finds the place of its prompt and takes it over.
 */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { Bus } from '../bus/bus.ts';
import type { Database, Writer } from '../db/database.ts';
import type { Place, Places } from '../engines/comfy/servers/places.ts';
import type { Logger } from '../log.ts';
import { freePlace, holdPlace, othersOn, type PlaceClaim, placesOf, renewPlaces } from './places-store.ts';

const LEASE_MS = 30_000;
const RENEW_MS = 5_000;

export interface ServerPlacesOptions {
  db: Database;
  bus: Bus;
  log: Pick<Logger, 'warn'>;
  /** This process. */
  name: string;
  leaseMs?: number;
}

export class ServerPlaces implements Places {
  readonly #options: ServerPlacesOptions;
  readonly #holder: string;
  readonly #leaseMs: number;
  readonly #held = new Map<string, Place>();
  readonly #freeing = new Set<Promise<unknown>>();
  readonly #timer: NodeJS.Timeout;
  #unsubscribe: (() => void)[] = [];

  constructor(options: ServerPlacesOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    // Not the name alone: the next start of this process does not know what this one held.
    this.#holder = `${options.name}/${randomUUID()}`;
    this.#timer = setInterval(() => void this.#renew(), Math.min(RENEW_MS, this.#leaseMs / 3));
  }

  take(place: Place, limit: number): Promise<boolean> {
    return this.#hold(place, async (trx, claim) => {
      const others = await othersOn(trx, claim);
      if (others.length >= limit || others.some(({ whole }) => whole)) return false;
      await holdPlace(trx, claim, false);
      return true;
    });
  }

  async adopt(place: Place, whole: boolean): Promise<void> {
    await this.#hold(place, async (trx, claim) => {
      await othersOn(trx, claim);
      await holdPlace(trx, claim, whole);
      return true;
    });
  }

  async reserve(place: Place): Promise<'alone' | 'shared' | 'taken'> {
    let others = 0;
    const isReserved = await this.#hold(place, async (trx, claim) => {
      const rows = await othersOn(trx, claim);
      others = rows.length;
      if (rows.some(({ whole }) => whole)) return false;
      await holdPlace(trx, claim, true);
      return true;
    });
    if (!isReserved) return 'taken';
    return others === 0 ? 'alone' : 'shared';
  }

  free(place: Place): void {
    if (!this.#held.delete(keyOf(place))) return;
    const freeing = this.#write((trx) => freePlace(trx, this.#claim(place)))
      .then(() => this.#options.bus.publish({ type: 'places' }))
      // The next renewal removes it.
      .catch((error) => this.#options.log.warn({ err: error }, 'a place on a server could not be freed'))
      .finally(() => this.#freeing.delete(freeing));
    this.#freeing.add(freeing);
  }

  leave(place: Place): void {
    this.#held.delete(keyOf(place));
  }

  onFree(listener: () => void): void {
    for (const type of ['places', 'gap'] as const)
      this.#unsubscribe.push(this.#options.bus.subscribe(type, listener));
  }

  /** Places that are still held stay until their lease has expired. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await Promise.all(this.#freeing);
  }

  /** Noted as held before it is written, so that no renewal in between removes it. */
  async #hold(place: Place, work: (trx: Writer, claim: PlaceClaim) => Promise<boolean>): Promise<boolean> {
    const key = keyOf(place);
    const wasHeld = this.#held.has(key);
    this.#held.set(key, place);
    const isHeld = await this.#write((trx) => work(trx, this.#claim(place))).catch((error) => {
      this.#options.log.warn({ err: error }, 'a place on a server could not be taken');
      return false;
    });
    if (!isHeld && !wasHeld) this.#held.delete(key);
    return isHeld;
  }

  #claim({ server, owner }: Place): PlaceClaim {
    return { server: serverKey(server), owner, holder: this.#holder, leaseMs: this.#leaseMs };
  }

  #write<T>(work: (trx: Writer) => Promise<T>): Promise<T> {
    return this.#options.db.write(work, { durable: false });
  }

  /** Also removes rows that could not be removed when their place was freed. */
  async #renew(): Promise<void> {
    const held = new Set([...this.#held.values()].map((place) => keyOf(this.#claim(place))));
    if (held.size === 0) return;
    await this.#write(async (trx) => {
      for (const row of await placesOf(trx, this.#holder))
        if (!held.has(keyOf(row))) await freePlace(trx, row);
      await renewPlaces(trx, this.#holder, this.#leaseMs);
    }).catch((error) => this.#options.log.warn({ err: error }, 'places on servers could not be renewed'));
  }
}

const keyOf = ({ server, owner }: Place): string => `${server}\n${owner}`;

/** The same loopback address is another server on each machine. */
function serverKey(server: string): string {
  const isLocal = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/i.test(server);
  return isLocal ? `${os.hostname()} ${server}` : server;
}
