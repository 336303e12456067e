/** The programs whose pictures are read, in the order in which they are asked. */
import type { PictureTexts } from '../texts/picture-texts.ts';
import { readA1111 } from './a1111.ts';
import { readComfyUi } from './comfy-graph.ts';
import { readFooocus } from './fooocus.ts';
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { readInvokeAi } from './invokeai.ts';
import { readNovelAi } from './novelai.ts';
import { readSwarmUi } from './swarmui.ts';

/** A1111 comes behind those that use its keyword for JSON, and before ComfyUI, whose packs write both. */
const READERS: ReadForeign[] = [readInvokeAi, readNovelAi, readSwarmUi, readFooocus, readA1111, readComfyUi];

export function foreignRecipeIn(texts: PictureTexts): ForeignRecipe | null {
  for (const read of READERS) {
    const found = read(texts);
    if (found) return found;
  }
  return null;
}
