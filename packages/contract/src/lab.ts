/**
 * The LoRA lab: a grid over the strength of a style, prompts and, where several are compared, styles. All cells have one
 * seed, and strength 0 is the same picture without the LoRA. Pure.
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
  /** Absent: one is drawn, for all cells the same. */
  seed?: number | undefined;
}

/** Without the LoRA first, then the strengths in rising order. */
export const labStrengths = (strengths: readonly number[]): number[] =>
  [...new Set([0, ...strengths])].sort((a, b) => Number(a !== 0) - Number(b !== 0) || a - b);

export const labSize = ({ styles, strengths, prompts }: Omit<LabInput, 'seed'>): number =>
  styles.length * labStrengths(strengths).length * prompts.length;

export function labGrid({ styles, strengths, prompts, seed }: LabInput): GridInput {
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
    },
  };
}

/** Grids made by hand over the same fields count too. */
export const isLab = ({ axes }: Pick<GridListItem, 'axes'>): boolean =>
  axes.x?.field === 'style.strength' &&
  axes.y?.field === 'prompt' &&
  [undefined, 'style'].includes(axes.z?.field);

export interface LabPicture {
  /** The name of its style. */
  style: string;
  strength: number;
  cell: GridCell;
}

export interface LabRow {
  prompt: string;
  pictures: LabPicture[];
}

/** The pictures of each prompt: by style, then by strength. */
export function labRows({ axes, cells, recipe }: Grid): LabRow[] {
  const prompts = axes.y?.values ?? [];
  return prompts.map(({ value }, y) => ({
    prompt: String(value),
    pictures: cells
      .filter((cell) => cell.y === y)
      .map((cell) => ({
        style: String(axes.z?.values[cell.z]?.value ?? recipe.style?.name ?? ''),
        strength: Number(axes.x?.values[cell.x]?.value ?? 1),
        cell,
      })),
  }));
}

export interface LabVotes {
  style: string;
  strength: number;
  count: number;
}

/** How often each combination was chosen, the most first; of equals the weaker one, which leaves the model more. */
export function labVotes(chosen: readonly Pick<LabPicture, 'style' | 'strength'>[]): LabVotes[] {
  const votes: LabVotes[] = [];
  for (const { style, strength } of chosen) {
    const held = votes.find((vote) => vote.style === style && vote.strength === strength);
    if (held) held.count += 1;
    else votes.push({ style, strength, count: 1 });
  }
  return votes.sort((a, b) => b.count - a.count || a.strength - b.strength);
}
