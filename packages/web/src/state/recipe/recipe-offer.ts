/** A picture given to any page that carries its recipe offers to restore it. */
import i18next from 'i18next';
import { compose, useDraft } from '../draft/draft.ts';
import { notify } from '../notices.ts';
import { chooseStyle, useStudio } from '../studio.ts';
import { type PictureRecipe, recipeIn } from './png-recipe.ts';

const OFFER_MS = 20_000;
/** Text chunks stand near the start or the end; a file beyond this is no picture somebody drops. */
const READ_UP_TO_BYTES = 64 * 1024 ** 2;

export async function offerRecipe(file: File, goToStudio: () => void): Promise<void> {
  if (file.type !== 'image/png' || file.size > READ_UP_TO_BYTES) return;
  const recipe = recipeIn(await file.arrayBuffer());
  if (!recipe) return;
  const run = () => {
    restore(recipe);
    goToStudio();
  };
  const action = { label: i18next.t('recipe.restore'), run };
  notify({ text: i18next.t('recipe.found'), tone: 'news', action }, OFFER_MS);
}

function restore(recipe: PictureRecipe): void {
  const { families, styles } = useStudio.getState();
  const family = families.find(({ id, available }) => id === recipe.family && available);
  const free = recipe.width && recipe.height ? { width: recipe.width, height: recipe.height } : null;
  compose({
    mode: 'txt2img',
    prompt: recipe.prompt,
    negative: recipe.negative,
    seed: recipe.seed,
    count: 1,
    ...(free ? { ratio: 'free', free } : {}),
    ...(family
      ? { family: family.id, params: { ...useDraft.getState().params, [family.id]: recipe.params } }
      : {}),
  });
  const style = styles.find(({ name }) => name === recipe.style);
  if (style) chooseStyle(style.id);
}
