/**
 * Several sessions on one database, as several processes have them on Postgres and several callers on SQLite, which one process
 * uses. Transactions stay open a while, so that they meet.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { OWNER } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase, testDialects } from '../../../test/test-database.ts';
import type { Database, Writer } from '../../db/database.ts';
import type { TaskRow } from '../../db/schema.ts';
import {
  claimTask,
  completeFrame,
  type HeldFrame,
  holdTask,
  type KeptOutput,
  releaseTasks,
} from './leased.ts';
import { lockTask } from './task-locks.ts';
import { endTask, framesOf, insertTask, moveFrames, readTask, UNFINISHED } from './task-rows.ts';

const OPEN_MS = 15;
const LANE = 'lane';
const PICTURE: KeptOutput = {
  place: 0,
  role: 'main',
  file: 'x',
  media_type: 'image/png',
  width: 1,
  height: 1,
  duration_ms: null,
  fps: null,
  size_bytes: 1,
  provenance: null,
};

describe.each(await testDialects())('several sessions on %s', (_, dialect) => {
  let place: TestDatabase;
  let sessions: Database[];

  beforeEach(async () => {
    place = await testDatabase(dialect);
    sessions = [];
    for (let n = 0; n < 4; n += 1)
      sessions.push(dialect === 'sqlite' && n > 0 ? session(0) : await place.open());
  });
  afterEach(async () => {
    for (const session of sessions) await session.close();
    await place.remove();
  });

  const session = (n: number): Database => sessions[n] as Database;
  /** Commits a while after its work is done. */
  const slowly = <T>(db: Database, work: (trx: Writer) => Promise<T>): Promise<T> =>
    db.write(async (trx) => {
      const result = await work(trx);
      await pause(OPEN_MS);
      return result;
    });

  const make = (frames: number, priority = 0) =>
    session(0).write((trx) =>
      insertTask(
        OWNER,
        trx,
        {
          kind: 'generation',
          lane: LANE,
          priority,
          family: 'x',
          prompt: '',
          source_name: '',
          search_text: '',
          style_id: null,
          source_task_id: null,
          plan: '{}',
          total_frames: frames,
          created_at: 1,
        },
        Array.from({ length: frames }, (_, index) => index),
        [],
      ),
    );
  const claim = (db: Database, lease: string) =>
    slowly(db, (trx) =>
      claimTask(trx, { lane: LANE, lease, leaseMs: 60_000, now: Date.now(), slots: () => 4 }),
    );

  it('claim each task once, by priority', async () => {
    const tasks: TaskRow[] = [];
    for (let n = 0; n < 12; n += 1) tasks.push((await make(1, n % 3)).task);
    const claimed: number[] = [];
    const priorities = sessions.map((): number[] => []);
    const leases = new Map<number, string>();
    await Promise.all(
      sessions.map(async (db, worker) => {
        for (let n = 0; ; n += 1) {
          const lease = `${worker}/${n}`;
          const found = await claim(db, lease);
          if (!found) return;
          claimed.push(found.task.id);
          priorities[worker]?.push(found.task.priority);
          leases.set(found.task.id, lease);
          expect(found.frames.map(({ status }) => status)).toEqual(['running']);
        }
      }),
    );
    expect([...claimed].sort((a, b) => a - b)).toEqual(tasks.map(({ id }) => id));
    for (const { id } of tasks) {
      const row = await readTask(OWNER, session(0).read, id);
      expect(row?.task).toMatchObject({ status: 'running', lease: leases.get(id) });
      expect(row?.frames[0]).toMatchObject({ status: 'running', tries: 1 });
    }
    for (const own of priorities) expect(own).toEqual([...own].sort((a, b) => b - a));
  });

  it.runIf(dialect === 'postgres')(
    'hold a task by the clock of the database, whatever the clock of their process says',
    async () => {
      const [ahead, behind] = [60_000, -60_000];
      for (const skewMs of [ahead, behind]) {
        const { task } = await make(1);
        await withClock(skewMs, () => claim(session(0), 'ours'));
        for (const otherMs of [ahead, behind]) {
          const put = () => session(1).write((trx) => releaseTasks(trx, 'expired'));
          expect(await withClock(otherMs, put)).toEqual([]);
        }
        await withClock(skewMs, () => session(0).write((trx) => holdTask(trx, task.id, 'ours', -1)));
        const put = () => session(1).write((trx) => releaseTasks(trx, 'expired'));
        expect((await withClock(behind, put)).map(({ id }) => id)).toEqual([task.id]);
        await session(0).write((trx) => trx.deleteFrom('tasks').where('id', '=', task.id).execute());
      }
    },
  );

  it('end a task once when its last two frames end at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { task } = await make(2);
      await claim(session(0), 'ours');
      const target = (index: number): HeldFrame => ({
        id: task.id,
        index,
        lease: 'ours',
        from: ['running'],
      });
      const ends = await Promise.all(
        [0, 1].map((index) => slowly(session(index), (trx) => completeFrame(trx, target(index), [PICTURE]))),
      );
      expect(ends.sort()).toEqual(['completed', 'more']);
      expect((await readTask(OWNER, session(0).read, task.id))?.task).toMatchObject({
        status: 'completed',
        lease: null,
      });
    }
  });

  it('let either a cancel or the end of a frame count, and never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { task } = await make(1);
      await claim(session(0), 'ours');
      const cancel = slowly(session(1), async (trx) => {
        await lockTask(trx, task.id);
        const moved = await moveFrames(trx, task.id, null, UNFINISHED, { status: 'cancelled' });
        if (moved > 0) await endTask(trx, task.id, await framesOf(trx, task.id), true);
        return moved > 0;
      });
      const target: HeldFrame = {
        id: task.id,
        index: 0,
        lease: 'ours',
        from: ['running'],
      };
      const finish = slowly(session(2), (trx) => completeFrame(trx, target, [PICTURE]));
      const [isCancelled, end] = await Promise.all([cancel, finish]);
      expect(end).toBe(isCancelled ? null : 'completed');
      const row = await readTask(OWNER, session(0).read, task.id);
      expect(row?.task).toMatchObject({ status: isCancelled ? 'cancelled' : 'completed', lease: null });
    }
  });

  it('put a task back once, and its holder then changes nothing', async () => {
    const { task } = await make(1);
    await claim(session(0), 'dead');
    const release = (db: Database) => slowly(db, (trx) => releaseTasks(trx, 'all'));
    const released = await Promise.all([release(session(1)), release(session(2))]);
    expect(released.flat().map(({ id }) => id)).toEqual([task.id]);
    expect((await readTask(OWNER, session(0).read, task.id))?.frames[0]).toMatchObject({
      tries: 0,
      interruptions: 1,
    });
    expect(await session(0).write((trx) => holdTask(trx, task.id, 'dead', 60_000))).toBe(false);
    await claim(session(1), 'new');
    const late: HeldFrame = { id: task.id, index: 0, lease: 'dead', from: ['running'] };
    expect(await session(0).write((trx) => completeFrame(trx, late, [PICTURE]))).toBe(null);
  });
});

/** As on a machine whose clock differs. */
async function withClock<T>(skewMs: number, work: () => Promise<T>): Promise<T> {
  const real = Date.now;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() + skewMs);
  return work().finally(() => clock.mockRestore());
}
