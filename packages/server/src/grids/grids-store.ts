/** Rows of grids and their cells. A cell whose task does not exist has neither status nor picture. */
import { type Caller, FINAL_STATUSES, type GridPlace, type GridQuery, type TaskCell } from '@limner/contract';
import type { Insertable } from 'kysely';
import { refuseStranger } from '../access.ts';
import { chunksOf } from '../chunks-of.ts';
import type { Reader, Writer } from '../db/database.ts';
import type { GridRow, GridsTable, OutputRow, TaskRow } from '../db/schema.ts';
import { scopedStatement, visibleTo } from '../db/visible-to.ts';

/** Below the parameter limit of a statement on both databases. */
const ROWS_AT_ONCE = 200;

export interface CellRow extends GridPlace {
  task_id: number;
  /** null: the task does not exist. */
  status: TaskRow['status'] | null;
}

export type CellPicture = Pick<OutputRow, 'task_id' | 'file' | 'width' | 'height'>;

/** @param tasks of the cells, in their order */
export async function insertGrid(
  caller: Caller,
  trx: Writer,
  grid: Insertable<GridsTable>,
  places: GridPlace[],
  tasks: number[],
): Promise<GridRow> {
  refuseStranger(caller);
  const row = await trx.insertInto('grids').values(grid).returningAll().executeTakeFirstOrThrow();
  const cells = places.map((place, cell) => ({
    grid_id: row.id,
    cell,
    ...place,
    task_id: tasks[cell] as number,
  }));
  for (const some of chunksOf(cells, ROWS_AT_ONCE)) await trx.insertInto('grid_cells').values(some).execute();
  return row;
}

export const findGrid = (caller: Caller, db: Reader, id: number): Promise<GridRow | undefined> =>
  db.selectFrom('grids').selectAll().where('id', '=', id).where(visibleTo(caller)).executeTakeFirst();

/** In their order. */
export const cellsOf = (caller: Caller, db: Reader, grid: number): Promise<CellRow[]> =>
  db
    .selectFrom('grid_cells')
    .leftJoin('tasks', 'tasks.id', 'grid_cells.task_id')
    .select(['x', 'y', 'z', 'task_id', 'tasks.status'])
    .where('grid_id', '=', grid)
    .where(visibleTo(caller))
    .orderBy('cell')
    .execute();

/** The first picture of each task that has one. */
export const picturesOf = (caller: Caller, db: Reader, grid: number): Promise<CellPicture[]> =>
  db
    .selectFrom('grid_cells')
    .innerJoin('outputs', 'outputs.task_id', 'grid_cells.task_id')
    .select(['outputs.task_id', 'file', 'width', 'height'])
    .where('grid_id', '=', grid)
    .where('place', '=', 0)
    .where('media_type', 'like', 'image/%')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('outputs as earlier')
            .select('earlier.task_id')
            .whereRef('earlier.task_id', '=', 'outputs.task_id')
            .whereRef('earlier.frame_index', '<', 'outputs.frame_index')
            .where('earlier.place', '=', 0)
            .where('earlier.media_type', 'like', 'image/%'),
        ),
      ),
    )
    .where(visibleTo(caller))
    .execute();

/** Newest first, with the number of cells whose tasks have ended or do not exist. */
export async function listGrids(
  caller: Caller,
  db: Reader,
  { limit, before }: GridQuery,
): Promise<(GridRow & { ended: number })[]> {
  let query = db
    .selectFrom('grids')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('grid_cells')
        .leftJoin('tasks', 'tasks.id', 'grid_cells.task_id')
        .select((of) => of.fn.countAll<number>().as('n'))
        .whereRef('grid_cells.grid_id', '=', 'grids.id')
        .where((of) => of.or([of('tasks.id', 'is', null), of('tasks.status', 'in', [...FINAL_STATUSES])]))
        .as('ended'),
    )
    .where(visibleTo(caller));
  if (before !== undefined) query = query.where('grids.id', '<', before);
  const rows = await query.orderBy('grids.id', 'desc').limit(limit).execute();
  return rows.map((row) => ({ ...row, ended: Number(row.ended) }));
}

/** Also its cells, but no task. False: there is none. */
export async function deleteGrid(caller: Caller, trx: Writer, id: number): Promise<boolean> {
  if (!(await findGrid(caller, trx, id))) return false;
  await trx.deleteFrom('grid_cells').where('grid_id', '=', id).execute();
  await trx.deleteFrom('grids').where('id', '=', id).execute();
  return true;
}

const cellRows = scopedStatement<{ id: number }, TaskCell>((db, { id }, visible) =>
  db
    .selectFrom('grid_cells')
    .select(['grid_id as id', 'x', 'y', 'z'])
    .where('task_id', '=', id)
    .where(visible)
    .orderBy('grid_id', 'desc')
    .limit(1),
);

/** null: the task belongs to no grid. */
export const cellOfTask = async (caller: Caller, db: Reader, task: number): Promise<TaskCell | null> =>
  (await cellRows(caller, db, { id: task })).rows[0] ?? null;
