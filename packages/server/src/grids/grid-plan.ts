/** What the row of a grid keeps, and how it becomes a grid of the contract. Pure. */
import {
  emptyRecipe,
  type Grid,
  GridAxis,
  type GridCell,
  type GridListItem,
  type Recipe,
  readRecipe,
} from '@limner/contract';
import { z } from 'zod';
import { parsed } from '../db/parsed.ts';
import type { GridRow } from '../db/schema.ts';
import { outputUrl } from '../outputs/output-name.ts';
import type { CellPicture, CellRow } from './grids-store.ts';

const Axes = z.object({ x: GridAxis.nullable(), y: GridAxis.nullable(), z: GridAxis.nullable() });

export interface GridPlan {
  recipe: Recipe;
  batch_size: number;
  axes: z.infer<typeof Axes>;
}

/** What cannot be read is empty, so that the pictures of a damaged grid are still shown. */
function planOf({ plan }: GridRow): GridPlan {
  const stored = parsed<Partial<GridPlan>>(plan);
  return {
    recipe: readRecipe(stored?.recipe) ?? emptyRecipe('generation'),
    batch_size: stored?.batch_size ?? 1,
    axes: Axes.safeParse(stored?.axes).data ?? { x: null, y: null, z: null },
  };
}

const base = (row: GridRow, { axes, recipe }: GridPlan) => ({
  id: row.id,
  created_at: new Date(row.created_at).toISOString(),
  prompt: recipe.prompt,
  axes,
});

export function toGrid(row: GridRow, cells: CellRow[], pictures: CellPicture[]): Grid {
  const plan = planOf(row);
  const files = new Map(pictures.map(({ task_id, file }) => [task_id, file]));
  return {
    ...base(row, plan),
    recipe: plan.recipe,
    batch_size: plan.batch_size,
    cells: cells.map((cell) => toCell(cell, files.get(cell.task_id))),
  };
}

const toCell = ({ x, y, z, task_id, status }: CellRow, file: string | undefined): GridCell => ({
  x,
  y,
  z,
  task_id,
  status: status ?? 'deleted',
  output_path: file === undefined ? null : outputUrl(file),
});

export const toListItem = (row: GridRow & { ended: number }): GridListItem => ({
  ...base(row, planOf(row)),
  cells: row.cells,
  ended: row.ended,
});
