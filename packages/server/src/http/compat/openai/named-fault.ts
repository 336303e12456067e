/**
 * Tells a request that names what nothing here has from one that no engine can serve. Without what it names the former
 * would be served, so it is a fault of that field, which its client can mend.
 */
import { type Recipe, StudioError } from '@limner/contract';
import type { Engines } from '../../../engines/engines.ts';
import type { RequestedTask } from '../../../tasks/requested-task.ts';

/** The same error, or a fault of the field that names what is missing. */
export function asNamedFault(
  error: unknown,
  engines: Pick<Engines, 'choose'>,
  { recipe, fieldOf }: Pick<RequestedTask, 'recipe' | 'fieldOf'>,
): unknown {
  if (!(error instanceof StudioError) || error.code !== 'models_missing') return error;
  const field = without(recipe).find(([, other]) => isServed(engines, other))?.[0];
  if (field === undefined) return error;
  const reason = {
    en: `nothing here can paint with it. ${error.body('en').message}`,
    zh: `这里没有能使用它的引擎。${error.body('zh').message}`,
  };
  return new StudioError('invalid_request', { data: { reason }, field: fieldOf(field), cause: error });
}

/** By the field that is left out. Tags of the prompt are not in the recipe's own fields. */
function without(recipe: Recipe): [field: string, Recipe][] {
  const { model: _, ...params } = recipe.params;
  const unnamed = { ...recipe, family: null, params };
  return [
    ['prompt', recipe],
    ['loras', { ...recipe, loras: [] }],
    ['style', { ...recipe, style: null }],
    ['family', unnamed],
    ['loras', { ...unnamed, loras: [], style: null }],
  ];
}

function isServed(engines: Pick<Engines, 'choose'>, recipe: Recipe): boolean {
  try {
    engines.choose(recipe);
    return true;
  } catch {
    return false;
  }
}
