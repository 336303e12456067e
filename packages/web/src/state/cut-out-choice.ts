/** The task and the model chosen on the Cut-outs page; other pages set them with a recipe. */
import type { Task } from '@limner/contract';
import i18next from 'i18next';
import { create } from 'zustand';
import { spokenLanguage } from '../i18n/i18n.ts';
import { cutOutModels, modelFor, modelNamedBy } from './cut-out-models.ts';
import { notify } from './notices.ts';
import { useStudio } from './studio.ts';

interface CutOutChoice {
  /** The task whose result is shown; null: the newest. */
  shown: number | null;
  /** null: the default. */
  model: string | null;
}

export const useCutOutChoice = create<CutOutChoice>(() => ({ shown: null, model: null }));

export const chooseCutOut = (choice: Partial<CutOutChoice>): void => useCutOutChoice.setState(choice);

/** Shows the task's picture and chooses its model. If that model is unavailable, a notice names it and its replacement. */
export function restoreCutOut({ id, recipe }: Pick<Task, 'id' | 'recipe'>): void {
  const { families } = useStudio.getState();
  const asked = modelNamedBy(recipe, families);
  chooseCutOut({ shown: id, model: asked });
  const used = modelFor(families, asked);
  if (asked === null || used === asked) {
    notify({ text: i18next.t('detail.recipeUsed'), tone: 'news' });
    return;
  }
  const models = cutOutModels(families);
  const name = (model: string | null) =>
    models.find(({ value }) => value === model)?.label[spokenLanguage()] ?? model ?? '';
  const model = name(asked);
  const text =
    used === null
      ? i18next.t('cutouts.modelGoneAlone', { model })
      : i18next.t('cutouts.modelGone', { model, used: name(used) });
  notify({ text, tone: 'problem' });
}
