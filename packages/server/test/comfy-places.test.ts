/** Engines of several processes that share a ComfyUI server: the places are counted in their database. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryBus } from '../src/bus/memory-bus.ts';
import type { Database } from '../src/db/database.ts';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { createLog } from '../src/log.ts';
import { ServerPlaces } from '../src/servers/server-places.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';
import { type TestDatabase, testDatabase } from './test-database.ts';

describe('engines of several processes', () => {
  let place: TestDatabase;
  let db: Database;
  let fake: FakeComfy;
  const engines: ComfyEngine[] = [];
  const places: ServerPlaces[] = [];

  beforeEach(async () => {
    place = await testDatabase('postgres');
    db = await place.open();
    fake = await FakeComfy.start({ faults: { promptMs: 20 } });
  });
  afterEach(async () => {
    for (const each of [...engines.splice(0), ...places.splice(0)]) await each.close();
    await fake.close();
    await db.close();
    await place.remove();
  });

  async function open(bus: MemoryBus, name: string): Promise<ComfyEngine> {
    const shared = new ServerPlaces({ db, bus, log: createLog('silent'), name });
    const engine = engineFor([fake], { places: shared });
    places.push(shared);
    engines.push(engine);
    await until(async () => (await engine.health()).every(({ status }) => status === 'ready'));
    return engine;
  }

  it('send a server two frames at most, all of them together, and leave no place behind', async () => {
    const bus = new MemoryBus();
    const [one, two, three] = [await open(bus, 'one'), await open(bus, 'two'), await open(bus, 'three')];
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, fake.queue.remaining);
    }, 1);
    const run = (engine: ComfyEngine, task: number) =>
      Promise.all(
        [0, 1, 2, 3].map((index) =>
          engine.run(frame({ seed: task * 10 + index }), new Desk({ task, frame: index })),
        ),
      );
    await Promise.all([run(one, 1), run(two, 2), run(three, 3)]);
    clearInterval(watch);
    expect(most).toBe(2);
    expect(fake.executed).toHaveLength(12);
    const rows = () => db.read.selectFrom('server_places').selectAll().execute();
    await expect.poll(rows, { timeout: 20_000 }).toEqual([]);
  });
});
