/**
 * The LoRA lab: a grid over the strength of a style, prompts and, where several are compared, styles, or LoRAs of one style
 * after several steps of its training. All cells have one seed, and strength 0 is the same picture without the LoRA. Pure.
 */
import type { Grid, GridCell, GridInput, GridListItem } from './grid.ts';
import type { Style } from './style.ts';

export const LAB_STRENGTHS: readonly number[] = [0.6, 0.8, 1];

/** Pictures are compared by eye, so a lab is smaller than other grids. */
export const MAX_LAB_CELLS = 120;

export interface LabInput {
  /** The first is the one whose model paints. */
  styles: readonly Pick<Style, 'id' | 'name'>[];
  strengths: readonly number[];
  prompts: readonly string[];
  /** Of the training of the only style; 0: the LoRA that it has. */
  steps?: readonly number[] | undefined;
  /** Absent: one is drawn, for all cells the same. */
  seed?: number | undefined;
}

const STEP = 'style.step';

/** Without the LoRA first, then the strengths in rising order. */
export const labStrengths = (strengths: readonly number[]): number[] =>
  [...new Set([0, ...strengths])].sort((a, b) => Number(a !== 0) - Number(b !== 0) || a - b);

/** Pictures of the lab; the one without the LoRA is the same for all steps, and is painted once for each prompt. */
export function labSize({ styles, strengths, prompts, steps = [] }: Omit<LabInput, 'seed'>): number {
  const each = labStrengths(strengths).length;
  const ofStyles = styles.length * each;
  const ofPrompt = styles.length === 1 && steps.length > 0 ? 1 + steps.length * (each - 1) : ofStyles;
  return ofPrompt * prompts.length;
}

export function labGrid({ styles, strengths, prompts, steps = [], seed }: LabInput): GridInput {
  const [first] = styles;
  const names = styles.map(({ name }) => name);
  return {
    recipe: {
      ...{ kind: 'generation', type: 'txt2img', prompt: prompts[0] ?? '' },
      style: first ? { id: first.id, name: first.name } : null,
      ...(seed === undefined ? {} : { seed }),
    },
    axes: {
      x: { field: 'style.strength', values: labStrengths(strengths) },
      y: { field: 'prompt', values: [...prompts] },
      ...(names.length > 1 ? { z: { field: 'style', values: names } } : {}),
      ...(names.length === 1 && steps.length > 0 ? { z: { field: 'style.step', values: [...steps] } } : {}),
    },
  };
}

/** Grids made by hand over the same fields count too. */
export const isLab = ({ axes }: Pick<GridListItem, 'axes'>): boolean =>
  axes.x?.field === 'style.strength' &&
  axes.y?.field === 'prompt' &&
  [undefined, 'style', STEP].includes(axes.z?.field);

/** Whether a cell would be the picture of the first step again: without the LoRA no step of a training differs. */
export const isRepeatedCell = (
  { x, z }: Grid['axes'],
  cell: { readonly x: number; readonly z: number },
): boolean =>
  z?.field === STEP && cell.z > 0 && x?.field === 'style.strength' && x.values[cell.x]?.value === 0;

export interface LabPicture {
  /** The name of its style. */
  style: string;
  strength: number;
  /** Of the training of its style; 0: the LoRA that the style has. */
  step: number;
  cell: GridCell;
}

export interface LabRow {
  prompt: string;
  pictures: LabPicture[];
}

/** The pictures of each prompt: by style or step, then by strength. Without the LoRA no step differs, so that is shown once. */
export function labRows({ axes, cells, recipe }: Grid): LabRow[] {
  const prompts = axes.y?.values ?? [];
  const along = (field: string, { z }: GridCell) =>
    axes.z?.field === field ? axes.z.values[z]?.value : undefined;
  return prompts.map(({ value }, y) => ({
    prompt: String(value),
    pictures: cells
      .filter((cell) => cell.y === y && !isRepeatedCell(axes, cell))
      .map((cell) => ({
        style: String(along('style', cell) ?? recipe.style?.name ?? ''),
        step: Number(along(STEP, cell) ?? 0),
        strength: Number(axes.x?.values[cell.x]?.value ?? 1),
        cell,
      })),
  }));
}

/** What a picture was made with. */
export type LabChoice = Omit<LabPicture, 'cell'>;

export interface LabVotes extends LabChoice {
  count: number;
}

/** How often each combination was chosen, the most first; of equals the weaker one, which leaves the model more. */
export function labVotes(chosen: readonly LabChoice[]): LabVotes[] {
  const votes: LabVotes[] = [];
  for (const { style, strength, step } of chosen) {
    const held = votes.find(
      (vote) => vote.style === style && vote.strength === strength && vote.step === step,
    );
    if (held) held.count += 1;
    else votes.push({ style, strength, step, count: 1 });
  }
  return votes.sort((a, b) => b.count - a.count || a.strength - b.strength);
}
