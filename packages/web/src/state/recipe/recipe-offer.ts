/** Offers to restore the recipe of a picture that is dropped on any page or given to the form. */
import i18next from 'i18next';
import { create } from 'zustand';
import { notify } from '../notices.ts';
import { type FoundRecipe, type RestorableRecipe, recipeIn } from './recipe-in-picture.ts';
import { restoreFound } from './restore.ts';
import { textsOf } from './texts/picture-texts.ts';
import { type Pixels, stealthTexts } from './texts/stealth-text.ts';

const OFFER_MS = 20_000;
/** Texts are near the start or the end; larger files are not read. */
const READ_UP_TO_BYTES = 64 * 1024 ** 2;
const TYPES = ['image/png', 'image/jpeg', 'image/webp'];
/** Hidden text needs the pixels, which take four bytes each. */
const HIDDEN_UP_TO_PX = 16e6;

/** The recipe of the last picture that the form was given. It stays until it is used or refused. */
export const useFormOffer = create<{ found: RestorableRecipe | null }>(() => ({ found: null }));

/** Of the picture that was given last; an older one may be read later. */
let newest = 0;

export function dismissOffer(): void {
  newest += 1;
  useFormOffer.setState({ found: null });
}

/** In the form, where a notice would cover what was just given. */
export async function offerInForm(file: File): Promise<void> {
  dismissOffer();
  const turn = newest;
  const found = await restorableIn(file);
  if (found && turn === newest) useFormOffer.setState({ found });
}

export async function restoreOffer(): Promise<void> {
  const { found } = useFormOffer.getState();
  if (found && (await restoreFound(found))) dismissOffer();
}

/** On another page, as a notice that leads to the form. */
export async function offerRecipe(file: File, goToStudio: () => void): Promise<void> {
  const found = await restorableIn(file);
  if (!found) return;
  const run = () => void restoreFound(found).then((done) => done && goToStudio());
  const action = { label: i18next.t('recipe.restore'), run };
  notify({ text: i18next.t('recipe.found'), tone: 'news', action }, OFFER_MS);
}

const UNUSABLE = { canvas: 'recipe.onlyCanvas', damaged: 'recipe.damaged' } as const;

/** What cannot be restored is only reported. */
async function restorableIn(file: File): Promise<RestorableRecipe | null> {
  if (!TYPES.includes(file.type) || file.size > READ_UP_TO_BYTES) return null;
  const found = await foundIn(file);
  if (!found || !('unusable' in found)) return found;
  notify({ text: i18next.t(UNUSABLE[found.unusable]), tone: 'problem' });
  return null;
}

async function foundIn(file: File): Promise<FoundRecipe | null> {
  const found = recipeIn(await textsOf(await file.arrayBuffer()));
  if (found || file.type === 'image/jpeg') return found;
  const pixels = await pixelsOf(file);
  return pixels && recipeIn(await stealthTexts(pixels));
}

/** Alpha is exact, also where the browser multiplies colours with it. */
async function pixelsOf(file: File): Promise<Pixels | null> {
  if (!('createImageBitmap' in globalThis && 'OffscreenCanvas' in globalThis)) return null;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const { width, height } = bitmap;
  const context =
    width * height <= HIDDEN_UP_TO_PX ? new OffscreenCanvas(width, height).getContext('2d') : null;
  context?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context?.getImageData(0, 0, width, height) ?? null;
}
