/** The recipe in a picture: ours as JSON under `limner`, or what A1111 and ComfyUI write. */
import { PICTURE_TEXT_KEYWORD } from '@limner/contract';
import { readA1111 } from './a1111.ts';
import { readComfyGraph } from './comfy-graph.ts';
import type { ForeignRecipe } from './from-elsewhere.ts';
import { textsOf } from './png-text.ts';

/** The keyword of A1111 and similar programs. */
const A1111_KEYWORD = 'parameters';
/** ComfyUI's keyword for the graph that ran (`SaveImage` in its `nodes.py`). */
export const COMFY_KEYWORD = 'prompt';

/** The server reads Limner's recipes of every version; others are converted. */
export type FoundRecipe = { text: string } | { foreign: ForeignRecipe };

export function recipeIn(file: ArrayBuffer): FoundRecipe | null {
  const texts = textsOf(new DataView(file));
  const text = texts.get(PICTURE_TEXT_KEYWORD);
  if (text !== undefined) return isPainting(text) ? { text } : null;
  const theirs = texts.get(A1111_KEYWORD);
  const graph = texts.get(COMFY_KEYWORD);
  const foreign =
    (theirs === undefined ? null : readA1111(theirs)) ?? (graph === undefined ? null : readComfyGraph(graph));
  return foreign && { foreign };
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
