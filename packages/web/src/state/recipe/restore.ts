/** Restores a recipe of any source to the form, and stores what could not be restored. */
import {
  type DrawnWords,
  imagesOf,
  type Missing,
  type Recipe,
  type Seed,
  undrawn,
  withoutChoices,
} from '@limner/contract';
import i18next from 'i18next';
import { create } from 'zustand';
import { api } from '../../api/api.ts';
import { compose, useDraft } from '../draft/draft.ts';
import { familyFor } from '../draft/draft-rules.ts';
import { forgetUploads } from '../draft/uploads.ts';
import { notify } from '../notices.ts';
import { findPictures } from '../pictures.ts';
import { chooseStyle, useStudio } from '../studio.ts';
import { attempt } from '../task-actions.ts';
import { fromElsewhere } from './foreign/from-elsewhere.ts';
import { fromDraft } from './from-draft.ts';
import type { Lost } from './lost.ts';
import type { RestorableRecipe } from './recipe-in-picture.ts';
import { toDraft } from './to-draft.ts';

export const useRestored = create<{ lost: Lost[] }>(() => ({ lost: [] }));

/** Shows what could not be restored, and what no engine has for the form as it is now. */
export async function showLost(lost: Lost[]): Promise<void> {
  useRestored.setState({ lost });
  const missing = await missingNow();
  // The list may have been dismissed or replaced meanwhile.
  if (missing.length > 0 && useRestored.getState().lost === lost)
    useRestored.setState({ lost: [...lost, ...missing.map(asLost)] });
}

const asLost = (missing: Missing): Lost => ({ field: 'loras', what: 'missing', missing });

async function missingNow(): Promise<Missing[]> {
  const { families, styles, styleId } = useStudio.getState();
  const draft = useDraft.getState();
  const family = familyFor(families, draft);
  if (!family) return [];
  const recipe = fromDraft(draft, family, styles.find(({ id }) => id === styleId) ?? null);
  // Without an answer the form is restored nevertheless; sending it asks again.
  const missing = await api.call('missingForRecipe', { body: { recipe } }).catch(() => []);
  return missing.filter(({ what }) => what === 'model_file' || what === 'node' || what === 'weights');
}

export const dismissLost = (): void => useRestored.setState({ lost: [] });

/** @param lost parts already lost in the conversion */
export function restoreRecipe(recipe: Recipe, count: number, lost: Lost[] = []): Promise<boolean> {
  return attempt(async () => {
    const pictures = await findPictures(imagesOf(recipe));
    const { families, styles } = useStudio.getState();
    const restored = toDraft(recipe, { families, styles, pictures });
    const base = styles.find((style) => style.is_base) ?? styles[0];
    const style = restored.style ?? base;
    // The picture of this recipe may still be on its way to be an input.
    forgetUploads();
    // A style may set a model, so the recipe's model is set after the style.
    if (style) chooseStyle(style.id);
    const params = { ...useDraft.getState().params, ...restored.draft.params };
    compose({ ...restored.draft, params, count });
    void showLost([...lost, ...restored.lost.filter((each) => !isTold(each, lost))]);
    notify({ text: i18next.t('detail.recipeUsed'), tone: 'news' });
  });
}

/** A picture that was never in the file is not one that was deleted. */
const isTold = (each: Lost, lost: Lost[]): boolean =>
  (each.what === 'picture' || each.what === 'unnamedPicture') &&
  lost.some(({ what, field }) => what === 'pictureElsewhere' && field === each.field);

/** From a picture's text, of Limner or another program. */
export async function restoreFound(found: RestorableRecipe): Promise<boolean> {
  if ('foreign' in found) {
    const { recipe, lost } = fromElsewhere(found.foreign, useStudio.getState().families);
    return restoreRecipe(recipe, 1, lost);
  }
  let recipe: Recipe | null = null;
  const read = await attempt(async () => {
    recipe = fromAnywhere(await api.call('readRecipe', { body: { text: found.text } }));
    if (!recipe) throw new Error(i18next.t('recipe.newer'));
  });
  return read && recipe !== null && restoreRecipe(recipe, 1);
}

/** What its words were drawn from. A picture may come from another installation with other style ids, so the name counts. */
const fromAnywhere = (recipe: Recipe | null): Recipe | null =>
  recipe && { ...undrawn(recipe), style: recipe.style && { ...recipe.style, id: null } };

/** One picture of a task, with its own seed. */
export const restoreFrame = (recipe: Recipe, seed: Seed): Promise<boolean> =>
  restoreRecipe({ ...recipe, seed }, 1);

/** The same, with the words that were drawn for the picture instead of the choices that they were drawn from. */
export const restoreDrawn = (recipe: Recipe, { prompt, negative_prompt, loras }: DrawnWords, seed: Seed) =>
  restoreRecipe(
    {
      ...recipe,
      prompt: withoutChoices(prompt),
      negative_prompt: withoutChoices(negative_prompt),
      loras,
      seed,
    },
    1,
  );
