/** The axes of a grid in the form, and what they make. Kept until the page is closed. */
import {
  checkedValues,
  type FilledAxes,
  GRID_AXES,
  type GridAxisName,
  type GridField,
  type GridInput,
  gridCount,
  type Language,
  StudioError,
  type TypedValues,
  typedValues,
} from '@limner/contract';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import { sentenceOf } from '../i18n/problem.ts';
import { attempt, type CureOf } from './task-actions.ts';

export interface AxisDraft {
  /** null: the grid has no such axis. */
  field: string | null;
  values: TypedValues;
}

const NONE: AxisDraft = { field: null, values: '' };

export const useGridDraft = create<Record<GridAxisName, AxisDraft>>(() => ({ x: NONE, y: NONE, z: NONE }));

export const setAxis = (name: GridAxisName, axis: AxisDraft | null): void =>
  useGridDraft.setState({ [name]: axis ?? NONE });

export interface ReadGrid {
  axes: GridInput['axes'];
  /** The same with their checked values. */
  filled: FilledAxes;
  /** Number of cells; 0: no axis is complete. */
  count: number;
  /** By axis, and `all` for the whole grid. */
  problems: Partial<Record<GridAxisName | 'all', string>>;
}

/** Axes over fields that the model does not have are left out. Pure. */
export function readGrid(
  draft: Record<GridAxisName, AxisDraft>,
  fields: GridField[],
  language: Language,
): ReadGrid {
  const read: ReadGrid = { axes: {}, filled: {}, count: 0, problems: {} };
  for (const name of GRID_AXES) {
    const field = fields.find((one) => one.field === draft[name].field);
    if (!field || draft[name].values.length === 0) continue;
    try {
      const values = checkedValues(field, typedValues(field, draft[name].values));
      read.filled[name] = { field: field.field, values };
      read.axes[name] = { field: field.field, values: draft[name].values };
    } catch (problem) {
      read.problems[name] = reasonOf(problem, language);
    }
  }
  try {
    if (Object.keys(read.filled).length > 0) read.count = gridCount(read.filled);
  } catch (problem) {
    read.problems.all = sentenceOf(problem);
  }
  return read;
}

/** The axis is named where the sentence is shown. */
function reasonOf(problem: unknown, language: Language): string {
  const reason = problem instanceof StudioError ? (problem.data.reason as Record<Language, string>) : null;
  return reason?.[language] ?? sentenceOf(problem);
}

/** The number of the new grid; null if it was refused, after showing why. */
export async function makeGrid(body: GridInput, cureOf: CureOf): Promise<number | null> {
  let made: number | null = null;
  await attempt(async () => {
    made = (await api.call('createGrid', { body })).id;
  }, cureOf);
  return made;
}
