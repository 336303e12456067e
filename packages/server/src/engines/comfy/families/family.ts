/**
 * A family is a pure function: from a request, the names its pictures got on a server, and what that server has, to a
 * graph. It knows no HTTP; its tests need only values.
 */
import type { Bilingual, Family, FamilyParam, FrameRecipe, Missing, OutputRole } from '@limner/contract';
import type { Graph } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';

/** Names of the files a Flux graph loads, as the server lists them. */
export interface FluxFiles {
  unet: string;
  clipL: string;
  t5xxl: string;
  vae: string;
  controlnet: string;
}

/** A picture on the server. */
export interface UploadedInput {
  /** What `/upload/image` answered, with its sub-folder (`limner/ab12….png`). */
  name: string;
  width: number;
  height: number;
}

/** By the id the request uses: `input_image`, `mask_image`, each of `references`, `controlnet.image`. */
export type UploadedInputs = ReadonlyMap<string, UploadedInput>;

export interface BuiltGraph {
  graph: Graph;
  /** Nodes whose pictures are the result; others (intermediate previews) are ignored. */
  outputNodes: string[];
  /** True: the pictures are layers, the lowest first; the result is also what they make up. */
  isStack?: boolean;
  /** What the files of an output node are for; `main` where absent. */
  roles?: Readonly<Record<string, OutputRole>>;
  /** Each node's share of the work, for the overall progress. A node that is not named counts 1. */
  weights: Record<string, number>;
  /** Requests with the same key need the same big model: a server that has just used it is warm. */
  modelKey: string;
  /** What the picture is made with, one sentence; goes into the provenance. */
  summary: Bilingual;
  /** Facts for the provenance: files, steps that really ran, effective strength. */
  details: Record<string, unknown>;
}

/** Work on a result for which ComfyUI has no node. `unmix`: takes the ground's colour out of soft edges. */
export type FinishStep = 'unmix';

export interface ComfyFamily {
  spec: Family;
  /** `keep`: its pictures are uploaded as they are. `flatten`: see-through parts are laid on white first. */
  alpha: 'keep' | 'flatten';
  /** Done to each picture after it was fetched. */
  finish?: FinishStep;
  /** True: of an inpainting it receives and returns the canvas of `engines/repaint`. */
  paintsCanvas?: boolean;
  /** What this server lacks for the request, or without one for the family's plainest use. Pure and quick. */
  missing(info: ServerInfo, request?: FrameRecipe): Missing[];
  /** The graph of its plainest use, to read which files it loads. */
  plainGraph(info: ServerInfo): Graph;
  /** Called only when `missing` found nothing. */
  build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph;
  /** Values of a choice parameter that this server adds, such as its checkpoints. */
  choices?(info: ServerInfo): ServerChoices;
  /** Where more than the choices depends on what the servers have. */
  specOn?(servers: readonly ServerInfo[]): Family;
}

export type ServerChoices = Partial<Record<FamilyParam['key'], readonly string[]>>;

/** The family for the form, with the choices that its servers offer. */
export const specOn = (family: ComfyFamily, servers: readonly ServerInfo[]): Family =>
  family.specOn?.(servers) ?? withChoices(family.spec, servers, (info) => family.choices?.(info) ?? {});

export function withChoices(
  spec: Family,
  servers: readonly ServerInfo[],
  choicesOf: (info: ServerInfo) => ServerChoices,
): Family {
  const added = servers.map(choicesOf);
  const params = spec.params.map((param) => {
    const values = added.flatMap((choices) => choices[param.key] ?? []);
    return param.type === 'choice' ? { ...param, choices: choicesOn(param, values) } : param;
  });
  return { ...spec, params };
}

/** The choices of the servers and the default; the usual ones if no server lists any. */
function choicesOn({ choices: usual = [], default: suggested }: FamilyParam, values: readonly string[]) {
  if (values.length === 0) return usual;
  const offered = new Set<string | number>(values);
  const kept = usual.filter(({ value }) => offered.has(value) || value === suggested);
  const names = new Set(kept.map(({ value }) => value));
  const fresh = [...new Set(values)].filter((value) => !names.has(value));
  return [...kept, ...fresh.map((value) => ({ value, label: { en: value, zh: value } }))];
}
