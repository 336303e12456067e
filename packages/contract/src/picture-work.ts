/**
 * How much work a picture is, to compare the times of pictures of one family: pixels times runs of the model, for each
 * frame of a video.
 */
import { type Family, paramsWith } from './family.ts';
import type { Params } from './params.ts';
import type { Recipe, RecipeVideo } from './recipe.ts';

type Described = Pick<Family, 'params'>;

/** How many times the other work it is; null where one is not known. */
export const timesWork = (work: number | null, other: number | null): number | null =>
  work && other ? work / other : null;

interface Worked extends Pick<Recipe, 'width' | 'height'> {
  params: Partial<Params>;
  video?: Pick<RecipeVideo, 'frames'> | null;
}

/**
 * null: the size is not known.
 * @param family as its servers offer it, so that the chosen file's own steps count; undefined: the family is gone
 */
export function pictureWork(
  { width, height, params, video }: Worked,
  family: Described | undefined,
): number | null {
  if (!width || !height) return null;
  const { steps: usual, runs } = usualOf(family, params);
  const { steps = usual, hires_scale = 1, hires_steps = steps } = params;
  const second = hires_scale > 1 ? hires_scale ** 2 * hires_steps : 0;
  return width * height * (steps + second) * runs * (video?.frames ?? 1);
}

/** Steps of the chosen file or LoRA, 1 without steps; and how often the model runs in each: above cfg 1 also for the negative prompt. */
function usualOf(family: Described | undefined, values: Partial<Params>): { steps: number; runs: number } {
  const params = paramsWith(family?.params ?? [], values);
  const paramNamed = (name: string) => params.find(({ key }) => key === name);
  const steps = paramNamed('steps')?.default;
  const cfg = paramNamed('cfg');
  const asked = values.cfg ?? cfg?.default;
  return {
    steps: typeof steps === 'number' ? steps : 1,
    runs: cfg?.effect && typeof asked === 'number' && asked > 1 ? 2 : 1,
  };
}
