/** Rows of places on servers. Each is held under a lease, by the clock of the database. */
import { databaseNow, databaseTimeIn } from '../db/clock.ts';
import type { Writer } from '../db/database.ts';
import { lockName } from '../db/lock.ts';
import type { ServerPlacesTable } from '../db/schema.ts';

export interface PlaceClaim {
  server: string;
  owner: string;
  holder: string;
  leaseMs: number;
}

/** Places of others; those of dead processes are removed. Until the transaction ends no other process changes the server's. */
export async function othersOn(trx: Writer, { server, owner }: PlaceClaim): Promise<ServerPlacesTable[]> {
  await lockName(trx, `server places ${server}`);
  await trx
    .deleteFrom('server_places')
    .where('server', '=', server)
    .where('until', '<', databaseNow(trx, Date.now()))
    .execute();
  return trx
    .selectFrom('server_places')
    .selectAll()
    .where('server', '=', server)
    .where('owner', '<>', owner)
    .execute();
}

/** Also takes it over from a process that had it for the same owner. */
export async function holdPlace(
  trx: Writer,
  { server, owner, holder, leaseMs }: PlaceClaim,
  whole: boolean,
): Promise<void> {
  const values = { holder, whole: whole ? 1 : 0, until: databaseTimeIn(trx, Date.now(), leaseMs) };
  await trx
    .insertInto('server_places')
    .values({ server, owner, ...values })
    .onConflict((conflict) => conflict.columns(['server', 'owner']).doUpdateSet(values))
    .execute();
}

export async function freePlace(
  trx: Writer,
  { server, owner, holder }: Omit<PlaceClaim, 'leaseMs'>,
): Promise<void> {
  await trx
    .deleteFrom('server_places')
    .where('server', '=', server)
    .where('owner', '=', owner)
    .where('holder', '=', holder)
    .execute();
}

export const placesOf = (trx: Writer, holder: string): Promise<ServerPlacesTable[]> =>
  trx.selectFrom('server_places').selectAll().where('holder', '=', holder).execute();

export async function renewPlaces(trx: Writer, holder: string, leaseMs: number): Promise<void> {
  await trx
    .updateTable('server_places')
    .set({ until: databaseTimeIn(trx, Date.now(), leaseMs) })
    .where('holder', '=', holder)
    .execute();
}
