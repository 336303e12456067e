/** Makes a family of an imported workflow: its parameters draw the form, its graph is filled for every picture. */
import { type Family, type FamilyParam, type FrameRecipe, promptOf, StudioError, zh } from '@limner/contract';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from '../families/family.ts';
import { graphSeed } from '../families/graph-seed.ts';
import { sampleRequest, sampleUploads } from '../families/sample-request.ts';
import { type Graph, type GraphInput, isLink } from '../graph.ts';
import { missingFor } from '../preflight.ts';
import type { InputInfo, ServerInfo } from '../server-info.ts';
import { ownValue } from './own-value.ts';
import {
  filled,
  isKnown,
  isPicture,
  paramOf,
  placeholdersIn,
  targetsOf,
  type Values,
  type Workflow,
} from './workflow.ts';
import { allowedInput, inputBehind, parameterKeys, pictureKeys, specOf } from './workflow-form.ts';
import { withOrigin } from './workflow-needs.ts';
import { missingResult } from './workflow-result.ts';
import { withPoster } from './workflow-video.ts';

export function workflowFamily(workflow: Workflow, server?: ServerInfo): ComfyFamily {
  const spec = specOf(workflow, server);
  const graphOf = (asked: FrameRecipe, info: ServerInfo, unset: 'refuse' | 'sample') =>
    graphFor(workflow, asked, sampleUploads(asked), info, unset);
  return {
    spec,
    alpha: 'keep',
    missing(info, request) {
      const graph = graphOf(request ?? sampleFor(workflow, spec), info, request ? 'refuse' : 'sample');
      const missing = missingFor(graph, info).map((each) => withOrigin(each, workflow.needs));
      return [...missing, ...missingResult(graph, info)];
    },
    plainGraph: (info) => graphOf(sampleFor(workflow, spec), info, 'sample'),
    build: (request, inputs, info) => build(workflow, request, inputs, info),
    choices: (info) =>
      Object.fromEntries(
        spec.params.flatMap(({ key, type }) => {
          const input = type === 'choice' && inputBehind(workflow, key, info);
          return input ? [[key, input.choices ?? []]] : [];
        }),
      ),
  };
}

function sampleFor(workflow: Workflow, spec: Family): FrameRecipe {
  const pictures = pictureKeys(workflow);
  return {
    ...sampleRequest(workflow.kind, workflow.id, spec.types[0] ?? null),
    input_image: pictures.length > 0 ? 'image' : null,
    mask_image: workflow.map.mask ? 'mask' : null,
    references: pictures.slice(1),
  };
}

function build(
  workflow: Workflow,
  request: FrameRecipe,
  inputs: UploadedInputs,
  info: ServerInfo,
): BuiltGraph {
  const asked = graphFor(workflow, request, inputs, info, 'refuse');
  const film = workflow.kind === 'video' ? withPoster(asked, info) : null;
  const graph = film?.graph ?? asked;
  return {
    graph,
    outputNodes: outputsOf(graph, info),
    ...(film ? { roles: { [film.poster]: 'poster' } } : {}),
    weights: Object.fromEntries(
      Object.entries(graph).flatMap(([id, { inputs: given }]) =>
        typeof given.steps === 'number' ? [[id, 10 * given.steps]] : [],
      ),
    ),
    modelKey: modelOf(graph) ?? workflow.id,
    summary: {
      en: `Made by the workflow ${workflow.label.en}.`,
      zh: zh`由工作流 ${workflow.label.zh} 制作。`,
    },
    details: { workflow: workflow.id },
  };
}

/** The value of a user's key that the request does not set. */
type Unanswered = 'refuse' | 'sample';

function graphFor(
  workflow: Workflow,
  request: FrameRecipe,
  inputs: UploadedInputs,
  info: ServerInfo,
  unanswered: Unanswered,
): Graph {
  const values = valuesOf(workflow, request, inputs, info, unanswered);
  const given = filled(workflow, values);
  const absent = pictureKeys(workflow).filter((key) => !values.has(key));
  const nodes = absent.flatMap((key) => targetsOf(workflow, key).map((target) => target.node));
  return without(given, nodes, info);
}

/** Only values of the request that the workflow has; user placeholders fall back to the server's default. */
function valuesOf(
  workflow: Workflow,
  request: FrameRecipe,
  inputs: UploadedInputs,
  info: ServerInfo,
  unanswered: Unanswered,
): Values {
  const { params, input_image, references, video } = request;
  const pictures = [...new Set([input_image, ...references, video?.end_image ?? null])].filter(
    (id): id is string => id !== null,
  );
  const known: [string, GraphInput | undefined | null][] = [
    ['prompt', promptOf(request)],
    ['negative_prompt', request.negative_prompt],
    ['seed', graphSeed(request.seed)],
    ['width', request.width],
    ['height', request.height],
    ['steps', params.steps],
    ['cfg', params.cfg],
    ['guidance', params.guidance],
    ['denoise', params.denoise],
    ['sampler', params.sampler],
    ['scheduler', params.scheduler],
    ['model', params.model],
    ...pictures.map((id, i): [string, string | undefined] => [
      i === 0 ? 'image' : `image_${i + 1}`,
      inputs.get(id)?.name,
    ]),
    ['mask', request.mask_image === null ? null : inputs.get(request.mask_image)?.name],
    // Each picture of a task is a frame of its own.
    ['pictures_at_once', 1],
  ];
  const values = new Map<string, GraphInput>();
  for (const [key, value] of known) if (value !== undefined && value !== null) values.set(key, value);
  for (const key of parameterKeys(workflow)) {
    if (values.has(key) || isPicture(key)) continue;
    const input = inputBehind(workflow, isKnown(key) ? (key as FamilyParam['key']) : `inputs.${key}`, info);
    const given = ownInput(params.inputs, key);
    const value =
      ownValue(key, given, input && allowedInput(workflow, key, input)) ??
      paramOf(workflow, key).default ??
      (isAsked(workflow, key) ? input?.default : undefined);
    if (value !== undefined) values.set(key, value);
    else if (isAsked(workflow, key) && unanswered === 'sample') values.set(key, sampleValue(input));
    else if (isAsked(workflow, key)) throw keyUnanswered(key);
  }
  return values;
}

const ownInput = (inputs: FrameRecipe['params']['inputs'], key: string) =>
  inputs && Object.hasOwn(inputs, key) ? inputs[key] : undefined;

/** The graph itself has no value for it, only `{{key}}`. */
const isAsked = ({ graph }: Workflow, key: string): boolean =>
  Object.values(graph).some((node) =>
    Object.values(node.inputs).some((value) => placeholdersIn(value).includes(key)),
  );

/** A placeholder value, for checks of what the server has. */
function sampleValue(input: InputInfo | undefined): string | number | boolean {
  if (input?.type === 'INT' || input?.type === 'FLOAT') return input.min ?? 0;
  if (input?.type === 'BOOLEAN') return false;
  return input?.choices?.[0] ?? 'x';
}

const keyUnanswered = (key: string): StudioError =>
  new StudioError('invalid_request', {
    field: `params.inputs.${key}`,
    data: { reason: { en: `the workflow asks for "${key}".`, zh: `工作流需要“${key}”。` } },
  });

/** A further picture that was not given: its node is removed if everything it feeds is optional. */
function without(graph: Graph, ids: string[], info: ServerInfo): Graph {
  if (ids.length === 0) return graph;
  const kept = Object.fromEntries(Object.entries(graph).filter(([id]) => !ids.includes(id)));
  for (const node of Object.values(kept)) {
    for (const [input, value] of Object.entries(node.inputs)) {
      if (!isLink(value) || !ids.includes(value[0])) continue;
      if (info.nodes.get(node.class_type)?.inputs[input]?.required !== false)
        throw new StudioError('input_image_missing');
      delete node.inputs[input];
    }
  }
  return kept;
}

/** Saved files are the result; previews and other outputs only if nothing is saved. */
function outputsOf(graph: Graph, info: ServerInfo): string[] {
  const all = Object.keys(graph).filter((id) => info.nodes.get(graph[id]?.class_type ?? '')?.isOutput);
  const saved = all.filter((id) => isSaving(graph[id]));
  return saved.length > 0 ? saved : all;
}

/** Saving nodes, also those of packs, have a file name prefix. */
const isSaving = (node?: Graph[string]): boolean =>
  node !== undefined && (node.class_type.startsWith('Save') || 'filename_prefix' in node.inputs);

const modelOf = (graph: Graph): string | undefined =>
  Object.values(graph)
    .flatMap(({ inputs }) => [inputs.unet_name, inputs.ckpt_name])
    .find((name): name is string => typeof name === 'string');
