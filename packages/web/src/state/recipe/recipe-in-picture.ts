/** The recipe in a picture: ours as JSON under `limner`, or what other programs write. */
import { PICTURE_TEXT_KEYWORD } from '@limner/contract';
import { COMFY_CANVAS_KEYWORD } from './foreign/comfy-graph.ts';
import type { ForeignRecipe } from './foreign/foreign-recipe.ts';
import { foreignRecipeIn } from './foreign/readers.ts';
import type { PictureTexts } from './texts/picture-texts.ts';

/**
 * The server reads Limner's recipes of every version; others are converted. `canvas`: only ComfyUI's canvas, which no
 * form can take.
 */
export type FoundRecipe = { text: string } | { foreign: ForeignRecipe } | { canvas: true };

export function recipeIn(texts: PictureTexts): FoundRecipe | null {
  const text = texts.get(PICTURE_TEXT_KEYWORD);
  if (text !== undefined) return isPainting(text) ? { text } : null;
  const foreign = foreignRecipeIn(texts);
  if (foreign) return { foreign };
  return texts.has(COMFY_CANVAS_KEYWORD) ? { canvas: true } : null;
}

/** Recipes of cut-outs and similar cannot be restored to the form. */
function isPainting(text: string): boolean {
  try {
    const held = JSON.parse(text);
    return Boolean((held?.recipe ?? held)?.prompt);
  } catch {
    return false;
  }
}
