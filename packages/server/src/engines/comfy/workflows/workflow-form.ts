/** The form of an imported workflow: its parameters and their initial values. */
import { type Bilingual, type Family, type FamilyParam, MAX_SIDE_PX } from '@limner/contract';
import { COMFY_MAX_SEED } from '../families/graph-seed.ts';
import type { GraphInput } from '../graph.ts';
import type { InputInfo, ServerInfo } from '../server-info.ts';
import { bothOf, isPicture, paramOf, placeholdersIn, targetsOf, type Workflow } from './workflow.ts';
import { shownExample } from './workflow-examples.ts';
import { videoOf } from './workflow-video.ts';

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
    description: workflow.description ?? {
      en: 'A workflow of your own, run as it is.',
      zh: '你自己的工作流，按原样运行。',
    },
    experimental: false,
    types: workflow.kind === 'generation' ? [typeOf(workflow, pictures)] : [],
    controls: [],
    size: keys.includes('width') && keys.includes('height') ? ownSize(workflow) : null,
    references: workflow.kind === 'edit' ? pictures.length : 0,
    ...(workflow.kind === 'video' ? { video: videoOf(workflow.graph, pictures.length) } : {}),
    loras: false,
    only_named: true,
    takes_prompt: keys.includes('prompt'),
    ...(keys.includes('seed') ? { max_seed: COMFY_MAX_SEED } : {}),
    params: keys.flatMap((key) => paramFor(workflow, key, server) ?? []),
    ...(workflow.licence === null ? {} : { licence: workflow.licence }),
    ...(workflow.examples.length > 0
      ? { examples: workflow.examples.map((example) => shownExample(example, workflow.id)) }
      : {}),
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

/** What a parameter is where nobody sets it: what the workflow says, or what its graph holds. */
export function usualValue(workflow: Workflow, key: string): GraphInput {
  const said = paramOf(workflow, key).default;
  if (said !== undefined) return said;
  const [target] = targetsOf(workflow, key);
  const value = target && workflow.graph[target.node]?.inputs[target.input];
  return value === undefined || placeholdersIn(value).length > 0 ? null : value;
}

function ownSize(workflow: Workflow): NonNullable<Family['size']> {
  const side = (key: 'width' | 'height') => Number(usualValue(workflow, key)) || 1024;
  const [width, height] = [side('width'), side('height')];
  const said = [paramOf(workflow, 'width'), paramOf(workflow, 'height')];
  const least = said.flatMap(({ min }) => min ?? []);
  const most = said.flatMap(({ max }) => max ?? []);
  return {
    default: width,
    ...(height === width ? {} : { default_height: height }),
    min: least.length > 0 ? Math.max(...least) : Math.min(LEAST_SIDE_PX, width, height),
    max: most.length > 0 ? Math.min(...most) : Math.max(MAX_SIDE_PX, width, height),
    step: said.find(({ step }) => step !== undefined)?.step ?? 8,
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

/** Parameters with a place of their own in the form, or none. */
const PLACED: readonly string[] = ['prompt', 'seed', 'width', 'height', 'pictures_at_once'];

/** Prompt, seed, size and pictures have their own places in the form; the rest are its controls. */
function paramFor(workflow: Workflow, key: string, server?: ServerInfo): FamilyParam | undefined {
  if (isPicture(key) || PLACED.includes(key)) return undefined;
  const value = usualValue(workflow, key);
  const said = saidOf(workflow, key);
  if (key === 'negative_prompt') return { key, type: 'text', default: plain(value), effect: true };
  const named = NAMED.find((name) => name === key);
  if (named) {
    const [least, most] = RANGES[named];
    return {
      key: named,
      type: key === 'steps' ? 'integer' : 'number',
      default: plain(value),
      step: key === 'steps' ? 1 : 0.05,
      effect: true,
      ...said,
      min: Math.max(least, said.min ?? least),
      max: Math.min(most, said.max ?? most),
    };
  }
  if (key === 'sampler' || key === 'scheduler' || key === 'model') {
    const { label } = said;
    return {
      key,
      type: 'choice',
      default: plain(value),
      choices: choiceOf(value),
      effect: true,
      ...(label ? { label } : {}),
    };
  }
  return ownParam(workflow, key, value, server);
}

/** What the workflow itself says of a control. */
function saidOf(workflow: Workflow, key: string): Partial<FamilyParam> & { label?: Bilingual } {
  const { label, min, max, step } = paramOf(workflow, key);
  const both = bothOf(label);
  return {
    ...(both ? { label: both } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(step === undefined ? {} : { step }),
  };
}

/** A placeholder of the user's own: only the server knows its type. */
function ownParam(workflow: Workflow, key: string, value: GraphInput, server?: ServerInfo): FamilyParam {
  const input = server && inputBehind(workflow, `inputs.${key}`, server);
  const { label, min, max, step } = saidOf(workflow, key);
  const common = {
    key: `inputs.${key}` as const,
    label: label ?? { en: key, zh: key },
    default: plain(value) ?? plain(input?.default ?? null),
    effect: true,
  };
  const isRanged = typeof value === 'number' && (min !== undefined || max !== undefined);
  if (input?.type === 'INT' || input?.type === 'FLOAT' || (!input && isRanged)) {
    const least = greatest(min, input?.min);
    const most = smallest(max, input?.max);
    const isWhole = input ? input.type === 'INT' : Number.isInteger(value) && Number.isInteger(step ?? 1);
    return {
      ...common,
      type: isWhole ? 'integer' : 'number',
      ...(least === undefined ? {} : { min: least }),
      ...(most === undefined ? {} : { max: most }),
      ...(step === undefined ? {} : { step }),
    };
  }
  if (input?.type === 'BOOLEAN')
    return { ...common, type: 'choice', choices: ['true', 'false'].flatMap(choiceOf) };
  if (input?.choices) return { ...common, type: 'choice', choices: input.choices.flatMap(choiceOf) };
  return { ...common, type: 'text' };
}

const greatest = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
const smallest = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** The node's input with the range that the workflow allows of it. */
export function allowedInput(workflow: Workflow, key: string, input: InputInfo): InputInfo {
  const { min, max } = paramOf(workflow, key);
  const least = greatest(min, input.min);
  const most = smallest(max, input.max);
  return {
    ...input,
    ...(least === undefined ? {} : { min: least }),
    ...(most === undefined ? {} : { max: most }),
  };
}

const plain = (value: GraphInput): string | number | null =>
  typeof value === 'string' || typeof value === 'number'
    ? value
    : typeof value === 'boolean'
      ? String(value)
      : null;
const choiceOf = (value: GraphInput) =>
  typeof value === 'string' ? [{ value, label: { en: value, zh: value } }] : [];
