/**
 * Reads the graph that ComfyUI writes into its pictures under `prompt`: the words behind the sampler's `positive` and
 * `negative`, and the settings by the names that A1111 gives them. Pure.
 */
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { parseExact } from './json-fields.ts';

/** The keyword of the graph that ran (`SaveImage` in ComfyUI's `nodes.py`). */
export const COMFY_KEYWORD = 'prompt';
/** The keyword of what was on the canvas, in the format that "Save" writes. */
export const COMFY_CANVAS_KEYWORD = 'workflow';

type Value = unknown;
interface Node {
  class_type: string;
  inputs: Record<string, Value>;
}
type Graph = Map<string, Node>;

/** The inputs of any node, and the setting that each is. */
const SETTINGS: [setting: string, inputs: string[]][] = [
  ['Seed', ['seed', 'noise_seed']],
  ['Steps', ['steps']],
  ['CFG scale', ['cfg']],
  ['Distilled CFG Scale', ['guidance']],
  ['Sampler', ['sampler_name']],
  ['Schedule type', ['scheduler']],
  ['Model', ['ckpt_name', 'unet_name']],
];
const TEXTS = ['text', 'clip_l', 't5xxl', 'prompt', 'value', 'string'];

export const readComfyUi: ReadForeign = (texts) => {
  const graph = texts.get(COMFY_KEYWORD);
  return graph === undefined ? null : comfyGraphIn(graph);
};

/** null for a text that is no graph or has no words. */
function comfyGraphIn(text: string): ForeignRecipe | null {
  const graph = graphIn(text);
  const nodes = [...graph.values()];
  const prompt = wordsBehind(graph, nodes, ['positive', 'conditioning']);
  if (prompt === '') return null;
  const settings = new Map<string, string>();
  for (const [setting, inputs] of SETTINGS) {
    const value = constant(nodes, inputs);
    if (value !== undefined) settings.set(setting, value);
  }
  const canvas = nodes.filter(({ class_type }) => /Empty.*Latent|LatentImage$/.test(class_type));
  const [width, height] = [constant(canvas, ['width']), constant(canvas, ['height'])];
  if (width && height) settings.set('Size', `${width}x${height}`);
  const made = madeOf(nodes, canvas.length > 0);
  const denoise = constant(nodes, ['denoise']);
  if (made && denoise !== undefined) settings.set('Denoising strength', denoise);
  const negative = wordsBehind(graph, nodes, ['negative']);
  return { prompt, negative, loras: lorasOf(nodes), settings, madeOf: made };
}

/** Without an empty canvas it began with a picture. */
function madeOf(nodes: Node[], hasCanvas: boolean): ForeignRecipe['madeOf'] {
  const has = (name: RegExp): boolean => nodes.some(({ class_type }) => name.test(class_type));
  if (hasCanvas || !has(/^LoadImage/) || !has(/^VAEEncode|^InpaintModelConditioning/)) return undefined;
  return has(/Inpaint|NoiseMask/) ? 'picture and mask' : 'picture';
}

function graphIn(text: string): Graph {
  try {
    const entries = Object.entries(parseExact(text) as Record<string, Node>);
    return new Map(entries.filter(([, node]) => typeof node?.inputs === 'object' && node.inputs !== null));
  } catch {
    return new Map();
  }
}

function wordsBehind(graph: Graph, nodes: Node[], inputs: string[]): string {
  for (const input of inputs) {
    // What lies behind a node is searched once.
    const seen = new Set<string>();
    for (const node of nodes) {
      const words = textBehind(graph, node.inputs[input], seen);
      if (words !== '') return words;
    }
  }
  return '';
}

/** Depth first, in the order of the inputs. A loop: chains of nodes may be longer than a stack. */
function textBehind(graph: Graph, from: Value, seen: Set<string>): string {
  const waiting = [from];
  while (waiting.length > 0) {
    const value = waiting.pop();
    const id = Array.isArray(value) ? String(value[0]) : null;
    if (id === null || seen.has(id)) continue;
    seen.add(id);
    const node = graph.get(id);
    if (!node || node.class_type === 'ConditioningZeroOut') continue;
    for (const name of TEXTS) {
      const held = node.inputs[name];
      if (typeof held === 'string' && held.trim() !== '') return held.trim();
    }
    for (const input of Object.values(node.inputs).reverse()) waiting.push(input);
  }
  return '';
}

function constant(nodes: Node[], inputs: string[]): string | undefined {
  const values = nodes.flatMap((node) => inputs.map((input) => node.inputs[input]));
  const found = values.find(
    (value) => typeof value === 'number' || (typeof value === 'string' && value !== ''),
  );
  return found === undefined ? undefined : String(found);
}

const lorasOf = (nodes: Node[]): ForeignRecipe['loras'] =>
  nodes.flatMap(({ inputs: { lora_name: name, strength_model: weight } }) =>
    typeof name === 'string' ? [{ name, weight: typeof weight === 'number' ? weight : 1 }] : [],
  );
