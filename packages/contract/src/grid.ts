/**
 * Grids: one recipe with up to three axes, each a field and its values. Every cell is an ordinary task; the grid keeps
 * which. Deleting a grid leaves its tasks, and a deleted task leaves its cell.
 */
import { z } from 'zod';
import { fromDigits } from './digits.ts';
import { Bilingual } from './family.ts';
import { MAX_PROMPT_CHARS } from './limits.ts';
import { Recipe } from './recipe.ts';
import { TaskRequest } from './request.ts';
import { TaskId, TaskStatus } from './task.ts';

/** Text of an axis: many prompts, one a line. */
const MAX_AXIS_CHARS = 4_000_000;
/** More than a grid can have, so that a long list is refused with its number of cells. */
const MAX_LISTED = 100_000;
export const MAX_GRID_MB = 16;

const GridScalar = z.union([z.string().max(MAX_PROMPT_CHARS), z.number()]);

const AxisRequest = z.strictObject({
  /** A parameter of the family, or `prompt`, `prompt_replace`, `seed`, `size`, `style`, `loras.0.weight` … */
  field: z.string().min(1).max(200),
  /** As typed, for example `20-40 (+5)`, `euler, heun` or one prompt a line; or a list. */
  values: z.union([z.string().max(MAX_AXIS_CHARS), z.array(GridScalar).max(MAX_LISTED)]),
});

const axesOf = <S extends z.ZodType>(axis: S) => ({ x: axis, y: axis, z: axis });

/** `POST /api/grids`. Without a seed one is drawn, for all cells the same. */
export const GridRequest = TaskRequest.extend({ axes: z.strictObject(axesOf(AxisRequest.optional())) });
export type GridRequest = z.infer<typeof GridRequest>;
export type GridInput = z.input<typeof GridRequest>;

export const GridValue = z.object({
  value: GridScalar,
  /** Where it is not the value itself. */
  label: Bilingual.optional(),
});

export const GridAxis = z.object({ field: z.string(), label: Bilingual, values: z.array(GridValue) });
export type GridAxis = z.infer<typeof GridAxis>;

const index = z.number().int().min(0);

export const GridCell = z.object({
  /** Indexes of the axes' values; 0 where the grid has no such axis. */
  x: index,
  y: index,
  z: index,
  task_id: TaskId,
  /** `deleted`: the task does not exist now. */
  status: z.union([TaskStatus, z.literal('deleted')]),
  /** The first finished picture. */
  output_path: z.string().nullable(),
});
export type GridCell = z.infer<typeof GridCell>;

const GridBase = z.object({
  id: z.number().int().positive(),
  created_at: z.iso.datetime(),
  prompt: z.string(),
  axes: z.object(axesOf(GridAxis.nullable())),
});

/**
 * Cells are in the order of their tasks: along x, then y, then z. Over strengths (x) and steps (z) of a style there is one
 * cell of strength 0 for all steps.
 */
export const Grid = GridBase.extend({
  /** As requested, with the seed of all cells. Fields of axes have the values of `axes`. */
  recipe: Recipe,
  batch_size: z.number().int(),
  cells: z.array(GridCell),
});
export type Grid = z.infer<typeof Grid>;

/** One row of `GET /api/grids`. */
export const GridListItem = GridBase.extend({
  /** Number of cells, and of those with an ended task. */
  cells: z.number().int(),
  ended: z.number().int(),
});
export type GridListItem = z.infer<typeof GridListItem>;

export const GridQuery = z.object({
  limit: fromDigits(z.number().int().min(1).max(100)).default(20),
  /** Only grids older than this id. */
  before: fromDigits(z.number().int().positive()).optional(),
});
export type GridQuery = z.infer<typeof GridQuery>;

/** Longest side of a cell's picture on a sheet, in pixels. */
export const MIN_SHEET_CELL_PX = 64;
export const MAX_SHEET_CELL_PX = 1024;

export const SheetQuery = z.object({
  cell: fromDigits(z.number().int().min(MIN_SHEET_CELL_PX).max(MAX_SHEET_CELL_PX))
    .optional()
    .describe('Longest side of each picture, in pixels; the largest that fits, up to 512, if absent'),
  lang: z.string().max(20).optional().describe('Language of the labels: en or zh'),
  download: z.string().optional().describe('1: saved under a good name'),
});
export type SheetQuery = z.infer<typeof SheetQuery>;
