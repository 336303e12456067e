/**
 * One repair at a time in all processes of a database. The process that repairs holds a lease and renews it every second;
 * the same row proves in each of its transactions that it still holds the lease. If the lease is lost, for example because
 * the process was suspended, the transaction fails and the repair moves nothing more.
 */
import { databaseNow, databaseTimeIn } from '../../db/clock.ts';
import type { Database, Writer } from '../../db/database.ts';
import { dropLease, takeLease } from '../../db/leases.ts';
import type { Logger } from '../../log.ts';

const NAME = 'repair';
const LEASE_MS = 30_000;
const RENEW_MS = 1_000;

export class LeaseLost extends Error {
  constructor() {
    super('another process repairs now');
    this.name = 'LeaseLost';
  }
}

export interface RepairLeaseOptions {
  db: Database;
  log: Pick<Logger, 'warn'>;
  /** This process. */
  holder: string;
  /** Done in the transaction of each renewal. */
  onRenew: (trx: Writer) => Promise<void>;
}

export class RepairLease {
  readonly #options: RepairLeaseOptions;
  #timer: NodeJS.Timeout | null = null;
  #renewing: Promise<void> = Promise.resolve();
  /** By `performance.now()`, which also counts while the process is suspended. */
  #renewedMs = 0;

  private constructor(options: RepairLeaseOptions) {
    this.#options = options;
  }

  /** null: another process holds it. */
  static async take(options: RepairLeaseOptions): Promise<RepairLease | null> {
    const lease = new RepairLease(options);
    if (!(await lease.#renew())) return null;
    lease.#timer = setInterval(() => {
      lease.#renewing = lease.#renewing
        .then(async () => void (await lease.#renew()))
        .catch((error) => options.log.warn({ err: error }, 'the lease of the repair could not be renewed'));
    }, RENEW_MS);
    return lease;
  }

  /** Before a file is moved. @throws LeaseLost */
  check(): void {
    if (performance.now() - this.#renewedMs > LEASE_MS * (2 / 3)) throw new LeaseLost();
  }

  /** In each transaction that writes: until it ends, no other process can take the lease. @throws LeaseLost */
  async hold(trx: Writer): Promise<void> {
    const { holder } = this.#options;
    const held = await trx
      .updateTable('leases')
      .set({ until: databaseTimeIn(trx, Date.now(), LEASE_MS) })
      .where('name', '=', NAME)
      .where('holder', '=', holder)
      .returning('name')
      .executeTakeFirst();
    if (!held) throw new LeaseLost();
  }

  async drop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#renewing;
    const { db, holder, onRenew } = this.#options;
    await db
      .write(async (trx) => {
        await this.hold(trx);
        await onRenew(trx);
        await dropLease(trx, NAME, holder);
      })
      .catch((error) => {
        if (!(error instanceof LeaseLost)) throw error;
      });
  }

  async #renew(): Promise<boolean> {
    const { db, holder, onRenew } = this.#options;
    const beganMs = performance.now();
    const isHeld = await db.write(
      async (trx) => {
        if (!(await takeLease(trx, { name: NAME, holder, leaseMs: LEASE_MS }))) return false;
        await onRenew(trx);
        return true;
      },
      { durable: false },
    );
    if (isHeld) this.#renewedMs = beganMs;
    return isHeld;
  }
}

/** The process that repairs now; null: none. */
export async function repairingProcess({ read }: Pick<Database, 'read'>): Promise<string | null> {
  const row = await read
    .selectFrom('leases')
    .select('holder')
    .where('name', '=', NAME)
    .where('until', '>=', databaseNow(read, Date.now()))
    .executeTakeFirst();
  return row?.holder ?? null;
}
