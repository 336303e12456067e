/**
 * Follows the links of an imported graph to the constants behind them. Current exports keep prompts, sizes and seeds in
 * nodes of their own (PrimitiveStringMultiline, PrimitiveInt), and join texts before they are encoded.
 */
import { type Graph, type GraphNode, isLink } from '../graph.ts';
import type { Target } from './workflow.ts';

/** Inputs of nodes that contain or join texts. */
const TEXT_INPUT = /^(value|text|string|prompt|positive|negative|(text|string)_?([a-z]|\d+))$/i;
const TITLE_OF = {
  positive: /prompt|positive|提示|正面/i,
  negative: /negative|负面|反向/i,
} as const;

const isText = (value: unknown): boolean => typeof value === 'string';
const linksOf = ({ inputs }: GraphNode): string[] =>
  Object.values(inputs).flatMap((value) => (isLink(value) ? [value[0]] : []));

/** The constant of a text input: its own, or the one behind its link; of joined texts the one with the prompt. */
export function textBehind(
  graph: Graph,
  target: Target,
  polarity: keyof typeof TITLE_OF,
): Target | undefined {
  const value = graph[target.node]?.inputs[target.input];
  if (isText(value)) return target;
  if (!isLink(value)) return undefined;
  const texts = textsFrom(graph, value[0], new Set());
  const isHeld = ({ node }: Target) => linksOf(graph[node] as GraphNode).length === 0;
  const isTitled = ({ node }: Target) => TITLE_OF[polarity].test(graph[node]?._meta?.title ?? '');
  // A node with only a text is the one to fill in; a joining node's text is added to it.
  const held = texts.filter(isHeld);
  return held.find(isTitled) ?? held[0] ?? texts[0];
}

function textsFrom(graph: Graph, id: string, seen: Set<string>): Target[] {
  const node = graph[id];
  if (!node || seen.has(id)) return [];
  seen.add(id);
  return Object.entries(node.inputs).flatMap(([input, value]) => {
    if (!TEXT_INPUT.test(input)) return [];
    if (isLink(value)) return textsFrom(graph, value[0], seen);
    return isText(value) ? [{ node: id, input }] : [];
  });
}

/** The constant of an input: its own, or that of a linked node that only contains a value. */
export function valueBehind(graph: Graph, target: Target): Target | undefined {
  const value = graph[target.node]?.inputs[target.input];
  if (!isLink(value)) return target;
  const holder = graph[value[0]];
  if (!holder || linksOf(holder).length > 0) return undefined;
  const named = ['value', target.input, 'seed', 'int', 'float', 'number'].find((input) =>
    Object.hasOwn(holder.inputs, input),
  );
  return named === undefined ? undefined : { node: value[0], input: named };
}

/** If passes have different values, only the first is offered. Passes with equal values share one parameter. */
export function ofFirstPass(graph: Graph, targets: Target[]): Target[] {
  const values = new Set(targets.map(({ node, input }) => JSON.stringify(graph[node]?.inputs[input])));
  const isSeed = targets.every(({ input }) => /seed/.test(input));
  if (values.size < 2 || isSeed) return targets;
  const first = targets.filter(({ node }) => !isLaterPass(graph, node));
  return first.slice(0, 1).concat(first.length === 0 ? targets.slice(0, 1) : []);
}

const isSampler = (node: GraphNode | undefined): boolean =>
  node !== undefined && 'latent_image' in node.inputs;

/** A sampler that works on another sampler's result, or a node that feeds only such samplers. */
function isLaterPass(graph: Graph, id: string): boolean {
  if (isSampler(graph[id])) return followsSampler(graph, id);
  const fed = Object.keys(graph).filter(
    (other) => isSampler(graph[other]) && linksOf(graph[other] as GraphNode).includes(id),
  );
  return fed.length > 0 && fed.every((sampler) => followsSampler(graph, sampler));
}

function followsSampler(graph: Graph, id: string): boolean {
  const latent = graph[id]?.inputs.latent_image;
  const seen = new Set<string>([id]);
  const reaches = (at: string): boolean => {
    if (seen.has(at)) return false;
    seen.add(at);
    const node = graph[at];
    return isSampler(node) || (node !== undefined && linksOf(node).some(reaches));
  };
  return isLink(latent) && reaches(latent[0]);
}
