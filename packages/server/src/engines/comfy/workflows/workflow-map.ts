/** Finds the usual parameters in an imported graph: by following the sampler's links, and by the inputs' names. */
import type { WorkflowKey } from '@limner/contract';
import { type Graph, type GraphNode, isLink } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import { placeholdersIn, solePlaceholder, type Target, type WorkflowMap } from './workflow.ts';
import { ofFirstPass, textBehind, valueBehind } from './workflow-links.ts';

/** Inputs with the same meaning in every node. */
const BY_INPUT_NAME = new Map<string, WorkflowKey>(
  Object.entries({
    seed: 'seed',
    noise_seed: 'seed',
    steps: 'steps',
    cfg: 'cfg',
    guidance: 'guidance',
    denoise: 'denoise',
    sampler_name: 'sampler',
    scheduler: 'scheduler',
    ckpt_name: 'model',
    unet_name: 'model',
  }),
);
const TEXTS = ['text', 'clip_l', 't5xxl', 'text_g', 'text_l', 'prompt'];

/** The map from the graph's placeholders, completed by what its structure shows. */
export function proposeMap(graph: Graph, info?: ServerInfo): WorkflowMap {
  const map = new Map<string, Target[]>();
  const taken = new Set<string>();
  const add = (key: string, target: Target): void => {
    const place = `${target.node} ${target.input}`;
    if (taken.has(place)) return;
    taken.add(place);
    map.set(key, [...(map.get(key) ?? []), target]);
  };
  eachConstant(graph, (target, node) => {
    const value = node.inputs[target.input] ?? null;
    const sole = solePlaceholder(value);
    if (sole) add(sole, target);
    else if (placeholdersIn(value).length > 0) taken.add(`${target.node} ${target.input}`);
  });
  const said = new Set([...map.keys(), ...Object.values(graph).flatMap(placeholderKeys)]);
  const propose = (key: string, target: Target): void => {
    if (!said.has(key)) add(key, target);
  };
  for (const target of textsBehind(graph, 'positive')) propose('prompt', target);
  for (const target of textsBehind(graph, 'negative')) propose('negative_prompt', target);
  const named = new Map<string, Target[]>();
  eachInput(graph, (target, node) => {
    const isSize =
      /Empty.*Latent|LatentImage$/.test(node.class_type) && ['width', 'height'].includes(target.input);
    const key = isSize ? target.input : BY_INPUT_NAME.get(target.input);
    const value = key && valueBehind(graph, target);
    if (value) named.set(key, [...(named.get(key) ?? []), value]);
  });
  for (const [key, targets] of named) for (const target of ofFirstPass(graph, targets)) propose(key, target);
  for (const [key, target] of picturesOf(graph, info)) propose(key, target);
  return Object.fromEntries(map);
}

const placeholderKeys = (node: GraphNode): string[] => Object.values(node.inputs).flatMap(placeholdersIn);

function eachInput(graph: Graph, visit: (target: Target, node: GraphNode) => void): void {
  for (const [id, node] of Object.entries(graph))
    for (const input of Object.keys(node.inputs)) visit({ node: id, input }, node);
}

const eachConstant = (graph: Graph, visit: (target: Target, node: GraphNode) => void): void =>
  eachInput(graph, (target, node) => {
    if (!isLink(node.inputs[target.input])) visit(target, node);
  });

/**
 * Texts that end in an input called `positive` (or a guider's `conditioning`) or `negative`. A text that reaches the
 * negative only zeroed out is not a negative prompt; a text that reaches both is the prompt.
 */
function textsBehind(graph: Graph, polarity: 'positive' | 'negative'): Target[] {
  const inputs = polarity === 'positive' ? ['positive', 'conditioning'] : ['negative'];
  const isEnd = ({ class_type, inputs: given }: GraphNode) =>
    polarity === 'positive' ? 'positive' in given || /Guider$/.test(class_type) : 'negative' in given;
  const starts = Object.values(graph)
    .filter(isEnd)
    .flatMap((node) => inputs.map((input) => node.inputs[input]));
  const seen = new Set<string>();
  const found: Target[] = [];
  const visit = (id: string): void => {
    const node = graph[id];
    if (!node || seen.has(id) || node.class_type === 'ConditioningZeroOut') return;
    seen.add(id);
    const texts = TEXTS.flatMap((input) => textBehind(graph, { node: id, input }, polarity) ?? []);
    found.push(...texts);
    if (texts.length === 0) for (const link of upstream(node, polarity)) visit(link);
  };
  for (const link of starts) if (isLink(link)) visit(link[0]);
  return found;
}

/** Through a node with both sides (ControlNet, inpainting) only the matching polarity is followed. */
function upstream(node: GraphNode, polarity: 'positive' | 'negative'): string[] {
  const own = node.inputs[polarity];
  if (isLink(own)) return [own[0]];
  return Object.entries(node.inputs).flatMap(([name, value]) =>
    isLink(value) && !NOT_WORDS.test(name) ? [value[0]] : [],
  );
}

/** Links that lead to models and pictures rather than to words. */
const NOT_WORDS = /^(clip|model|vae|image|pixels|latent|mask|control_net|samples)/;

/** Pictures in the order of their nodes; the first is `image`, then `image_2`. */
function picturesOf(graph: Graph, info?: ServerInfo): [key: string, Target][] {
  const isPictureInput = (node: GraphNode, input: string): boolean =>
    info?.nodes.get(node.class_type)?.inputs[input]?.picture ??
    (input === 'image' && /^LoadImage/.test(node.class_type));
  const pictures: Target[] = [];
  const masks: Target[] = [];
  eachConstant(graph, (target, node) => {
    if (isPictureInput(node, target.input)) (/Mask$/.test(node.class_type) ? masks : pictures).push(target);
  });
  return [
    ...pictures.map((target, i): [string, Target] => [i === 0 ? 'image' : `image_${i + 1}`, target]),
    ...masks.map((target): [string, Target] => ['mask', target]),
  ];
}
