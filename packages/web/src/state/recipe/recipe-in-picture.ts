/** The recipe in a picture: ours as JSON under `limner`, or what other programs write. */
import { INFOTEXT_KEYWORD, PICTURE_TEXT_KEYWORD } from '@limner/contract';
import { COMFY_CANVAS_KEYWORD, COMFY_KEYWORD } from './foreign/comfy-graph.ts';
import type { ForeignRecipe } from './foreign/foreign-recipe.ts';
import { fieldsIn, isDamaged, isFields } from './foreign/json-fields.ts';
import { foreignRecipeIn } from './foreign/readers.ts';
import type { PictureTexts } from './texts/picture-texts.ts';

/**
 * The server reads Limner's recipes of every version; others are converted. `unusable`: no form can take ComfyUI's canvas
 * without the prompt that ran, and a text of JSON that was cut or changed cannot be read.
 */
export type FoundRecipe = RestorableRecipe | { unusable: 'canvas' | 'damaged' };
export type RestorableRecipe = { text: string } | { foreign: ForeignRecipe };

/** Of the programs that write JSON. */
const JSON_KEYWORDS = [
  PICTURE_TEXT_KEYWORD,
  COMFY_KEYWORD,
  INFOTEXT_KEYWORD,
  'invokeai_metadata',
  'sd-metadata',
  'Comment',
];

export function recipeIn(texts: PictureTexts): FoundRecipe | null {
  const text = texts.get(PICTURE_TEXT_KEYWORD);
  if (text !== undefined && !isDamaged(text)) return isPainting(text) ? { text } : null;
  const foreign = foreignRecipeIn(texts);
  if (foreign) return { foreign: isDamaged(text) ? { ...foreign, isBesideDamaged: true } : foreign };
  if (JSON_KEYWORDS.some((keyword) => isDamaged(texts.get(keyword)))) return { unusable: 'damaged' };
  return texts.has(COMFY_CANVAS_KEYWORD) ? { unusable: 'canvas' } : null;
}

/** Recipes of cut-outs and similar cannot be restored to the form. */
function isPainting(text: string): boolean {
  const held = fieldsIn(text);
  return Boolean((isFields(held?.recipe) ? held.recipe : held)?.prompt);
}
