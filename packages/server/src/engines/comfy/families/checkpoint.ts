/** Stable Diffusion checkpoints, model, text encoder and VAE in one file: SDXL and its kin, and SD 1.5. */

import { published } from '../published-file.ts';
import type { FileRule, Model } from './model.ts';
import { bothWays } from './pictures.ts';
import { PAINTER } from './shared-forms.ts';

const OTHER_MODEL = /flux|sd3|stable-?diffusion-?3|qwen|chroma|aura|hunyuan|video/i;
const SDXL = /xl|pony|illustrious|noob/i;

const CHECKPOINT = {
  ...PAINTER,
  lists: ['checkpoints'],
  offersAll: true,
  encoders: null,
  vae: null,
  hasClipLoras: true,
  mostSteps: 100,
  sampler: 'dpmpp_2m',
  scheduler: 'karras',
  strength: { img2img: 0.6, inpaint: 0.8 },
  emptyLatent: 'EmptyLatentImage',
} satisfies Partial<Model>;

export const sdxl: Model = {
  ...CHECKPOINT,
  id: 'sdxl',
  label: 'SDXL',
  description: anyCheckpoint('SDXL'),
  size: {
    ...{ default: 1024, min: 512, max: 2048, step: 8 },
    liked: bothWays([1152, 896], [1216, 832], [1344, 768], [1536, 640]),
  },
  weights: [
    {
      usual: 'sd_xl_base_1.0.safetensors',
      matches: saidOrNamed(/^stable-diffusion-xl/i, (file) => SDXL.test(file) && !OTHER_MODEL.test(file)),
      steps: 25,
      cfg: 6,
      licence: 'CreativeML Open RAIL++-M',
    },
  ],
  published: [
    published(
      'stabilityai/stable-diffusion-xl-base-1.0',
      'models/checkpoints',
      'sd_xl_base_1.0.safetensors',
      6.94,
      'CreativeML Open RAIL++-M',
    ),
  ],
  nameInSummary: checkpointOf('SDXL'),
};

export const sd15: Model = {
  ...CHECKPOINT,
  id: 'sd15',
  label: 'Stable Diffusion 1.5',
  description: anyCheckpoint('Stable Diffusion 1.5'),
  size: { default: 512, min: 256, max: 1024, step: 8 },
  weights: [
    {
      usual: 'v1-5-pruned-emaonly-fp16.safetensors',
      matches: saidOrNamed(
        /^stable-diffusion-v1/i,
        (file) => /v1-?5|sd-?v?1[-_.]?5|1\.5/i.test(file) && !SDXL.test(file) && !OTHER_MODEL.test(file),
      ),
      steps: 25,
      cfg: 7,
      licence: 'CreativeML Open RAIL-M',
    },
  ],
  published: [
    published(
      'Comfy-Org/stable-diffusion-v1-5-archive',
      'models/checkpoints',
      'v1-5-pruned-emaonly-fp16.safetensors',
      2.13,
      'CreativeML Open RAIL-M',
    ),
  ],
  nameInSummary: checkpointOf('Stable Diffusion 1.5'),
};

/** By the file's metadata, otherwise by its name. */
function saidOrNamed(architecture: RegExp, looksLike: (file: string) => boolean): FileRule['matches'] {
  return (file, info) => {
    const said = info.architectures?.get(file);
    return said === undefined ? looksLike(file) : architecture.test(said);
  };
}

function anyCheckpoint(label: string) {
  return {
    en: `Any ${label} checkpoint of the server: choose it under "model". Negative prompts and cfg work here.`,
    zh: `使用服务器上的任意 ${label} 模型，在“模型”中选择。支持反向提示词和 cfg。`,
  };
}

function checkpointOf(label: string): Model['nameInSummary'] {
  return (file) => ({ en: `the ${label} checkpoint ${file}`, zh: `${label} 模型 ${file} ` });
}
