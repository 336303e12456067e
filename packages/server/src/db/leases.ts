/**
 * Leases by name among the processes of one database. The holder renews its lease; another process may take it after it
 * has expired, by the clock of the database.
 */
import { databaseNow, databaseTimeIn } from './clock.ts';
import type { Writer } from './database.ts';

export interface LeaseClaim {
  name: string;
  holder: string;
  leaseMs: number;
}

/** False: another process holds it. */
export async function takeLease(trx: Writer, { name, holder, leaseMs }: LeaseClaim): Promise<boolean> {
  const now = Date.now();
  const until = databaseTimeIn(trx, now, leaseMs);
  const row = await trx
    .insertInto('leases')
    .values({ name, holder, until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, until })
        .where((eb) =>
          eb.or([eb('leases.holder', '=', holder), eb('leases.until', '<', databaseNow(trx, now))]),
        ),
    )
    .returning('holder')
    .executeTakeFirst();
  return row !== undefined;
}

/** Another process can take it at once. No effect if another process holds it. */
export async function dropLease(trx: Writer, name: string, holder: string): Promise<void> {
  await trx.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
}
