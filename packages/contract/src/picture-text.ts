/** What a PNG says of itself, as JSON text: enough to make the picture again, and how it was made. */
import type { FrameRecipe } from './recipe.ts';
import type { Provenance } from './task.ts';

/** The keyword of the text. */
export const PICTURE_TEXT_KEYWORD = 'limner';
const PICTURE_TEXT_VERSION = 2;

export const pictureText = (recipe: FrameRecipe, provenance: Provenance): string =>
  JSON.stringify({ limner: PICTURE_TEXT_VERSION, recipe, provenance });
