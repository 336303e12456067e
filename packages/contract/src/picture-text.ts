/** The JSON text in a PNG: its recipe and its provenance. */
import { z } from 'zod';
import type { FrameRecipe } from './recipe.ts';
import type { Provenance } from './task.ts';

/** The keyword of the text. */
export const PICTURE_TEXT_KEYWORD = 'limner';
const PICTURE_TEXT_VERSION = 2;
/** Much longer than the longest recipe. */
const MAX_TEXT_CHARS = 500_000;

/** `POST /api/recipes/read`: the text in a picture, of any version. */
export const ReadRecipeRequest = z.strictObject({ text: z.string().max(MAX_TEXT_CHARS) });
export type ReadRecipeRequest = z.infer<typeof ReadRecipeRequest>;

export const pictureText = (recipe: FrameRecipe, provenance: Provenance): string =>
  JSON.stringify({ limner: PICTURE_TEXT_VERSION, recipe, provenance });
