/**
 * A workflow of the user's own: a ComfyUI graph in API format, and the inputs of each parameter.
 *
 * There are two ways to define them. A map names node and input of each parameter. Or a text in the graph contains
 * `{{key}}`: alone it becomes the value with its type, within a longer text its characters. Values are put into the
 * parsed graph, which is serialised once, so quotes and line breaks in a prompt are safe.
 */
import {
  type Bilingual,
  MAX_INPUT_KEY_CHARS,
  type TaskKind,
  WORKFLOW_KEYS,
  type WorkflowKey,
  type WorkflowNeeds,
  type WorkflowParam,
  type WorkflowTarget,
} from '@limner/contract';
import { type Graph, type GraphInput, isLink } from '../graph.ts';
import type { Example } from './workflow-examples.ts';

export type Target = WorkflowTarget;

/** By parameter: one of `WORKFLOW_KEYS`, `image_2` and on for further pictures, or the key of the user's own placeholder. */
export type WorkflowMap = Record<string, Target[]>;

export interface Workflow {
  /** Family id. */
  id: string;
  label: Bilingual;
  description: Bilingual | null;
  licence: string | null;
  kind: TaskKind;
  graph: Graph;
  map: WorkflowMap;
  /** By key of the map: what differs from the nodes. */
  params: Readonly<Record<string, WorkflowParam>>;
  examples: readonly Example[];
  /** False: it is kept and not offered. */
  enabled: boolean;
  /** What its author's Limner knew of the parts it loads; null: it was not shared. */
  needs: WorkflowNeeds | null;
}

/** A text of one language stands in the other as well. */
export function bothOf(text: { en?: string; zh?: string } | null | undefined): Bilingual | null {
  const { en, zh } = text ?? {};
  return en || zh ? { en: en || (zh as string), zh: zh || (en as string) } : null;
}

/** Synonyms of other tools. */
const ALIASES = new Map<string, WorkflowKey>(
  Object.entries({
    positive: 'prompt',
    positive_prompt: 'prompt',
    description: 'prompt',
    text: 'prompt',
    negative: 'negative_prompt',
    noise_seed: 'seed',
    cfg_scale: 'cfg',
    sampler_name: 'sampler',
    strength: 'denoise',
    checkpoint: 'model',
    ckpt_name: 'model',
    model_name: 'model',
    unet_name: 'model',
    input_image: 'image',
    reference_image: 'image',
    init_image: 'image',
    image_1: 'image',
    mask_image: 'mask',
  }),
);

export const canonicalKey = (key: string): string => ALIASES.get(key) ?? key;
export const isKnown = (key: string): key is WorkflowKey =>
  (WORKFLOW_KEYS as readonly string[]).includes(key);
export const isPicture = (key: string): boolean => key === 'mask' || /^image(_\d+)?$/.test(key);

/** Letters, their marks and joiners, and digits of any script: `{{画师}}` is a key as well. */
const WORD = String.raw`[\p{L}\p{M}\p{Join_C}\p{N}_-]+`;
const KEY = `${WORD}(?: ${WORD})*`;
const WHOLE_KEY = new RegExp(`^${KEY}$`, 'u');
const PLACEHOLDER = new RegExp(String.raw`\{\{\s*(${KEY})\s*\}\}`, 'gu');

/** True if a request can send a value for it. No JSON body may have the key `__proto__`. */
export const isKey = (text: string): boolean =>
  text !== '__proto__' && text.length <= MAX_INPUT_KEY_CHARS && WHOLE_KEY.test(text);

/** Everything between double braces, whether it is a key or not, also within lists and objects. */
export function bracedIn(value: GraphInput): { text: string; isNested: boolean }[] {
  if (typeof value === 'string')
    return [...value.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, text = '']) => ({
      text: text.trim(),
      isNested: false,
    }));
  if (typeof value !== 'object' || value === null || isLink(value)) return [];
  return Object.values(value)
    .flatMap(bracedIn)
    .map(({ text }) => ({ text, isNested: true }));
}

/** Keys of the placeholders in one value, as other parts of Limner call them. */
export function placeholdersIn(value: GraphInput): string[] {
  return typeof value === 'string'
    ? [...value.matchAll(PLACEHOLDER)].map((match) => canonicalKey(match[1] ?? ''))
    : [];
}

/** The placeholder, if the value consists of only one. */
export function solePlaceholder(value: GraphInput): string | undefined {
  const keys = placeholdersIn(value);
  return keys.length === 1 && String(value).trim().replace(PLACEHOLDER, '') === '' ? keys[0] : undefined;
}

/** The inputs that take a key's value. A key may be any word, also one that every object inherits. */
export const targetsOf = ({ map }: Pick<Workflow, 'map'>, key: string): Target[] =>
  (Object.hasOwn(map, key) ? map[key] : undefined) ?? [];

/** What the workflow says of a parameter. */
export const paramOf = ({ params }: Pick<Workflow, 'params'>, key: string): WorkflowParam =>
  (Object.hasOwn(params, key) ? params[key] : undefined) ?? {};

export type Values = ReadonlyMap<string, GraphInput>;

/** A new graph with the values put in; the workflow itself never changes. Inputs without a value are unchanged. */
export function filled({ graph, map }: Workflow, values: Values): Graph {
  const copy = structuredClone(graph);
  for (const node of Object.values(copy)) {
    for (const [input, value] of Object.entries(node.inputs)) node.inputs[input] = replaced(value, values);
  }
  for (const [key, targets] of Object.entries(map)) {
    const value = values.get(key);
    if (value === undefined) continue;
    for (const { node, input } of targets) {
      const target = copy[node];
      if (target && placeholdersIn(graph[node]?.inputs[input] ?? null).length === 0)
        target.inputs[input] = value;
    }
  }
  return copy;
}

function replaced(value: GraphInput, values: Values): GraphInput {
  const sole = solePlaceholder(value);
  if (sole !== undefined) return values.get(sole) ?? value;
  if (typeof value !== 'string') return value;
  return value.replace(PLACEHOLDER, (text, key: string) => String(values.get(canonicalKey(key)) ?? text));
}
