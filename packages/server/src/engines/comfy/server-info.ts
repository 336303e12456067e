/**
 * What a ComfyUI server has, from the several megabytes of its `/object_info`: which node classes exist, and of each
 * input the type, choices, default and range. Model lists are the choices of the loaders' inputs.
 */

import type { OfferedPack } from './models/node-packs.ts';

export interface InputInfo {
  /** `INT`, `FLOAT`, `STRING`, `BOOLEAN`, `COMBO`, or a link type such as `MODEL`; `*` is any, `A,B` either. */
  type: string;
  required: boolean;
  /** Of a COMBO. Absent where the server does not list them (remote options). */
  choices?: readonly string[];
  default?: string | number | boolean;
  min?: number;
  max?: number;
  /** A COMBO of pictures in the input folder: any uploaded name is accepted, listed or not. */
  picture?: boolean;
  /** Of a COMFY_AUTOGROW_V3: no input of the list needs to be linked. */
  mayBeEmpty?: boolean;
  /** It can only be linked, although its type has a field. */
  linkedOnly?: boolean;
  /** Whether ComfyUI's page shows beside the field what happens to it after a run; absent if the server does not say. */
  control?: boolean;
  /** Of a COMFY_DYNAMICCOMBO_V3: the inputs that each choice adds, called `<input>.<its name>`. */
  more?: Readonly<Record<string, Record<string, InputInfo>>>;
}

/** The pack of nodes that come with ComfyUI. */
export const COMFY_ITSELF = 'ComfyUI';

export interface NodeInfo {
  /** Undefined if the server does not say. */
  displayName?: string;
  /** The folder of its node pack, or `COMFY_ITSELF`. Undefined if the server does not say. */
  pack?: string;
  inputs: Record<string, InputInfo>;
  outputs: string[];
  isOutput: boolean;
}

export interface ServerInfo {
  nodes: ReadonlyMap<string, NodeInfo>;
  /** Of ComfyUI; absent where the server does not say. */
  version?: string;
  /** Of checkpoints whose metadata names it, for example `stable-diffusion-xl-v1-base`. */
  architectures?: ReadonlyMap<string, string>;
  /** Of classes that it lacks: the packs that ComfyUI-Manager on the server has for them. */
  packs?: ReadonlyMap<string, OfferedPack>;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objectAt = (value: unknown, key: string): Json => {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : {};
};

/** Reads the parsed answer of `/object_info`. Invalid entries are skipped; their nodes count as missing. */
export function compactObjectInfo(json: unknown): ServerInfo {
  const nodes = new Map<string, NodeInfo>();
  const lists = new ListPool();
  for (const [name, entry] of Object.entries(isObject(json) ? json : {})) {
    if (isObject(entry)) nodes.set(name, nodeInfo(entry, lists));
  }
  return { nodes };
}

function nodeInfo(entry: Json, lists: ListPool): NodeInfo {
  const input = objectAt(entry, 'input');
  return {
    ...(typeof entry.display_name === 'string' ? { displayName: entry.display_name } : {}),
    ...(typeof entry.python_module === 'string' ? { pack: packIn(entry.python_module) } : {}),
    inputs: inputsOf(input, lists),
    outputs: Array.isArray(entry.output) ? entry.output.map(typeName) : [],
    isOutput: entry.output_node === true,
  };
}

/** `custom_nodes.ComfyUI-GGUF`, or a module of ComfyUI. A folder's name may have dots. */
const packIn = (module: string): string =>
  module.startsWith('custom_nodes.') ? module.slice('custom_nodes.'.length) : COMFY_ITSELF;

function inputsOf(input: Json, lists: ListPool): Record<string, InputInfo> {
  const inputs: Record<string, InputInfo> = {};
  for (const part of ['required', 'optional'] as const) {
    for (const [name, spec] of Object.entries(objectAt(input, part))) {
      const info = inputInfo(spec, part === 'required', lists);
      if (info) inputs[name] = info;
    }
  }
  return inputs;
}

/**
 * An input is `[type, options?]`. A COMBO has two forms, often both on one server: the list in place of the type, or
 * `"COMBO"` with `options`.
 */
function inputInfo(spec: unknown, required: boolean, lists: ListPool): InputInfo | undefined {
  if (!Array.isArray(spec) || spec.length === 0) return undefined;
  const [type, second] = spec as [unknown, unknown];
  const options = isObject(second) ? second : {};
  const listed = Array.isArray(type) ? type : type === 'COMBO' ? options.options : undefined;
  const choices = Array.isArray(listed) ? lists.shared(listed.map(String)) : undefined;
  return {
    type: typeName(type),
    required,
    ...(mayBeEmpty(type, options) ? { mayBeEmpty: true } : {}),
    ...(choices ? { choices } : {}),
    ...(isPlain(options.default) ? { default: options.default } : {}),
    ...(typeof options.min === 'number' ? { min: options.min } : {}),
    ...(typeof options.max === 'number' ? { max: options.max } : {}),
    ...(options.image_upload === true ? { picture: true } : {}),
    ...(options.forceInput === true ? { linkedOnly: true } : {}),
    ...('control_after_generate' in options ? { control: Boolean(options.control_after_generate) } : {}),
    ...(type === 'COMFY_DYNAMICCOMBO_V3' ? { more: moreInputs(options.options, lists) } : {}),
  };
}

/** A list of inputs that grows as its last one is linked. */
const mayBeEmpty = (type: unknown, options: Json): boolean =>
  type === 'COMFY_AUTOGROW_V3' && objectAt(options, 'template').min === 0;

function moreInputs(options: unknown, lists: ListPool): InputInfo['more'] {
  const choices = Array.isArray(options) ? options.filter(isObject) : [];
  return Object.fromEntries(
    choices.map(({ key, inputs }) => [String(key), inputsOf(isObject(inputs) ? inputs : {}, lists)]),
  );
}

const typeName = (type: unknown): string => (Array.isArray(type) ? 'COMBO' : String(type));
const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Many nodes repeat the same long list (samplers, model files); each is kept once. */
class ListPool {
  readonly #lists = new Map<string, readonly string[]>();

  shared(list: string[]): readonly string[] {
    const key = list.join('\n');
    const known = this.#lists.get(key);
    if (known) return known;
    this.#lists.set(key, list);
    return list;
  }
}

export const hasNode = (info: ServerInfo, classType: string): boolean => info.nodes.has(classType);

/** What the server lists for an input; empty where node or list is missing. */
export const choicesOf = (info: ServerInfo, classType: string, input: string): readonly string[] =>
  info.nodes.get(classType)?.inputs[input]?.choices ?? [];

/**
 * A file as the server spells it. Names carry the sub-folder with the server's own separator, and only that exact text
 * is accepted; ours may have been written with the other one.
 */
export function listedName(choices: readonly string[], wanted: string): string | undefined {
  if (choices.includes(wanted)) return wanted;
  const plain = (name: string) => name.replaceAll('\\', '/');
  return choices.find((choice) => plain(choice) === plain(wanted));
}

/** Without sub-folders, which are written with the server's own separator. */
export const baseName = (name: string): string => name.split(/[\\/]/).at(-1) ?? name;

/** The information without some files, by base name: as if the server did not list them. */
export function withoutFiles(info: ServerInfo, names: ReadonlySet<string>): ServerInfo {
  if (names.size === 0) return info;
  const isHidden = (choice: string) => names.has(baseName(choice));
  const nodes = new Map(info.nodes);
  for (const [classType, node] of nodes) {
    const touched = Object.entries(node.inputs).filter(([, { choices }]) => choices?.some(isHidden));
    if (touched.length === 0) continue;
    const kept = touched.map(([input, spec]) => [
      input,
      { ...spec, choices: spec.choices?.filter((choice) => !isHidden(choice)) },
    ]);
    nodes.set(classType, { ...node, inputs: { ...node.inputs, ...Object.fromEntries(kept) } });
  }
  return { ...info, nodes };
}

/** The folders ComfyUI lists models of, by the loader input that shows them. */
export const MODEL_LISTS = {
  unet_gguf: ['UnetLoaderGGUF', 'unet_name'],
  diffusion_models: ['UNETLoader', 'unet_name'],
  text_encoders: ['DualCLIPLoader', 'clip_name1'],
  text_encoders_gguf: ['DualCLIPLoaderGGUF', 'clip_name1'],
  vae: ['VAELoader', 'vae_name'],
  checkpoints: ['CheckpointLoaderSimple', 'ckpt_name'],
  loras: ['LoraLoaderModelOnly', 'lora_name'],
  controlnet: ['ControlNetLoader', 'control_net_name'],
  model_patches: ['ModelPatchLoader', 'name'],
  style_models: ['StyleModelLoader', 'style_model_name'],
  clip_vision: ['CLIPVisionLoader', 'clip_name'],
  upscale_models: ['UpscaleModelLoader', 'model_name'],
  background_removal: ['LoadBackgroundRemovalModel', 'bg_removal_name'],
} as const;

export type ModelList = keyof typeof MODEL_LISTS;

export function modelsOf(info: ServerInfo, list: ModelList): readonly string[] {
  const [classType, input] = MODEL_LISTS[list];
  return choicesOf(info, classType, input);
}
