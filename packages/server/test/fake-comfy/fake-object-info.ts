/**
 * The nodes a fake ComfyUI has: the answers of a real 0.3.64 with three node packs, and model files by default as the
 * families want them.
 */
import { newerObjectInfo as newer } from '../../src/engines/comfy/fixtures/servers.ts';
import recorded from './object-info.golden.json' with { type: 'json' };
import training from './training-nodes-0.33.json' with { type: 'json' };

export interface FakeNodeInfo {
  input: {
    required?: Record<string, readonly unknown[]>;
    optional?: Record<string, readonly unknown[]>;
  };
  output: string[];
  name: string;
  display_name: string | null;
  python_module: string;
  output_node: boolean;
}
export type FakeObjectInfo = Record<string, FakeNodeInfo>;

/** A ComfyUI 0.33 with a file of every newer model, also for videos. */
export const newerObjectInfo = (): FakeObjectInfo => newer() as unknown as FakeObjectInfo;

/** The same with the nodes that train and that write text. */
export const trainingObjectInfo = (): FakeObjectInfo => ({
  ...newerObjectInfo(),
  ...(structuredClone(training) as unknown as FakeObjectInfo),
});

/** File names by the loader input that lists them. */
export type FakeModels = Record<string, string[]>;

export const defaultModels = (): FakeModels => ({
  'UnetLoaderGGUF.unet_name': ['flux1-schnell-Q5_K_S.gguf'],
  'UNETLoader.unet_name': ['flux1-dev-kontext_fp8_scaled.safetensors', 'flux1-fill-dev.safetensors'],
  'DualCLIPLoader.clip_name1': ['clip_l.safetensors', 't5xxl_fp16.safetensors'],
  'DualCLIPLoader.clip_name2': ['clip_l.safetensors', 't5xxl_fp16.safetensors'],
  'DualCLIPLoaderGGUF.clip_name1': ['clip_l.safetensors', 't5xxl_fp16.safetensors'],
  'DualCLIPLoaderGGUF.clip_name2': ['clip_l.safetensors', 't5xxl_fp16.safetensors'],
  'VAELoader.vae_name': ['ae.safetensors'],
  'CheckpointLoaderSimple.ckpt_name': ['sd_xl_base_1.0.safetensors', 'v1-5-pruned-emaonly.safetensors'],
  'LoraLoader.lora_name': ['pixel-art.safetensors', 'styles/ink.safetensors'],
  'LoraLoaderModelOnly.lora_name': ['pixel-art.safetensors', 'styles/ink.safetensors'],
  'ControlNetLoader.control_net_name': ['instantx-flux-union-controlnet.safetensors'],
  'UpscaleModelLoader.model_name': ['RealESRGAN_x4plus.pth'],
});

export function objectInfo(models: FakeModels): FakeObjectInfo {
  const info = structuredClone(recorded) as unknown as FakeObjectInfo;
  for (const [place, files] of Object.entries(models)) {
    const [classType = '', input = ''] = place.split('.');
    const required = info[classType]?.input.required;
    const spec = required?.[input];
    // Both spellings of a list occur on one server, and stay as they were recorded.
    if (spec) required[input] = spec[0] === 'COMBO' ? ['COMBO', { options: files }] : [files];
  }
  return info;
}
