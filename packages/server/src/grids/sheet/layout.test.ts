import { emptyRecipe, type Grid, labRows } from '@limner/contract';
import { expect, it } from 'vitest';
import { sheetLayout } from './layout.ts';

const axis = (field: string, values: (string | number)[]) => ({
  ...{ field, label: { en: 's', zh: 's' } },
  values: values.map((value) => ({ value })),
});
const cellsOf = (z: number) =>
  [0, 1].map((x) => ({ x, y: 0, z, task_id: 1 + x + 2 * z, status: 'queued', output_path: null }) as const);
/** As grids were before: with a cell of strength 0 for each step. */
const grid: Grid = {
  ...{ id: 1, created_at: '', prompt: '', batch_size: 1, recipe: emptyRecipe('generation') },
  axes: {
    x: axis('style.strength', [0, 1]),
    y: axis('prompt', ['a cat']),
    z: axis('style.step', [250, 500, 0]),
  },
  cells: [0, 1, 2].flatMap(cellsOf),
};

it('a sheet over the steps of a training has the picture without the LoRA once', () => {
  const { cells, lines } = sheetLayout(grid, { cell: 64, sizes: [], language: 'en' });
  expect(cells.map(({ of }) => of.task_id)).toEqual([1, 2, 4, 6]);
  expect(cells.map(({ of }) => of)).toEqual(
    labRows(grid).flatMap(({ pictures }) => pictures.map(({ cell }) => cell)),
  );
  const columns = (left: number | undefined) => lines.filter((line) => line.left === left).length;
  expect([columns(cells[0]?.left), columns(cells[1]?.left)]).toEqual([1, 3]);
});
