/**
 * The models that ComfyUI's own nodes train, and with which file. They train what the server loads: a GGUF file's layers
 * are quantised in a way that takes no gradients, so its LoRA would be zero and nobody would be told.
 */
import type { Bilingual, Missing } from '@limner/contract';
import { filesOf } from '../families/files.ts';
import { type FileRule, type Model, named } from '../families/model.ts';
import { missingFile } from '../preflight.ts';
import { baseName, listedName, modelsOf, type ServerInfo } from '../server-info.ts';

export interface TrainedModel {
  /** The family that the style works with. */
  family: string;
  /** Best trained; others of the model only where a request names them. */
  base: FileRule;
  /** The first ComfyUI whose nodes train it right. */
  since: string;
  /** Of the conditioning while it trains; absent: the model has none. */
  guidance?: number;
}

/** The usual one first. */
export const TRAINED_MODELS: readonly TrainedModel[] = [
  {
    family: 'flux2-klein',
    base: { usual: 'flux-2-klein-base-4b-fp8.safetensors', matches: named(/klein(?=.*base)/i) },
    since: '0.9.2',
  },
  {
    family: 'z-image',
    base: {
      usual: 'z_image_bf16.safetensors',
      matches: named(/z[-_ ]?image(?!.*(turbo|control|fun|lora|omni|edit))/i),
    },
    since: '0.3.76',
  },
  {
    family: 'qwen-image',
    base: {
      usual: 'qwen_image_2512_fp8_e4m3fn.safetensors',
      matches: named(/qwen[-_ ]?image(?!.*distill)/i),
    },
    since: '0.4.0',
  },
  {
    family: 'flux-dev',
    base: { usual: 'flux1-dev.safetensors', matches: () => true },
    since: '0.3.76',
    guidance: 1,
  },
  {
    family: 'flux-schnell',
    base: { usual: 'flux1-schnell.safetensors', matches: () => true },
    since: '0.3.76',
  },
  { family: 'sdxl', base: { usual: 'sd_xl_base_1.0.safetensors', matches: () => true }, since: '0.3.76' },
  {
    family: 'sd15',
    base: { usual: 'v1-5-pruned-emaonly-fp16.safetensors', matches: () => true },
    since: '0.3.76',
  },
];

const isGguf = (file: string): boolean => /\.gguf$/i.test(file);

/** The file that is trained on a server, as it spells it, or what it lacks. `wanted`: named by a request, or empty. */
export function baseFile(
  { base }: TrainedModel,
  model: Model,
  wanted: string,
  info: ServerInfo,
): { file: string } | { missing: Missing } {
  const all = model.lists.flatMap((list) => modelsOf(info, list));
  if (wanted !== '') {
    if (isGguf(wanted)) return { missing: ggufBase(wanted, model) };
    const file = listedName(all, wanted) ?? all.find((each) => baseName(each) === wanted);
    return file === undefined ? { missing: missingFile(wanted, all, FOLDER) } : { file };
  }
  const own = filesOf(model, info);
  const whole = own.filter((file) => !isGguf(file));
  const file =
    listedName(whole, base.usual) ??
    whole.find((each) => baseName(each) === base.usual) ??
    whole.find((each) => base.matches?.(each, info));
  if (file !== undefined) return { file };
  const gguf = own.find(isGguf);
  return {
    missing: gguf === undefined ? missingFile(base.usual, all, FOLDER) : ggufBase(gguf, model, base.usual),
  };
}
const FOLDER = 'models/diffusion_models';

function ggufBase(file: string, { label }: Model, instead?: string): Missing {
  const other: Bilingual = instead
    ? { en: `such as ${instead}`, zh: `例如 ${instead}` }
    : { en: 'in a .safetensors file', zh: '使用 .safetensors 文件' };
  return {
    what: 'model_file',
    name: file,
    cure: {
      en: `ComfyUI's nodes cannot train a GGUF file: its quantised layers take no gradients, so the LoRA would be empty. Add ${label} as safetensors, ${other.en}.`,
      zh: `ComfyUI 的节点无法训练 GGUF 文件：量化层不接受梯度，训练出的 LoRA 会是空的。请添加 safetensors 格式的 ${label}，${other.zh}。`,
    },
    folder: FOLDER,
  };
}
