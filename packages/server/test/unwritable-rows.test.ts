/** A worker that cannot write the rows of one frame. */
import { sql } from 'kysely';
import { afterEach, expect, it } from 'vitest';
import type { Database } from '../src/db/database.ts';
import { ScriptedEngine, tinyPng, untilAborted } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

let studio: TestStudio | undefined;

afterEach(async () => {
  await studio?.close();
  studio = undefined;
});

const refuseEndOfFirstFrame = async (db: Database) => {
  await db.write((trx) =>
    sql`
      create trigger refuse before update on frames
      when new.frame_index = 0 and new.status in ('completed', 'failed')
      begin select raise(abort, 'the disk is broken'); end
    `.execute(trx),
  );
};

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

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
