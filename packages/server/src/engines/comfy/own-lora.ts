/**
 * Styles with a LoRA file of their own: Limner brings the file to the server that paints. ComfyUI looks for LoRAs in
 * `loras` of its output folder too, which its upload route can write to.
 */
import type { FrameRecipe, RecipeStyle } from '@limner/contract';
import type { ComfyFamily } from './families/family.ts';
import { listedName, modelsOf, type NodeInfo, type ServerInfo } from './server-info.ts';

/** Below `loras` of the output folder. */
export const LORA_FOLDER = 'limner';
const LOADERS = ['LoraLoader', 'LoraLoaderModelOnly'];

/** Null: it has none that is used, or one that is on the servers. */
export const ownLora = ({ style }: FrameRecipe): RecipeStyle | null =>
  style?.lora_path != null && style.family !== null && style.strength !== 0 ? style : null;

/** Names the style for those who see it on the server; the file's own name makes it unique. */
export function loraFileName({ name, lora_path }: RecipeStyle): string {
  const shown = name.replace(/[^\p{L}\p{N}]+/gu, '_').slice(0, 40);
  const unique = (lora_path ?? '').replace(/^.*\//, '');
  return `trained_style_${shown}_${unique}`;
}

/** The family, for which the files of such styles are on every server. */
export function withOwnLoras(family: ComfyFamily): ComfyFamily {
  return {
    ...family,
    missing: (info, request) =>
      request ? family.missing(listing(request, info), named(request)) : family.missing(info),
    build: (request, inputs, info) => family.build(named(request), inputs, listing(request, info)),
  };
}

function named(request: FrameRecipe): FrameRecipe {
  const style = ownLora(request);
  return style
    ? { ...request, style: { ...style, lora_path: `${LORA_FOLDER}/${loraFileName(style)}` } }
    : request;
}

/** The server's information with the style's file in its lists. */
function listing(request: FrameRecipe, info: ServerInfo): ServerInfo {
  const lora = named(request).style?.lora_path;
  if (!ownLora(request) || !lora || listedName(modelsOf(info, 'loras'), lora)) return info;
  const nodes = new Map(info.nodes);
  for (const loader of LOADERS) {
    const node = nodes.get(loader);
    if (node) nodes.set(loader, withLora(node, lora));
  }
  return { ...info, nodes };
}

function withLora(node: NodeInfo, lora: string): NodeInfo {
  const { lora_name: names } = node.inputs;
  if (!names?.choices) return node;
  const choices = [...names.choices, lora];
  return { ...node, inputs: { ...node.inputs, lora_name: { ...names, choices } } };
}
