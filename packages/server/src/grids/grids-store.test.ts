/** The rows of grids, on both databases. */
import { type Caller, OWNER } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase, testDialects } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import {
  cellOfTask,
  cellsOf,
  deleteGrid,
  findGrid,
  insertGrid,
  listGrids,
  picturesOf,
} from './grids-store.ts';

const STRANGER: Caller = { id: 'ann', role: 'user' };
const PLACES = [
  { x: 0, y: 0, z: 0 },
  { x: 1, y: 0, z: 0 },
  { x: 0, y: 1, z: 0 },
];

describe.each(await testDialects())('grids on %s', (_, dialect) => {
  let place: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    place = await testDatabase(dialect);
    db = await place.open();
  });
  afterAll(async () => {
    await db.close();
    await place.remove();
  });

  const addTask = (status: 'queued' | 'completed') =>
    db.write(async (trx) => {
      const task = { kind: 'generation' as const, status, lane: 'x', priority: 0, family: 'f', prompt: 'p' };
      const rest = { search_text: '', plan: '{}', total_frames: 3, version: 1, created_at: 1 };
      const { id } = await trx
        .insertInto('tasks')
        .values({ ...task, ...rest })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    });
  const addPicture = (task_id: number, frame_index: number, media_type = 'image/png') =>
    db.write(async (trx) => {
      await trx
        .insertInto('frames')
        .values({ task_id, frame_index, status: 'completed', seed: '1' })
        .execute();
      const file = `outputs/${task_id}_${frame_index}.png`;
      const output = {
        task_id,
        frame_index,
        place: 0,
        role: 'main' as const,
        file,
        media_type,
        width: 8,
        height: 4,
      };
      await trx
        .insertInto('outputs')
        .values({ ...output, size_bytes: 1, created_at: 1 })
        .execute();
    });
  const add = (tasks: number[]) =>
    db.write((trx) =>
      insertGrid(
        OWNER,
        trx,
        { plan: '{}', cells: tasks.length, created_at: 5 },
        PLACES.slice(0, tasks.length),
        tasks,
      ),
    );

  it('have their cells in order, with the first picture of each task', async () => {
    const tasks = [await addTask('completed'), await addTask('queued'), await addTask('completed')];
    const [first = 0, second = 0, third = 0] = tasks;
    // The first frame was deleted, and another has no picture.
    await addPicture(first, 1, 'application/json');
    await addPicture(first, 2);
    await addPicture(first, 3);
    await addPicture(third, 0);
    const { id } = await add(tasks);
    expect(await cellsOf(OWNER, db.read, id)).toEqual([
      { ...PLACES[0], task_id: first, status: 'completed' },
      { ...PLACES[1], task_id: second, status: 'queued' },
      { ...PLACES[2], task_id: third, status: 'completed' },
    ]);
    const pictures = await picturesOf(OWNER, db.read, id);
    expect(pictures.map(({ file }) => file).sort()).toEqual(
      [`outputs/${first}_2.png`, `outputs/${third}_0.png`].sort(),
    );
    expect(await listGrids(OWNER, db.read, { limit: 1 })).toMatchObject([{ id, cells: 3, ended: 2 }]);
    expect(await cellOfTask(OWNER, db.read, third)).toEqual({ id, x: 0, y: 1, z: 0 });
    expect(await cellOfTask(OWNER, db.read, 999_999)).toBeNull();
  });

  it('keep a cell without its task, and end it', async () => {
    const tasks = [await addTask('completed'), await addTask('queued')];
    const { id } = await add(tasks);
    await db.write((trx) => trx.deleteFrom('tasks').where('id', 'in', tasks).execute());
    expect((await cellsOf(OWNER, db.read, id)).map(({ status }) => status)).toEqual([null, null]);
    expect(await listGrids(OWNER, db.read, { limit: 1 })).toMatchObject([{ id, ended: 2 }]);
  });

  it('are deleted without their tasks', async () => {
    const task = await addTask('completed');
    const { id } = await add([task]);
    expect(await db.write((trx) => deleteGrid(OWNER, trx, id))).toBe(true);
    expect(await db.write((trx) => deleteGrid(OWNER, trx, id))).toBe(false);
    expect(await cellsOf(OWNER, db.read, id)).toEqual([]);
    expect(await db.read.selectFrom('tasks').select('id').where('id', '=', task).execute()).toEqual([
      { id: task },
    ]);
  });

  it('belong to the caller', async () => {
    const { id } = await add([await addTask('completed')]);
    expect(await findGrid(STRANGER, db.read, id)).toBeUndefined();
    expect(await cellsOf(STRANGER, db.read, id)).toEqual([]);
    expect(await listGrids(STRANGER, db.read, { limit: 9 })).toEqual([]);
    expect(await db.write((trx) => deleteGrid(STRANGER, trx, id))).toBe(false);
    await expect(
      db.write((trx) => insertGrid(STRANGER, trx, { plan: '{}', cells: 0, created_at: 5 }, [], [])),
    ).rejects.toMatchObject({ code: 'not_allowed' });
  });
});
