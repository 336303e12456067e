/** What a PNG says of itself, as JSON text: enough to make the picture again, and how it was made. */
import { z } from 'zod';
import type { FrameRecipe } from './recipe.ts';
import type { Provenance } from './task.ts';

/** The keyword of the text. */
export const PICTURE_TEXT_KEYWORD = 'limner';
const PICTURE_TEXT_VERSION = 2;
/** Far more than the longest recipe of a picture. */
const MAX_TEXT_CHARS = 500_000;

/** `POST /api/recipes/read`: the text a picture carries, of whichever version. */
export const ReadRecipeRequest = z.strictObject({ text: z.string().max(MAX_TEXT_CHARS) });
export type ReadRecipeRequest = z.infer<typeof ReadRecipeRequest>;

export const pictureText = (recipe: FrameRecipe, provenance: Provenance): string =>
  JSON.stringify({ limner: PICTURE_TEXT_VERSION, recipe, provenance });
