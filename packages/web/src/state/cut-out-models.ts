/** The cut-out models of all engines and the workflows that cut out, in one list. */
import type { Bilingual, FamilyOffer, Missing } from '@limner/contract';

export interface CutOutModel {
  /** Its name in a request: a model, or the id of a workflow. */
  value: string;
  label: Bilingual;
  /** The engine that has it; null for a workflow. */
  engine: string | null;
  /** Empty: it can be used. */
  missing: Missing[];
}

/** The first is the default of the best available engine; models that cannot be used are last. */
export function cutOutModels(families: FamilyOffer[]): CutOutModel[] {
  const models = families.filter(({ kind }) => kind === 'remove_bg').flatMap(modelsOf);
  return [...models.filter(isUsable), ...models.filter((model) => !isUsable(model))];
}

export const isUsable = ({ missing }: CutOutModel): boolean => missing.length === 0;

/** The model in use for this choice: the default where it cannot be used. */
export function modelFor(families: FamilyOffer[], chosen: string | null): string | null {
  const usable = cutOutModels(families).filter(isUsable);
  return usable.find(({ value }) => value === chosen)?.value ?? usable[0]?.value ?? null;
}

function modelsOf(family: FamilyOffer): CutOutModel[] {
  const lacked = family.available ? [] : (family.engines[0]?.missing ?? []);
  // A workflow is selected by its name.
  if (family.only_named) return [{ value: family.id, label: family.label, engine: null, missing: lacked }];
  const param = family.params.find(({ key }) => key === 'model');
  const offered = (param?.choices ?? []).map(({ value, label, engine, missing }) => ({
    value: String(value),
    label,
    engine: engine ?? family.engines[0]?.engine ?? null,
    missing: missing ?? lacked,
  }));
  const suggested = offered.filter(({ value }) => value === param?.default);
  return [...suggested, ...offered.filter((choice) => !suggested.includes(choice))];
}
