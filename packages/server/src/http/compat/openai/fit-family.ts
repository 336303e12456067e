/**
 * Fits an order to the family that will paint it: the API's sizes and qualities are those of other models. A size beyond
 * the family's is made smaller and keeps its shape; a quality becomes a number of steps.
 */
import type { Family, Params, Recipe, Size } from '@limner/contract';
import type { Engines } from '../../../engines/engines.ts';
import { withLongerSide } from '../../../engines/size.ts';
import type { NewTasks } from '../../../tasks/new-tasks.ts';
import type { DialectDesk } from '../dialect.ts';
import { asNamedFault } from './named-fault.ts';

export const fittingTasks = (
  { engines, newTasks }: Pick<DialectDesk, 'engines'> & { newTasks: Pick<NewTasks, 'create'> },
  quality: string | undefined,
): Pick<NewTasks, 'create'> => ({
  create: async (caller, requested) => {
    const fitting = { ...requested, recipe: fitted(engines, requested.recipe, quality) };
    try {
      return await newTasks.create(caller, fitting);
    } catch (error) {
      throw asNamedFault(error, engines, fitting);
    }
  },
});

function fitted(engines: Engines, recipe: Recipe, quality: string | undefined): Recipe {
  const family = chosenFamily(engines, recipe);
  if (!family) return recipe;
  const params = { ...recipe.params, ...stepsOf(family, recipe.params, quality) };
  return { ...recipe, params, ...sizeWithin(family, recipe) };
}

/** Undefined if none can do it; the new task is then refused with the reason. */
function chosenFamily(engines: Engines, recipe: Recipe): Family | undefined {
  try {
    return engines.choose(recipe).family;
  } catch {
    return undefined;
  }
}

function sizeWithin({ size }: Family, { width, height }: Recipe): Size | null {
  if (!size || width === null || height === null || Math.max(width, height) <= size.max) return null;
  return withLongerSide(size.max, { width, height });
}

/** Times the family's usual steps. */
const QUALITIES = new Map([
  ['low', 0.5],
  ['high', 1.5],
  ['hd', 1.5],
  ['xhigh', 2],
  ['max', 2],
]);

function stepsOf(family: Family, { steps }: Params, quality = ''): Params {
  const times = QUALITIES.get(quality);
  const param = family.params.find(({ key, effect }) => key === 'steps' && effect);
  if (times === undefined || steps !== undefined || typeof param?.default !== 'number') return {};
  const { default: usual, min = 1, max = 150 } = param;
  return { steps: Math.min(max, Math.max(min, Math.round(usual * times))) };
}
