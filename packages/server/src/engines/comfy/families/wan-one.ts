/** What the Wan 2.2 models share. */

import { type Folder, type ModelFile, repacked } from '../published-file.ts';
import { type Model, named } from './model.ts';

/** Of Wan 2.2's own repository. */
export const wanFile = (folder: Folder, file: string): ModelFile =>
  repacked('Wan_2.2_ComfyUI_Repackaged', folder, file);

export const WAN = {
  kind: 'video',
  types: [],
  lists: ['diffusion_models', 'unet_gguf'],
  encoders: {
    type: 'wan',
    files: [{ usual: 'umt5_xxl_fp8_e4m3fn_scaled.safetensors', matches: named(/umt5[-_]?xxl/i) }],
  },
  scheduler: 'simple',
  strength: null,
  emptyLatent: null,
  mostSteps: 60,
  // As its makers recommend it, in Chinese as in their examples.
  negative:
    '色调艳丽，过曝，静态，细节模糊不清，字幕，风格，作品，画作，画面，静止，整体发灰，最差质量，低质量，JPEG压缩残留，丑陋的，残缺的，多余的手指，画得不好的手部，画得不好的脸部，畸形的，毁容的，形态畸形的肢体，手指融合，静止不动的画面，杂乱的背景，三条腿，背景人很多，倒着走',
} satisfies Partial<Model>;
