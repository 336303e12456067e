/**
 * One leader among the processes of a database, by a lease in it. The leader renews the lease; when it dies, the lease
 * runs out and another process takes it. A leader that cannot renew in time stops before another may start.
 */
import type { Database } from '../db/database.ts';
import { dropLease, takeLease } from '../db/leases.ts';
import type { Logger } from '../log.ts';

const LEASE_MS = 15_000;
/** Renewals within the time of a lease. */
const RENEWALS = 3;

export interface LeadershipOptions {
  db: Database;
  log: Logger;
  /** The name of the leader's role. */
  name: string;
  /** This process. */
  holder: string;
  /** Starts to lead; returns a function that ends it. */
  lead: () => () => Promise<void>;
}

export class Leadership {
  readonly #options: LeadershipOptions;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> = Promise.resolve();
  #end: (() => Promise<void>) | null = null;
  /** By `performance.now()`, which clock changes do not affect. */
  #renewedMs = 0;

  constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  start(): void {
    const { log, name } = this.#options;
    const beat = () => {
      this.#beating = this.#beating
        .then(() => this.#beat())
        .catch((error) =>
          log.error({ err: error, lease: name }, 'the leader could not start or end its work'),
        );
    };
    beat();
    this.#timer = setInterval(beat, LEASE_MS / RENEWALS);
  }

  /** Releases the lease, so that another process can lead at once. */
  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#beating;
    if (!this.#end) return;
    await this.#giveUp();
    const { db, name, holder } = this.#options;
    await db.write((trx) => dropLease(trx, name, holder)).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const { db, log, name, holder, lead } = this.#options;
    const beganMs = performance.now();
    const claim = { name, holder, leaseMs: LEASE_MS };
    const isLeader = await db
      .write((trx) => takeLease(trx, claim), { durable: false })
      .catch((error) => {
        log.warn({ err: error, lease: name }, 'a lease could not be renewed');
        // The lease is still valid for a while.
        return this.#end !== null && beganMs - this.#renewedMs < LEASE_MS * (1 - 1 / RENEWALS) ? null : false;
      });
    if (isLeader) this.#renewedMs = beganMs;
    if (isLeader === false) return this.#giveUp();
    if (!isLeader || this.#end) return;
    log.info({ lease: name, process: holder }, 'this process is the leader now');
    this.#end = lead();
  }

  async #giveUp(): Promise<void> {
    const end = this.#end;
    this.#end = null;
    await end?.();
  }
}
