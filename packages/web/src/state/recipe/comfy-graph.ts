/**
 * Reads the graph that ComfyUI writes into its pictures under `prompt`: the words behind the sampler's `positive` and
 * `negative`, and the settings by the names that A1111 gives them. Pure.
 */
import type { ForeignRecipe } from './from-elsewhere.ts';

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
  ['Sampler', ['sampler_name']],
  ['Schedule type', ['scheduler']],
  ['Model', ['ckpt_name', 'unet_name']],
];
const TEXTS = ['text', 'clip_l', 't5xxl', 'prompt', 'value', 'string'];

/** null for a text that is no graph or has no words. */
export function readComfyGraph(text: string): ForeignRecipe | null {
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
  return { prompt, negative: wordsBehind(graph, nodes, ['negative']), loras: lorasOf(nodes), settings };
}

/** JSON as Python writes it, where NaN is a number. @throws SyntaxError */
export function parsePython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/([:[,]\s*)NaN(?=\s*[,}\]])/g, '$1null'));
  }
}

/** Numbers that a JSON number cannot hold exactly are kept as text. */
function graphIn(text: string): Graph {
  try {
    const exact = text.replace(/([:[,]\s*)(\d{16,20})(?=\s*[,}\]])/g, '$1"$2"');
    const entries = Object.entries(parsePython(exact) as Record<string, Node>);
    return new Map(entries.filter(([, node]) => typeof node?.inputs === 'object' && node.inputs !== null));
  } catch {
    return new Map();
  }
}

function wordsBehind(graph: Graph, nodes: Node[], inputs: string[]): string {
  for (const input of inputs)
    for (const node of nodes) {
      const words = textBehind(graph, node.inputs[input], new Set());
      if (words !== '') return words;
    }
  return '';
}

function textBehind(graph: Graph, value: Value, seen: Set<string>): string {
  if (!Array.isArray(value) || seen.has(String(value[0]))) return '';
  const id = String(value[0]);
  seen.add(id);
  const node = graph.get(id);
  if (!node || node.class_type === 'ConditioningZeroOut') return '';
  for (const name of TEXTS) {
    const held = node.inputs[name];
    if (typeof held === 'string' && held.trim() !== '') return held.trim();
  }
  for (const input of Object.values(node.inputs)) {
    const words = textBehind(graph, input, seen);
    if (words !== '') return words;
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
