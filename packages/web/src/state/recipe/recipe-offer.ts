/** Offers to restore the recipe of a picture that is dropped on any page. */
import i18next from 'i18next';
import { notify } from '../notices.ts';
import { recipeIn } from './recipe-in-png.ts';
import { restoreFound } from './restore.ts';

const OFFER_MS = 20_000;
/** Text chunks are near the start or the end; larger files are not read. */
const READ_UP_TO_BYTES = 64 * 1024 ** 2;

export async function offerRecipe(file: File, goToStudio: () => void): Promise<void> {
  if (file.type !== 'image/png' || file.size > READ_UP_TO_BYTES) return;
  const found = recipeIn(await file.arrayBuffer());
  if (!found) return;
  const run = () => void restoreFound(found).then((done) => done && goToStudio());
  const action = { label: i18next.t('recipe.restore'), run };
  notify({ text: i18next.t('recipe.found'), tone: 'news', action }, OFFER_MS);
}
