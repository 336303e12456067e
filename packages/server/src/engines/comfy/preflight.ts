/**
 * Checks that everything in a graph exists on the server. It checks the graph that will be sent, so both cannot differ.
 * Each result says what is missing and its cure; the caller adds which server it is.
 */
import type { Bilingual, Missing } from '@limner/contract';
import { coreSince, updateFor } from './core-nodes.ts';
import { type Graph, type GraphInput, type GraphNode, isLink } from './graph.ts';
import { downloadCommand, installCommand, modelFile, packOf } from './model-files.ts';
import { type InputInfo, listedName, type ServerInfo } from './server-info.ts';
import { isOlder } from './version.ts';

export function missingFor(graph: Graph, info: ServerInfo): Missing[] {
  const found = Object.values(graph).flatMap((node) => missingForNode(node, info));
  return [...new Map(found.map((missing) => [`${missing.what} ${missing.name}`, missing])).values()];
}

function missingForNode(node: GraphNode, info: ServerInfo): Missing[] {
  const known = info.nodes.get(node.class_type);
  if (!known) return [missingNode(node.class_type, info)];
  const values = Object.entries(node.inputs).flatMap(([input, value]) => {
    const spec = known.inputs[input];
    return spec && !isLink(value) ? missingValue(node.class_type, input, value, spec) : [];
  });
  const unfilled = Object.entries(known.inputs)
    .filter(([input, spec]) => spec.required && !isFilled(node, input, spec))
    .map(([input]) => unfilledInput(node.class_type, input));
  return [...values, ...unfilled];
}

/** The inputs of a growing list are called `<its name>.<one of its names>`. */
const isFilled = ({ inputs }: GraphNode, input: string, { type, mayBeEmpty }: InputInfo): boolean =>
  input in inputs ||
  mayBeEmpty === true ||
  (type === 'COMFY_AUTOGROW_V3' && Object.keys(inputs).some((name) => name.startsWith(`${input}.`)));

export function missingNode(classType: string, info: ServerInfo): Missing {
  const near = nearest([...info.nodes.keys()], classType);
  return {
    what: 'node',
    name: classType,
    ...originOf(classType, info),
    ...(near ? { nearest: near } : {}),
  };
}

/** Our own table knows licences; ComfyUI-Manager on the server knows more packs, and can install them. */
function originOf(classType: string, { packs }: ServerInfo): Omit<Missing, 'what' | 'name'> {
  // Packs may have older nodes of that name.
  if (coreSince(classType)) return { cure: updateFor([classType]) };
  const pack = packOf(classType);
  const offered = packs?.get(classType);
  const install = offered ? { pack: offered.id } : {};
  if (pack)
    return {
      cure: installPack(classType, pack.name),
      source: pack.source,
      licence: pack.licence,
      folder: `custom_nodes/${pack.name}`,
      command: installCommand(pack),
      ...install,
    };
  if (!offered) return { cure: updateComfy(classType) };
  const { name, source, command, others } = offered;
  return { cure: installPack(classType, name, others), source, command, ...install };
}

function installPack(classType: string, pack: string, others: readonly string[] = []): Bilingual {
  const more = others.slice(0, MOST_OTHERS);
  const also = {
    en: more.length > 0 ? ` Nodes of that name are also in ${more.join(', ')}.` : '',
    zh: more.length > 0 ? `${more.join('、')} 中也有同名节点。` : '',
  };
  return {
    en: `The node ${classType} comes with ${pack}. Install that pack into custom_nodes and restart ComfyUI.${also.en}`,
    zh: `节点 ${classType} 属于扩展 ${pack}。请将其安装到 custom_nodes 并重启 ComfyUI。${also.zh}`,
  };
}
const MOST_OTHERS = 3;

/** A server may have every node and file of a model and still be too old to load it. */
export function tooOldFor(
  { label, since }: { label: string; since?: string },
  { version }: ServerInfo,
): Missing[] {
  if (since === undefined || !isOlder(version, since)) return [];
  const cure = {
    en: `This ComfyUI is ${version}. ${label} runs on ${since} or newer: update ComfyUI.`,
    zh: `该 ComfyUI 版本为 ${version}，${label} 需要 ${since} 或更高版本，请更新 ComfyUI。`,
  };
  return [{ what: 'node', name: `ComfyUI ${since}`, cure }];
}

const updateComfy = (classType: string): Bilingual => ({
  en: `This ComfyUI has no node ${classType}. Update ComfyUI, or look in its log for why the node did not load.`,
  zh: `该 ComfyUI 没有节点 ${classType}。请更新 ComfyUI，或在其日志中查看该节点未加载的原因。`,
});

/** ComfyUI refuses a value that is not in its list; for a loader this is a missing file. */
function missingValue(classType: string, input: string, value: GraphInput, spec: InputInfo): Missing[] {
  if (spec.type !== 'COMBO' || spec.picture || !spec.choices) return [];
  const text = String(value);
  if (spec.choices.includes(text)) return [];
  if (isFileName(text) || isFileInput(classType, input))
    return [missingFile(text, spec.choices, folderOf(classType))];
  // Without any choice no value could be right: the node checks it itself, as CustomCombo does.
  return spec.choices.length === 0 ? [] : [unknownChoice(classType, input, text, spec.choices)];
}

export const isFileName = (text: string): boolean =>
  /\.(gguf|safetensors|sft|ckpt|pth?|pt2|bin|pkl|onnx)$/i.test(text);

/** A1111 names a LoRA without its extension. */
const isFileInput = (classType: string, input: string): boolean =>
  folderOf(classType) !== undefined && /_name\d?$/.test(input);

/** Where a loader's files belong, for names that are not in our table. */
const FOLDERS: Readonly<Record<string, string>> = {
  UnetLoaderGGUF: 'models/unet',
  UNETLoader: 'models/diffusion_models',
  DualCLIPLoader: 'models/text_encoders',
  DualCLIPLoaderGGUF: 'models/text_encoders',
  CLIPLoader: 'models/text_encoders',
  CLIPLoaderGGUF: 'models/text_encoders',
  VAELoader: 'models/vae',
  CheckpointLoaderSimple: 'models/checkpoints',
  LoraLoader: 'models/loras',
  LoraLoaderModelOnly: 'models/loras',
  ControlNetLoader: 'models/controlnet',
  ModelPatchLoader: 'models/model_patches',
  UpscaleModelLoader: 'models/upscale_models',
  CLIPVisionLoader: 'models/clip_vision',
  StyleModelLoader: 'models/style_models',
  LTXAVTextEncoderLoader: 'models/text_encoders',
  LTXVAudioVAELoader: 'models/checkpoints',
  LoadBackgroundRemovalModel: 'models/background_removal',
};
export const folderOf = (classType: string): string | undefined => FOLDERS[classType];

export function missingFile(file: string, listed: readonly string[], folder?: string): Missing {
  const known = modelFile(file);
  const where = known?.folder ?? folder;
  const near = nearest(listed, file);
  const command = known && downloadCommand(known);
  return {
    what: 'model_file',
    name: file,
    cure: putFile(file, where, near),
    ...(where ? { folder: where } : {}),
    ...(known?.sizeBytes ? { size_bytes: known.sizeBytes } : {}),
    ...(known ? { licence: known.licence, source: known.source } : {}),
    ...(command ? { command } : {}),
    ...(near ? { nearest: near } : {}),
  };
}

function putFile(file: string, folder: string | undefined, near: string | undefined): Bilingual {
  return {
    en: `Put ${file} into ${folder ?? "the loader's folder"} of this ComfyUI.${near ? ` It has ${near}: use that name if it is the file you mean.` : ''}`,
    zh: `请将 ${file} 放入该 ComfyUI 的 ${folder ?? '对应模型目录'}。${near ? `它已有 ${near}，若即为所需文件，请改用该名称。` : ''}`,
  };
}

function unknownChoice(classType: string, input: string, value: string, choices: readonly string[]): Missing {
  // The types of a text encoder loader are the models that this ComfyUI knows.
  if (input === 'type' && folderOf(classType)) return unknownModel(classType, value);
  const near = nearest(choices, value);
  const some = choices.slice(0, 8).join(', ');
  const pack = packOf(classType);
  return {
    what: 'node',
    name: `${classType}.${input} = ${value}`,
    cure: {
      en: `The node ${classType} of this server does not offer "${value}" for ${input}. ${pack ? `Update ${pack.name}, or choose` : 'Choose'} one of: ${some}.`,
      zh: `该服务器的节点 ${classType} 的 ${input} 不支持「${value}」。${pack ? `请更新 ${pack.name}，或选择` : '可选'}：${some}。`,
    },
    ...(near ? { nearest: near } : {}),
  };
}

const unknownModel = (classType: string, type: string): Missing => ({
  what: 'node',
  name: `${classType}.type = ${type}`,
  cure: {
    en: `This ComfyUI is older than the model: its ${classType} does not know the type "${type}". Update ComfyUI.`,
    zh: `该 ComfyUI 早于此模型：其 ${classType} 不支持类型「${type}」。请更新 ComfyUI。`,
  },
});

/** A newer server asks for an input that did not exist when the family was written. */
const unfilledInput = (classType: string, input: string): Missing => ({
  what: 'node',
  name: `${classType}.${input}`,
  cure: {
    en: `The node ${classType} of this server asks for "${input}", which the graph does not fill. Its version does not fit: change the version of ComfyUI or of the node's pack, or import a workflow made on this server.`,
    zh: `该服务器的节点 ${classType} 需要「${input}」，而流程图没有提供。版本不匹配：请更换 ComfyUI 或该扩展的版本，或导入在该服务器上制作的工作流。`,
  },
});

/** The most similar name, if it is similar enough. */
export function nearest(names: readonly string[], wanted: string): string | undefined {
  const respelt = listedName(names, wanted);
  if (respelt) return respelt;
  const base = stemOf(wanted);
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const stem = stemOf(name);
    const distance = isPartOf(stem, base) ? 1 : editDistance(stem, base);
    if (!best || distance < best.distance) best = { name, distance };
  }
  return best && best.distance <= Math.max(2, base.length / 2) && best.distance < base.length
    ? best.name
    : undefined;
}

/** One name contains the other. */
const isPartOf = (a: string, b: string): boolean =>
  Math.min(a.length, b.length) >= MIN_PART_CHARS && (a.includes(b) || b.includes(a));
const MIN_PART_CHARS = 4;

/** Without folders and extension, which say nothing about the model. */
const stemOf = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? name).toLowerCase().replace(/\.\w+$/, '');

/** Levenshtein's, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
