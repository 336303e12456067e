/** Joins the models of all engines that serve a family; each has the list of what its engine lacks for it. */
import { type Family, type FamilyParam, type Missing, type ParamChoice, Recipe } from '@limner/contract';
import type { Engine } from './engine.ts';

export interface Serving {
  engine: Engine;
  family: Family;
}

/**
 * @param serving the engines in the order of the list; a model that several have is the first's that can use it
 * @param usual the licence shown for the list; other models have their own beside them
 */
export function modelChoices(
  serving: Serving[],
  usual: string | undefined,
  missing: (engine: Engine, family: Family, recipe: Recipe) => Missing[],
): ParamChoice[] {
  const choices = serving.flatMap(({ engine, family }) =>
    (modelParam(family)?.choices ?? []).map((choice) => ({
      ...choice,
      ...licenceBeside(usual, choice.licence ?? family.licence),
      engine: engine.id,
      missing: missing(engine, family, sampleRecipe(family, choice.value)),
    })),
  );
  const byValue = new Map<string | number, (typeof choices)[number]>();
  for (const choice of choices) {
    const known = byValue.get(choice.value);
    if (!known || (known.missing.length > 0 && choice.missing.length === 0))
      byValue.set(choice.value, choice);
  }
  return [...byValue.values()];
}

const licenceBeside = (usual: string | undefined, licence: string | undefined) =>
  licence === undefined || licence === usual ? {} : { licence };

export const withModels = (params: FamilyParam[], choices: ParamChoice[]): FamilyParam[] =>
  params.map((param) => (param.key === 'model' ? { ...param, choices } : param));

/** Puts the engines that offer the model first; both groups keep their order. */
export function preferringModel<T extends { family: Family }>(
  candidates: T[],
  model: string | undefined,
): T[] {
  const offering = candidates.filter(({ family }) => offersModel(family, model));
  return [...offering, ...candidates.filter((candidate) => !offering.includes(candidate))];
}

export const offersModel = (family: Family, model: string | undefined): boolean =>
  model !== undefined && (modelParam(family)?.choices?.some(({ value }) => value === model) ?? false);

const modelParam = ({ params }: Family): FamilyParam | undefined => params.find(({ key }) => key === 'model');

const sampleRecipe = ({ id, kind }: Family, model: string | number): Recipe =>
  Recipe.parse({ kind, family: id, input_image: 'input', params: { model: String(model) } });
