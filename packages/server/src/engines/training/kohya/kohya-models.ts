/**
 * The models that sd-scripts trains here, with the single files that they share with ComfyUI. Options and figures are from
 * `docs/flux_train_network.md`, `docs/sdxl_train_network.md` and `docs/train_SDXL-en.md` of sd-scripts 0.10.1.
 */
import type { Bilingual } from '@limner/contract';
import type { SafetensorsHeader } from '../../../loras/safetensors-header.ts';
import type { WeightFile } from '../weights/weight-folders.ts';

export interface KohyaModel {
  /** The family that the style works with. */
  family: string;
  label: string;
  script: string;
  /** The option that takes each file. */
  files: readonly { option: string; file: WeightFile }[];
  options: readonly string[];
  /** Of samples: `--l` is the guidance of words, `--g` the embedded one. */
  sampleOptions: string;
  /** 0: blocks cannot be swapped. */
  mostSwapped: number;
}

const NOT_FLUX: Bilingual = {
  en: 'The file is not the whole FLUX.1 model in its original layout, which sd-scripts needs.',
  zh: '该文件不是 sd-scripts 所需的原始布局的完整 FLUX.1 模型。',
};
const SCALED: Bilingual = {
  en: 'sd-scripts does not take scaled fp8 files.',
  zh: 'sd-scripts 不支持 scaled fp8 文件。',
};
const isScaled = ({ tensors }: SafetensorsHeader): boolean =>
  [...tensors.keys()].some((name) => /(scale_weight|weight_scale|scaled_fp8|comfy_quant)$/.test(name));

const FLUX_DEV: WeightFile = {
  usual: 'flux1-dev.safetensors',
  matches: /^flux1?[-_]?dev(?!.*(kontext|fill|canny|depth|redux|lora|control)).*\.safetensors$/i,
  folder: 'models/diffusion_models',
  source: 'black-forest-labs/FLUX.1-dev',
  licence: 'FLUX.1 [dev] Non-Commercial License',
  refusal: (header) => {
    if (!header.tensors.has('double_blocks.0.img_attn.qkv.weight')) return NOT_FLUX;
    return isScaled(header) ? SCALED : null;
  },
};
const CLIP_L: WeightFile = {
  usual: 'clip_l.safetensors',
  matches: /^clip_l\.safetensors$/i,
  folder: 'models/text_encoders',
  source: 'comfyanonymous/flux_text_encoders',
  licence: 'MIT',
};
const T5: WeightFile = {
  usual: 't5xxl_fp16.safetensors',
  matches: /^t5xxl_(fp16|bf16|fp8_e4m3fn)\.safetensors$/i,
  folder: 'models/text_encoders',
  source: 'comfyanonymous/flux_text_encoders',
  licence: 'Apache-2.0',
  refusal: (header) => (isScaled(header) ? SCALED : null),
};

/** Channels of the latents, by which the autoencoders of FLUX.1 and FLUX.2 differ; null: another layout. */
export const latentChannels = ({ tensors }: SafetensorsHeader): number | null =>
  tensors.get('decoder.conv_in.weight')?.shape[1] ?? null;

/** Of FLUX.1, which Z-Image uses too. */
export const FLUX_AE: WeightFile = {
  usual: 'ae.safetensors',
  matches: /^(flux1?[-_])?(ae|vae)\.(safetensors|sft)$/i,
  folder: 'models/vae',
  source: 'black-forest-labs/FLUX.1-schnell',
  licence: 'Apache-2.0',
  refusal: (header) =>
    latentChannels(header) === 16
      ? null
      : {
          en: 'The file is not the autoencoder of FLUX.1 in its original layout.',
          zh: '该文件不是原始布局的 FLUX.1 自编码器。',
        },
};

const SDXL: WeightFile = {
  usual: 'sd_xl_base_1.0.safetensors',
  matches: /(sd[-_]?xl|xl)(?!.*(lora|refiner|vae|control|inpaint|turbo|lightning)).*\.safetensors$/i,
  folder: 'models/checkpoints',
  source: 'stabilityai/stable-diffusion-xl-base-1.0',
  licence: 'CreativeML Open RAIL++-M',
  refusal: ({ tensors }) =>
    tensors.has('conditioner.embedders.1.model.token_embedding.weight') ||
    tensors.has('conditioner.embedders.1.model.text_projection')
      ? null
      : {
          en: 'The file is not a whole SDXL checkpoint with its text encoders.',
          zh: '该文件不是包含文本编码器的完整 SDXL 模型。',
        },
};

/** The usual one first. */
export const KOHYA_MODELS: readonly KohyaModel[] = [
  {
    ...{ family: 'flux-dev', label: 'FLUX.1 dev', script: 'flux_train_network.py' },
    files: [
      { option: '--pretrained_model_name_or_path', file: FLUX_DEV },
      { option: '--clip_l', file: CLIP_L },
      { option: '--t5xxl', file: T5 },
      { option: '--ae', file: FLUX_AE },
    ],
    options: [
      ...['--network_module', 'networks.lora_flux'],
      // The defaults of the script (3.5, `sigma`, `sigma_scaled`) are not those that its guide recommends.
      ...['--guidance_scale', '1.0', '--timestep_sampling', 'flux_shift', '--model_prediction_type', 'raw'],
    ],
    sampleOptions: '--g 3.5',
    mostSwapped: 35,
  },
  {
    ...{ family: 'sdxl', label: 'SDXL', script: 'sdxl_train_network.py' },
    files: [{ option: '--pretrained_model_name_or_path', file: SDXL }],
    options: ['--network_module', 'networks.lora', '--no_half_vae'],
    sampleOptions: '--l 7',
    mostSwapped: 0,
  },
];
