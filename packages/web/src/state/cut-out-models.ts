/** The cut-out models of all engines and the workflows that cut out, in one list. */
import { type Bilingual, type FamilyOffer, isPermissive, type Missing, type Recipe } from '@limner/contract';

export interface CutOutModel {
  /** Its name in a request: a model, or the id of a workflow. */
  value: string;
  label: Bilingual;
  /** The engine that has it; null for a workflow. */
  engine: string | null;
  /** Undefined: unknown, as of a workflow. */
  licence: string | undefined;
  /** Empty: it can be used. */
  missing: Missing[];
}

/** The first is the default of the best available engine; models that cannot be used are last. */
export function cutOutModels(families: FamilyOffer[]): CutOutModel[] {
  const models = families.filter(({ kind }) => kind === 'remove_bg').flatMap(modelsOf);
  return [...models.filter(isUsable), ...models.filter((model) => !isUsable(model))];
}

export const isUsable = ({ missing }: CutOutModel): boolean => missing.length === 0;

/**
 * The model in use for this choice. Where it cannot be used, the first whose licence allows any use; one with conditions is
 * only used by choice.
 */
export function modelFor(families: FamilyOffer[], chosen: string | null): string | null {
  const usable = cutOutModels(families).filter(isUsable);
  const wanted = usable.find(({ value }) => value === chosen);
  const free = usable.find(({ engine, licence }) => engine === null || isPermissive(licence));
  return (wanted ?? free)?.value ?? null;
}

/** A value as in `CutOutModel.value`: the model it names, or the workflow. null: the best one was left to the server. */
export function modelNamedBy({ params, family }: Recipe, families: FamilyOffer[]): string | null {
  if (params.model !== undefined) return params.model;
  const offer = families.find(({ id }) => id === family);
  return offer && !offer.only_named ? null : family;
}

function modelsOf(family: FamilyOffer): CutOutModel[] {
  const lacked = family.available ? [] : (family.engines[0]?.missing ?? []);
  // A workflow is selected by its name.
  if (family.only_named)
    return [
      { value: family.id, label: family.label, engine: null, licence: family.licence, missing: lacked },
    ];
  const param = family.params.find(({ key }) => key === 'model');
  const offered = (param?.choices ?? []).map(({ value, label, engine, missing, licence }) => ({
    value: String(value),
    label,
    engine: engine ?? family.engines[0]?.engine ?? null,
    licence: licence ?? family.licence,
    missing: missing ?? lacked,
  }));
  const suggested = offered.filter(({ value }) => value === param?.default);
  return [...suggested, ...offered.filter((choice) => !suggested.includes(choice))];
}
