/** How much work a picture is, to compare the times of pictures of one family: pixels times steps, for each frame of a video. */
import type { Family } from './family.ts';
import type { Recipe, RecipeVideo } from './recipe.ts';

/** 1 for families without steps. */
export function usualSteps({ params }: Pick<Family, 'params'>): number {
  const usual = params.find(({ key }) => key === 'steps')?.default;
  return typeof usual === 'number' ? usual : 1;
}

/** How many times the other work it is; null where one is not known. */
export const timesWork = (work: number | null, other: number | null): number | null =>
  work && other ? work / other : null;

interface Worked extends Pick<Recipe, 'width' | 'height'> {
  params: Pick<Recipe['params'], 'steps' | 'hires_scale' | 'hires_steps'>;
  video?: Pick<RecipeVideo, 'frames'> | null;
}

/** null: the size is not known. */
export function pictureWork({ width, height, params, video }: Worked, usual: number): number | null {
  if (!width || !height) return null;
  const { steps = usual, hires_scale = 1, hires_steps = steps } = params;
  const second = hires_scale > 1 ? hires_scale ** 2 * hires_steps : 0;
  return width * height * (steps + second) * (video?.frames ?? 1);
}
