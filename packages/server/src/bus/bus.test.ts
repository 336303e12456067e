import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testPostgres } from '../../test/postgres-server.ts';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import { createLog } from '../log.ts';
import { busContract } from './bus.contract.ts';
import { MemoryBus } from './memory-bus.ts';
import { PostgresBus } from './postgres-bus.ts';

busContract('MemoryBus', async () => {
  const bus = new MemoryBus();
  return [bus, bus];
});

const { version } = await testPostgres();

describe.skipIf(version === null)('over Postgres', () => {
  let place: TestDatabase;
  beforeAll(async () => {
    place = await testDatabase('postgres');
  });
  afterAll(() => place.remove());
  const url = () => (place.address?.dialect === 'postgres' ? place.address.url : '');
  const open = () => PostgresBus.open(url(), createLog('silent'));

  /** Of the connections of buses. */
  async function query(select: string) {
    const client = new Client(url());
    await client.connect();
    const { rows } = await client.query(
      `${select} from pg_stat_activity where application_name = 'limner bus' and datname = current_database()`,
    );
    await client.end();
    return rows;
  }

  busContract('PostgresBus', async () => [await open(), await open()]);

  it('reports a gap to every listener after a broken connection, and continues', async () => {
    const [here, there] = [await open(), await open()];
    const gaps = { here: 0, there: 0 };
    here.subscribe('gap', () => (gaps.here += 1));
    there.subscribe('gap', () => (gaps.there += 1));
    await query('select pg_terminate_backend(pid)');
    await vi.waitFor(() => expect([gaps.here > 0, gaps.there > 0]).toEqual([true, true]), 10_000);
    await pause(100);
    const heard = vi.fn();
    there.subscribe('wake', heard);
    here.publish({ type: 'wake', lane: 'a' });
    await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ type: 'wake', lane: 'a' }));
    await here.close();
    await there.close();
  });

  it('does not connect again after it is closed in the pause before', async () => {
    const bus = await open();
    await query('select pg_terminate_backend(pid)');
    await vi.waitFor(async () => expect(await query('select pid')).toEqual([]), 10_000);
    await pause(50);
    await bus.close();
    await pause(200);
    expect(await query('select pid')).toEqual([]);
  });
});
