/** A worker that cannot write the rows of one frame. */
import { StudioError, type Task } from '@limner/contract';
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { MAX_RUNS } from '../src/tasks/run/setbacks.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio | undefined;

afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const refuse = async (db: Database, when: string) => {
  await db.write((trx) =>
    sql`
      create trigger refuse before update on frames when ${sql.raw(when)}
      begin select raise(abort, 'the disk is broken'); end
    `.execute(trx),
  );
};

const refuseEndOfFirstFrame = (db: Database) =>
  refuse(db, "new.frame_index = 0 and new.status in ('completed', 'failed')");

it('stops the other frames before the task is taken up again, and a cancel stops them all', async () => {
  let live = 0;
  let most = 0;
  const second = gate();
  const runs = (index: number) => engine.runs.filter(({ frame }) => frame === index).length;
  const engine = new ScriptedEngine(
    async (_, { frame, signal }) => {
      if (frame === 0 && runs(0) === 1) {
        await second.opened;
        return tinyPng;
      }
      if (frame === 0) return untilAborted(signal);
      live += 1;
      most = Math.max(most, live);
      second.open();
      try {
        return await untilAborted(signal);
      } finally {
        live -= 1;
      }
    },
    { slots: 2, tries: 1 },
  );
  studio = await startStudio({ dialect: 'sqlite', engines: [engine], before: refuseEndOfFirstFrame });
  const { client } = studio;
  const { id } = await client.call('generate', {
    body: { prompt: 'a gate', family: 'scripted', batch_size: 2 },
  });
  await expect.poll(() => [runs(0), runs(1)], { timeout: 10_000 }).toEqual([2, 2]);
  expect([live, most]).toEqual([1, 1]);
  expect((await client.call('cancelTask', { params: { id } })).status).toBe('cancelled');
  await expect.poll(() => live).toBe(0);
});

it('a frame that can never begin fails with the reason; the others and the tasks behind it are painted', async () => {
  const engine = new ScriptedEngine();
  studio = await startStudio({
    dialect: 'sqlite',
    engines: [engine],
    before: (db) =>
      refuse(
        db,
        "new.task_id = 1 and new.frame_index = 1 and new.status = 'running' and old.status = 'queued'",
      ),
  });
  const { client } = studio;
  const make = (batch_size: number) =>
    client.call('generate', { body: { prompt: 'a gate', family: 'scripted', batch_size } });
  const [bad, next] = [await make(3), await make(1)];
  const task = await studio.ended(bad.id);
  expect(task.status).toBe('partial');
  expect(task.frames.map(({ status }) => status)).toEqual(['completed', 'failed', 'completed']);
  expect(task.error?.code).toBe('internal');
  expect((await studio.ended(next.id)).status).toBe('completed');
  expect(engine.runs.filter(({ frame }) => frame === 1)).toEqual([]);
});

it('a task whose rows cannot be written does not hold up the tasks behind it', async () => {
  const engine = new ScriptedEngine(() => tinyPng, { tries: 1 });
  const before = (db: Database) =>
    refuse(db, "new.task_id = 1 and new.status in ('completed', 'failed', 'cancelled')");
  studio = await startStudio({
    dialect: 'sqlite',
    engines: [engine],
    before,
    environ: { MAX_CONCURRENT_TASKS: '1' },
  });
  const make = () =>
    studio?.client.call('generate', { body: { prompt: 'a gate', family: 'scripted' } }) as Promise<Task>;
  const [bad, ...behind] = [await make(), await make(), await make()];
  for (const { id } of behind) expect((await studio.ended(id)).status).toBe('completed');
  expect((await studio.client.call('getTask', { params: { id: bad.id } })).completed_at).toBeNull();
});

it('a frame whose end cannot be written is run a few times, and then waits until its failure can be written', async () => {
  const engine = new ScriptedEngine(() => tinyPng, { tries: 1 });
  const databases: Database[] = [];
  studio = await startStudio({
    dialect: 'sqlite',
    engines: [engine],
    before: async (db) => {
      databases.push(db);
      await refuseEndOfFirstFrame(db);
    },
  });
  const { client } = studio;
  const { id } = await client.call('generate', {
    body: { prompt: 'a gate', family: 'scripted', batch_size: 2 },
  });
  const frames = async () => (await client.call('getTask', { params: { id } })).frames;
  // The frame behind it is painted too, although the first one still has no end.
  await expect.poll(async () => (await frames())[1]?.status, { timeout: 10_000 }).toBe('completed');
  const runs = engine.runs.filter(({ frame }) => frame === 0).length;
  expect(runs).toBe(MAX_RUNS);
  expect((await frames())[0]?.status).not.toBe('completed');
  await databases[0]?.write((trx) => sql`drop trigger refuse`.execute(trx));
  const ended = await studio.ended(id);
  expect(ended.frames.map(({ status }) => status)).toEqual(['failed', 'completed']);
  expect(ended.error?.code).toBe('internal');
  expect(engine.runs.filter(({ frame }) => frame === 0)).toHaveLength(MAX_RUNS);
  // Its user may try it again.
  await client.call('retryTask', { params: { id } });
  expect((await studio.ended(id)).status).toBe('completed');
});

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

it('a frame does not fail by a database that is away for a while, however often it is run', async () => {
  let runs = 0;
  const engine = new ScriptedEngine(async () => {
    runs += 1;
    if (runs <= 2 * MAX_RUNS) throw new StudioError('database_unavailable');
    return tinyPng;
  });
  studio = await startStudio({ dialect: 'sqlite', engines: [engine] });
  const { id } = await studio.client.call('generate', { body: { prompt: 'a gate', family: 'scripted' } });
  expect((await studio.ended(id)).status).toBe('completed');
  expect(runs).toBe(2 * MAX_RUNS + 1);
});
