/** The names of the engine and model of a picture: as stored with it, or for older pictures as they are called now. */
import type { Bilingual, EngineHealth, FamilyOffer, Frame, Language, Task } from '@limner/contract';

export interface MadeBy {
  engine: string;
  family: string;
}

export function madeBy(
  task: Pick<Task, 'family' | 'choice'>,
  { output }: Pick<Frame, 'output'>,
  { families, engines }: { families: FamilyOffer[]; engines: EngineHealth[] },
  language: Language,
): MadeBy {
  const labels = output?.provenance?.labels;
  if (labels) return { engine: labels.engine[language], family: familyName(labels, language) };
  const engine = output?.provenance?.engine ?? task.choice.engine;
  const family = families.find(({ id }) => id === task.family);
  // As this engine calls it, whichever serves the family now.
  const ran = family?.engines.find((each) => each.engine === engine) ?? family;
  return {
    engine: engines.find(({ id }) => id === engine)?.label[language] ?? engine,
    family: ran?.label[language] ?? task.family,
  };
}

const familyName = ({ family, model }: { family: Bilingual; model: Bilingual | null }, language: Language) =>
  model ? `${family[language]}: ${model[language]}` : family[language];
