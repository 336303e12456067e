import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase, testDialects } from '../../test/test-database.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import type { Database } from '../db/database.ts';
import { createLog } from '../log.ts';
import { ServerPlaces } from './server-places.ts';

const SERVER = 'http://gpu:8188';
const LIMIT = 2;
const SOON = { timeout: 20_000, interval: 20 };

describe.each((await testDialects()).filter(([, dialect]) => dialect === 'postgres'))(
  'places on a server, on %s',
  (_, dialect) => {
    let place: TestDatabase;
    let db: Database;
    let bus: MemoryBus;
    let opened: ServerPlaces[];
    const open = (leaseMs = 60_000) => {
      const places = new ServerPlaces({ db, bus, log: createLog('silent'), name: 'a', leaseMs });
      opened.push(places);
      return places;
    };
    const at = (owner: string, server = SERVER) => ({ server, owner });

    beforeEach(async () => {
      place = await testDatabase(dialect);
      db = await place.open();
      bus = new MemoryBus();
      opened = [];
    });
    afterEach(async () => {
      for (const each of opened) await each.close();
      await db.close();
      await place.remove();
    });

    it('are as many as the limit for all processes together, on each server', async () => {
      const processes = [open(), open(), open()];
      const taken = await Promise.all(
        processes.flatMap((each, n) => [each.take(at(`${n}/0`), LIMIT), each.take(at(`${n}/1`), LIMIT)]),
      );
      expect(taken.filter(Boolean)).toHaveLength(LIMIT);
      expect(await processes[0]?.take(at('1/0', 'http://other:8188'), LIMIT)).toBe(true);
    });

    it('are free for others once they are freed, which the others hear', async () => {
      const [here, there] = [open(), open()];
      let heard = 0;
      there.onFree(() => {
        heard += 1;
      });
      for (const owner of ['1/0', '1/1']) expect(await here.take(at(owner), LIMIT)).toBe(true);
      expect(await there.take(at('2/0'), LIMIT)).toBe(false);
      here.free(at('1/0'));
      await expect.poll(() => heard, SOON).toBe(1);
      expect(await there.take(at('2/0'), LIMIT)).toBe(true);
      expect(await there.take(at('2/1'), LIMIT)).toBe(false);
    });

    it('are lost by a process that does not renew them, and taken over by whoever takes its frame up', async () => {
      const [frozen, other] = [open(), open(2_000)];
      await frozen.take(at('1/0'), LIMIT);
      await frozen.take(at('1/1'), LIMIT);
      await other.adopt(at('1/0'), false);
      // Of the frozen one no more.
      frozen.free(at('1/0'));
      await frozen.close();
      expect(await other.take(at('2/0'), LIMIT)).toBe(false);
      await db.write((trx) =>
        trx.updateTable('server_places').set({ until: 1 }).where('owner', '=', '1/1').execute(),
      );
      expect(await other.take(at('2/0'), LIMIT)).toBe(true);
      // Its own are renewed.
      await pause(2_500);
      expect(await open().take(at('3/0'), LIMIT)).toBe(false);
    });

    it('are all of one that wants the server for itself, once the others have left', async () => {
      const [painting, training] = [open(), open()];
      await painting.take(at('1/0'), LIMIT);
      expect(await training.reserve(at('t'))).toBe('shared');
      expect(await painting.take(at('1/1'), LIMIT)).toBe(false);
      expect(await painting.reserve(at('another'))).toBe('taken');
      painting.free(at('1/0'));
      await painting.close();
      expect(await training.reserve(at('t'))).toBe('alone');
      training.free(at('t'));
      await training.close();
      expect(await open().take(at('2/0'), LIMIT)).toBe(true);
    });
  },
);
