/** The form of an imported workflow: its parameters and their initial values. */
import { type Family, type FamilyParam, MAX_SIDE_PX } from '@limner/contract';
import { COMFY_MAX_SEED } from '../families/graph-seed.ts';
import type { GraphInput } from '../graph.ts';
import type { InputInfo, ServerInfo } from '../server-info.ts';
import { isPicture, placeholdersIn, type Target, targetsOf, type Workflow } from './workflow.ts';

/** Smallest size offered for a workflow. */
const LEAST_SIDE_PX = 64;

/** With a server the form has its ranges and choices; without one, those of the contract. */
export function specOf(workflow: Workflow, server?: ServerInfo): Family {
  const pictures = pictureKeys(workflow);
  const keys = parameterKeys(workflow);
  return {
    id: workflow.id,
    kind: workflow.kind,
    label: workflow.label,
    description: { en: 'A workflow of your own, run as it is.', zh: '你自己的工作流，按原样运行。' },
    experimental: false,
    types: workflow.kind === 'generation' ? [typeOf(workflow, pictures)] : [],
    controls: [],
    size: keys.includes('width') && keys.includes('height') ? ownSize(workflow) : null,
    references: workflow.kind === 'edit' ? pictures.length : 0,
    loras: false,
    only_named: true,
    takes_prompt: keys.includes('prompt'),
    ...(keys.includes('seed') ? { max_seed: COMFY_MAX_SEED } : {}),
    params: keys.flatMap((key) => paramFor(workflow, key, server) ?? []),
  };
}

export const pictureKeys = ({ map }: Workflow): string[] =>
  Object.keys(map).filter((key) => isPicture(key) && key !== 'mask');

const typeOf = ({ map }: Workflow, pictures: string[]) =>
  map.mask ? 'inpaint' : pictures.length > 0 ? 'img2img' : 'txt2img';

/** All keys that the graph takes, by map or by placeholder. */
export function parameterKeys({ graph, map }: Workflow): string[] {
  const inTexts = Object.values(graph).flatMap((node) => Object.values(node.inputs).flatMap(placeholdersIn));
  return [...new Set([...Object.keys(map), ...inTexts])];
}

const constantAt = ({ graph }: Workflow, target?: Target): GraphInput => {
  const value = target && graph[target.node]?.inputs[target.input];
  return value === undefined || placeholdersIn(value).length > 0 ? null : value;
};

/** The size in the workflow's graph. */
function ownSize(workflow: Workflow): NonNullable<Family['size']> {
  const side = (key: 'width' | 'height') => Number(constantAt(workflow, targetsOf(workflow, key)[0])) || 1024;
  const [width, height] = [side('width'), side('height')];
  return {
    default: width,
    ...(height === width ? {} : { default_height: height }),
    min: Math.min(LEAST_SIDE_PX, width, height),
    max: Math.max(MAX_SIDE_PX, width, height),
    step: 8,
  };
}

/** The server's description of a key's input. */
export function inputBehind(
  workflow: Workflow,
  key: FamilyParam['key'],
  info: ServerInfo,
): InputInfo | undefined {
  const target = targetsOf(workflow, key.replace(/^inputs\./, ''))[0];
  return target && info.nodes.get(workflow.graph[target.node]?.class_type ?? '')?.inputs[target.input];
}

const NAMED = ['steps', 'cfg', 'guidance', 'denoise'] as const;
const RANGES: Record<(typeof NAMED)[number], [min: number, max: number]> = {
  steps: [1, 150],
  cfg: [0, 30],
  guidance: [0, 100],
  denoise: [0, 1],
};

/** Prompt, seed, size and pictures have their own places in the form; the rest are its controls. */
function paramFor(workflow: Workflow, key: string, server?: ServerInfo): FamilyParam | undefined {
  if (isPicture(key) || ['prompt', 'seed', 'width', 'height'].includes(key)) return undefined;
  const value = constantAt(workflow, targetsOf(workflow, key)[0]);
  if (key === 'negative_prompt') return { key, type: 'text', default: plain(value), effect: true };
  const named = NAMED.find((name) => name === key);
  if (named) {
    const [min, max] = RANGES[named];
    const type = key === 'steps' ? 'integer' : 'number';
    return {
      key: named,
      type,
      default: plain(value),
      min,
      max,
      step: key === 'steps' ? 1 : 0.05,
      effect: true,
    };
  }
  if (key === 'sampler' || key === 'scheduler' || key === 'model') {
    return { key, type: 'choice', default: plain(value), choices: choiceOf(value), effect: true };
  }
  return ownParam(workflow, key, value, server);
}

/** A placeholder of the user's own: only the server knows its type. */
function ownParam(workflow: Workflow, key: string, value: GraphInput, server?: ServerInfo): FamilyParam {
  const input = server && inputBehind(workflow, `inputs.${key}`, server);
  const common = {
    key: `inputs.${key}` as const,
    label: { en: key, zh: key },
    default: plain(value) ?? plain(input?.default ?? null),
    effect: true,
  };
  if (input?.type === 'INT' || input?.type === 'FLOAT') {
    const range = {
      ...(input.min === undefined ? {} : { min: input.min }),
      ...(input.max === undefined ? {} : { max: input.max }),
    };
    return { ...common, type: input.type === 'INT' ? 'integer' : 'number', ...range };
  }
  if (input?.type === 'BOOLEAN')
    return { ...common, type: 'choice', choices: ['true', 'false'].flatMap(choiceOf) };
  if (input?.choices) return { ...common, type: 'choice', choices: input.choices.flatMap(choiceOf) };
  return { ...common, type: 'text' };
}

const plain = (value: GraphInput): string | number | null =>
  typeof value === 'string' || typeof value === 'number'
    ? value
    : typeof value === 'boolean'
      ? String(value)
      : null;
const choiceOf = (value: GraphInput) =>
  typeof value === 'string' ? [{ value, label: { en: value, zh: value } }] : [];
