/** The names of engine, family and model that are stored with a picture. */
import type { Bilingual, FrameRecipe, ProvenanceLabels } from '@limner/contract';
import type { Engine } from './engine.ts';

export function provenanceLabels(engine: Engine, recipe: FrameRecipe): ProvenanceLabels {
  const family = engine.families().find(({ id }) => id === recipe.family);
  const param = family?.params.find(({ key }) => key === 'model');
  const model = recipe.params.model ?? param?.default;
  const choice = param?.choices?.find(({ value }) => value === model);
  return {
    engine: engine.label,
    family: family?.label ?? same(recipe.family),
    model: choice && choice.label.en !== choice.value ? choice.label : null,
  };
}

const same = (name: string): Bilingual => ({ en: name, zh: name });
