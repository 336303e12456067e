import { describe, expect, it } from 'vitest';
import type { Grid } from './grid.ts';
import { GridRequest } from './grid.ts';
import { isLab, labGrid, labRows, labSize, labStrengths, labVotes } from './lab.ts';
import { emptyRecipe } from './recipe.ts';

const ink = { id: 4, name: 'Ink' };
const oil = { id: 5, name: 'Oil' };
const NO_STYLE = { trigger_words: '', lora_path: null, family: null };
const prompts = ['a red dragon', 'a castle, at night'];

describe('a lab', () => {
  it('is a grid whose first column is without the LoRA', () => {
    const grid = labGrid({ styles: [ink], strengths: [1, 0.6], prompts, seed: 7 });
    expect(GridRequest.parse(grid)).toMatchObject({
      recipe: { kind: 'generation', prompt: 'a red dragon', seed: 7, style: { id: 4, name: 'Ink' } },
      axes: {
        x: { field: 'style.strength', values: [0, 0.6, 1] },
        y: { field: 'prompt', values: prompts },
      },
    });
    expect(grid.axes.z).toBeUndefined();
  });

  it('has an axis for several styles, and counts its pictures', () => {
    const input = { styles: [ink, oil], strengths: [0.8], prompts };
    expect(labGrid(input).axes.z).toEqual({ field: 'style', values: ['Ink', 'Oil'] });
    expect(labSize(input)).toBe(8);
    expect(labStrengths([0, -0.5, 0.8, 0.8])).toEqual([0, -0.5, 0.8]);
  });

  it('has an axis for the steps of the training of one style', () => {
    const input = { styles: [ink], strengths: [1], prompts, steps: [250, 500, 0] };
    expect(labGrid(input).axes.z).toEqual({ field: 'style.step', values: [250, 500, 0] });
    // Without the LoRA once for each prompt.
    expect(labSize(input)).toBe(8);
    expect(labGrid({ ...input, styles: [ink, oil] }).axes.z).toEqual({
      field: 'style',
      values: ['Ink', 'Oil'],
    });
  });

  const label = { en: '', zh: '' };
  const axis = (field: string, values: (string | number)[]) => ({
    ...{ field, label },
    values: values.map((value) => ({ value })),
  });
  const grid: Grid = {
    ...{ id: 1, created_at: '', prompt: '', batch_size: 1 },
    recipe: { ...emptyRecipe('generation'), style: null },
    axes: { x: axis('style.strength', [0, 1]), y: axis('prompt', prompts), z: axis('style', ['Ink', 'Oil']) },
    cells: [0, 1].flatMap((z) =>
      [0, 1].flatMap((y) =>
        [0, 1].map((x) => ({
          ...{ x, y, z },
          task_id: 1 + x + 2 * y + 4 * z,
          status: 'queued',
          output_path: null,
        })),
      ),
    ) as Grid['cells'],
  };

  it('shows the pictures of each prompt by style and strength', () => {
    expect(isLab(grid)).toBe(true);
    expect(isLab({ axes: { ...grid.axes, x: axis('steps', [1]) } })).toBe(false);
    const [, second] = labRows(grid);
    expect(second?.prompt).toBe('a castle, at night');
    expect(second?.pictures.map(({ style, strength, cell }) => [style, strength, cell.task_id])).toEqual([
      ['Ink', 0, 3],
      ['Ink', 1, 4],
      ['Oil', 0, 7],
      ['Oil', 1, 8],
    ]);
  });

  it('shows the pictures of one style by the step of its LoRA, and the one without it once', () => {
    const steps = { ...grid, axes: { ...grid.axes, z: axis('style.step', [250, 0]) } };
    const recipe = { ...grid.recipe, style: { ...NO_STYLE, ...ink } };
    expect(isLab(steps)).toBe(true);
    const [first] = labRows({ ...steps, recipe });
    expect(first?.pictures.map(({ style, strength, step }) => [style, strength, step])).toEqual([
      ['Ink', 0, 250],
      ['Ink', 1, 250],
      ['Ink', 1, 0],
    ]);
  });

  it('counts what was chosen, the weaker of equals first', () => {
    const chosen = [1, 0.6, 0.8, 0.8, 1].map((strength) => ({ style: 'Ink', strength, step: 0 }));
    expect(labVotes(chosen)).toEqual([
      { style: 'Ink', strength: 0.8, step: 0, count: 2 },
      { style: 'Ink', strength: 1, step: 0, count: 2 },
      { style: 'Ink', strength: 0.6, step: 0, count: 1 },
    ]);
  });
});
