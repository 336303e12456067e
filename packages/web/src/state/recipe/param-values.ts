/** Parameters of a recipe by the key of the family's parameter: values of a workflow's placeholders beside the others. */
import type { Params, Recipe } from '@limner/contract';
import type { ParamValues } from '../draft/draft.ts';

/** Key prefix for values of a workflow's placeholders. */
export const INPUTS = 'inputs.';

export function valuesOf({ params, references }: Pick<Recipe, 'params' | 'references'>): ParamValues {
  const { inputs, reference_mode, ...own } = params;
  const theirs = Object.entries(inputs ?? {}).map(([key, value]) => [`${INPUTS}${key}`, value]);
  // The reference mode has no meaning for one picture.
  const joined = reference_mode && references.length > 1 ? { reference_mode } : {};
  return { ...own, ...joined, ...Object.fromEntries(theirs) };
}

export function paramsOf(values: ParamValues): Params {
  const own = Object.entries(values).filter(([key]) => !key.startsWith(INPUTS));
  const inputs = Object.entries(values)
    .filter(([key]) => key.startsWith(INPUTS))
    .map(([key, value]) => [key.slice(INPUTS.length), value]);
  return { ...Object.fromEntries(own), ...(inputs.length > 0 ? { inputs: Object.fromEntries(inputs) } : {}) };
}
