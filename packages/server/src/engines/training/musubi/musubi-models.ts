/**
 * The models that musubi-tuner trains here, with the single files that they share with ComfyUI. Options and figures are from
 * `docs/zimage.md`, `docs/flux_2.md`, `docs/qwen_image.md` and `docs/krea2.md` of musubi-tuner 0.3.4.
 */
import type { Bilingual } from '@limner/contract';
import type { SafetensorsHeader } from '../../../loras/safetensors-header.ts';
import { FLUX_AE, latentChannels } from '../kohya/kohya-models.ts';
import type { WeightFile } from '../weights/weight-folders.ts';

export interface MusubiModel {
  /** Of the form: two sizes of one family differ. */
  id: string;
  /** The family that the style works with. */
  family: string;
  label: string;
  /** Of its scripts: `zimage_train_network.py`. */
  prefix: string;
  dit: WeightFile;
  vae: WeightFile;
  textEncoder: WeightFile;
  /** Of all three scripts. */
  version: readonly string[];
  /** Runs the text encoder in 8 bits. */
  textEncoderFp8: readonly string[];
  options: readonly string[];
  sampleOptions: string;
  mostSwapped: number;
}

const QUANTISED: Bilingual = {
  en: 'musubi-tuner takes no fp8 file of this model; it makes its own of the bf16 file.',
  zh: 'musubi-tuner 不支持该模型的 fp8 文件，它会自行由 bf16 文件转换。',
};

/** fp8 in any form: plain, scaled or mixed. */
const isQuantised = ({ tensors }: SafetensorsHeader): boolean =>
  [...tensors].some(
    ([name, { dtype, shape }]) =>
      (shape.length > 1 && !/^(F64|F32|F16|BF16)$/.test(dtype)) ||
      /(scale_weight|weight_scale|comfy_quant)$/.test(name),
  );
const wholeBits = (header: SafetensorsHeader): Bilingual | null => (isQuantised(header) ? QUANTISED : null);

const APACHE = 'Apache-2.0';

const Z_IMAGE: WeightFile = {
  usual: 'z_image_bf16.safetensors',
  matches: /^z[-_ ]?image(?!.*(turbo|control|fun|lora|omni|edit)).*\.safetensors$/i,
  folder: 'models/diffusion_models',
  source: 'Comfy-Org/z_image',
  licence: APACHE,
  refusal: wholeBits,
};
const QWEN3_4B: WeightFile = {
  usual: 'qwen_3_4b.safetensors',
  matches: /^qwen[-_]?3[-_]?4b(?!.*(fp8|fp4)).*\.safetensors$/i,
  folder: 'models/text_encoders',
  source: 'Comfy-Org/z_image',
  licence: APACHE,
  refusal: wholeBits,
};

const klein = (size: '4b' | '9b', licence: string): WeightFile => ({
  usual: `flux-2-klein-base-${size}.safetensors`,
  matches: new RegExp(`^flux[-_. ]?2[-_ ]klein[-_ ]base[-_ ]${size}(?!.*lora).*\\.safetensors$`, 'i'),
  folder: 'models/diffusion_models',
  source: `black-forest-labs/FLUX.2-klein-base-${size.toUpperCase()}`,
  licence,
  refusal: wholeBits,
});
const QWEN3_8B: WeightFile = {
  ...QWEN3_4B,
  usual: 'qwen_3_8b.safetensors',
  matches: /^qwen[-_]?3[-_]?8b(?!.*(fp8|fp4)).*\.safetensors$/i,
  source: 'Comfy-Org/flux2-klein-9B',
};
const FLUX2_AE: WeightFile = {
  usual: 'ae.safetensors',
  matches: /^(ae|flux[-_. ]?2[-_ ](vae|ae))\.(safetensors|sft)$/i,
  folder: 'models/vae',
  source: 'black-forest-labs/FLUX.2-dev',
  licence: APACHE,
  refusal: (header) =>
    latentChannels(header) === 32 && header.tensors.has('encoder.down.0.block.0.conv1.weight')
      ? null
      : NOT_FLUX2_AE,
};
const NOT_FLUX2_AE: Bilingual = {
  en: 'The file is not the autoencoder of FLUX.2 in its original layout; that of FLUX.1 has the same name.',
  zh: '该文件不是原始布局的 FLUX.2 自编码器；FLUX.1 的自编码器与其同名。',
};

const QWEN_IMAGE: WeightFile = {
  usual: 'qwen_image_bf16.safetensors',
  matches: /^qwen[-_ ]?image(?!.*(edit|layered|distill|lightning|lora|control|vae)).*\.safetensors$/i,
  folder: 'models/diffusion_models',
  source: 'Comfy-Org/Qwen-Image_ComfyUI',
  licence: APACHE,
  refusal: wholeBits,
};
const QWEN_VL: WeightFile = {
  usual: 'qwen_2.5_vl_7b.safetensors',
  matches: /^qwen[-_]?2\.5[-_]vl[-_]7b(?!.*(fp8|fp4)).*\.safetensors$/i,
  folder: 'models/text_encoders',
  source: 'Comfy-Org/Qwen-Image_ComfyUI',
  licence: APACHE,
  refusal: wholeBits,
};
const QWEN_VAE: WeightFile = {
  usual: 'qwen_image_vae.safetensors',
  matches: /^qwen[-_ ]?image[-_ ]vae\.safetensors$/i,
  folder: 'models/vae',
  source: 'Comfy-Org/Qwen-Image_ComfyUI',
  licence: APACHE,
};

const KREA: WeightFile = {
  usual: 'raw.safetensors',
  matches: /^(raw|krea[-_ ]?2(?=.*raw)(?!.*lora).*)\.safetensors$/i,
  folder: 'models/diffusion_models',
  source: 'krea/Krea-2-Raw',
  licence: 'Krea AI Community License',
  refusal: wholeBits,
};
const QWEN3_VL: WeightFile = {
  usual: 'qwen3vl_4b_bf16.safetensors',
  matches: /^qwen[-_]?3[-_]?vl[-_]?4b(?!.*(fp8|fp4)).*\.safetensors$/i,
  folder: 'models/text_encoders',
  source: 'Comfy-Org/Qwen3-VL',
  licence: APACHE,
  refusal: wholeBits,
};

const FLUX2 = {
  ...{ family: 'flux2-klein', prefix: 'flux_2', vae: FLUX2_AE, textEncoderFp8: ['--fp8_text_encoder'] },
  options: [
    '--network_module',
    'networks.lora_flux_2',
    '--timestep_sampling',
    'flux2_shift',
    '--weighting_scheme',
    'none',
  ],
  sampleOptions: '--g 4',
};
const shift = (module: string, by: string): string[] => [
  ...['--network_module', module, '--timestep_sampling', 'shift', '--discrete_flow_shift', by],
  ...['--weighting_scheme', 'none'],
];

/** The usual one first. */
export const MUSUBI_MODELS: readonly MusubiModel[] = [
  {
    ...{ id: 'z-image', family: 'z-image', label: 'Z-Image', prefix: 'zimage' },
    ...{ dit: Z_IMAGE, vae: FLUX_AE, textEncoder: QWEN3_4B },
    ...{ version: [], textEncoderFp8: ['--fp8_llm'], mostSwapped: 28 },
    options: shift('networks.lora_zimage', '2.0'),
    sampleOptions: '--l 4',
  },
  {
    ...{ id: 'flux2-klein-4b', label: 'FLUX.2 klein 4B', ...FLUX2 },
    ...{ dit: klein('4b', APACHE), textEncoder: QWEN3_4B, mostSwapped: 13 },
    version: ['--model_version', 'klein-base-4b'],
  },
  {
    ...{ id: 'flux2-klein-9b', label: 'FLUX.2 klein 9B', ...FLUX2 },
    ...{ dit: klein('9b', 'FLUX Non-Commercial License'), textEncoder: QWEN3_8B, mostSwapped: 16 },
    version: ['--model_version', 'klein-base-9b'],
  },
  {
    ...{ id: 'qwen-image', family: 'qwen-image', label: 'Qwen-Image', prefix: 'qwen_image' },
    ...{ dit: QWEN_IMAGE, vae: QWEN_VAE, textEncoder: QWEN_VL },
    ...{ version: ['--model_version', 'original'], textEncoderFp8: ['--fp8_vl'], mostSwapped: 45 },
    options: shift('networks.lora_qwen_image', '2.2'),
    sampleOptions: '--l 4',
  },
  {
    ...{ id: 'krea2', family: 'krea2', label: 'Krea 2', prefix: 'krea2' },
    ...{ dit: KREA, vae: QWEN_VAE, textEncoder: QWEN3_VL },
    ...{ version: [], textEncoderFp8: [], mostSwapped: 26 },
    options: shift('networks.lora_krea2', '2.5'),
    sampleOptions: '--l 4',
  },
];
