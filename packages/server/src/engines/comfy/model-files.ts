/**
 * The files Limner's graphs load, and the node packs whose classes they use: where each lies below ComfyUI's directory,
 * how big it is, under which licence, and its source. Information for users; whether a server has a file is read from
 * the server.
 */

import { APACHE, FLUX_DEV } from './families/licences.ts';
import { PICTURE_MODEL_FILES } from './picture-model-files.ts';
import { gb, hub, type ModelFile, published } from './published-file.ts';
import { VIDEO_MODEL_FILES } from './video-model-files.ts';

export interface NodePack {
  name: string;
  source: string;
  licence: string;
}

const schnell = (quant: string, size: number): ModelFile =>
  published('city96/FLUX.1-schnell-gguf', 'models/unet', `flux1-schnell-${quant}.gguf`, size, APACHE);
const t5 = (quant: string, size: number): ModelFile =>
  published(
    'city96/t5-v1_1-xxl-encoder-gguf',
    'models/text_encoders',
    `t5-v1_1-xxl-encoder-${quant}.gguf`,
    size,
    APACHE,
  );
const encoder = (file: string, size: number): ModelFile =>
  published('comfyanonymous/flux_text_encoders', 'models/text_encoders', file, size, APACHE);
/** Union ControlNets are published under a generic file name, so they get a specific name here. */
const union = (repo: string, file: string, size: number): ModelFile =>
  published(repo, 'models/controlnet', file, size, FLUX_DEV, 'diffusion_pytorch_model.safetensors');
const birefnet = (model: string, size?: number): ModelFile => ({
  ...published('1038lab/BiRefNet', 'models/RMBG/BiRefNet', `${model}.safetensors`, size, 'MIT'),
  fetchedByPack: true,
});
/** For ComfyUI's own node, from BiRefNet's makers, whose files all have one name. */
const ownBirefnet = (file: string, repo: string, size?: number): ModelFile =>
  published(
    `ZhengPeng7/${repo}`,
    'models/background_removal',
    `${file}.safetensors`,
    size,
    'MIT',
    'model.safetensors',
  );

export const MODEL_FILES: readonly ModelFile[] = [
  ...PICTURE_MODEL_FILES,
  ...VIDEO_MODEL_FILES,
  schnell('Q2_K', 4.01),
  schnell('Q4_K_S', 6.78),
  schnell('Q5_0', 8.25),
  schnell('Q5_1', 8.99),
  schnell('Q5_K_S', 8.26),
  published(
    'black-forest-labs/FLUX.1-schnell',
    'models/diffusion_models',
    'flux1-schnell.safetensors',
    23.8,
    APACHE,
  ),
  published('Comfy-Org/flux1-schnell', 'models/checkpoints', 'flux1-schnell-fp8.safetensors', 17.2, APACHE),
  encoder('clip_l.safetensors', 0.246),
  encoder('t5xxl_fp16.safetensors', 9.79),
  encoder('t5xxl_fp8_e4m3fn.safetensors', 4.89),
  encoder('t5xxl_fp8_e4m3fn_scaled.safetensors', 5.16),
  t5('Q3_K_S', 2.1),
  t5('Q4_K_M', 2.9),
  t5('Q5_K_S', 3.29),
  t5('Q5_K_M', 3.39),
  t5('Q6_K', 3.91),
  t5('Q8_0', 5.06),
  {
    ...published('black-forest-labs/FLUX.1-schnell', 'models/vae', 'ae.safetensors', 0.335, APACHE),
    // The same file from a repository that asks for no login.
    url: hub('Comfy-Org/Lumina_Image_2.0_Repackaged', 'split_files/vae/ae.safetensors'),
  },
  union('InstantX/FLUX.1-dev-Controlnet-Union', 'instantx-flux-union-controlnet.safetensors', 6.6),
  union('Shakker-Labs/FLUX.1-dev-ControlNet-Union-Pro', 'flux1-dev-controlnet-union-pro.safetensors', 6.6),
  union(
    'Shakker-Labs/FLUX.1-dev-ControlNet-Union-Pro-2.0',
    'flux1-dev-controlnet-union-pro-2.0.safetensors',
    4.28,
  ),
  published(
    'Comfy-Org/flux1-kontext-dev_ComfyUI',
    'models/diffusion_models',
    'flux1-dev-kontext_fp8_scaled.safetensors',
    11.9,
    FLUX_DEV,
    'split_files/diffusion_models/flux1-dev-kontext_fp8_scaled.safetensors',
  ),
  published(
    'QuantStack/FLUX.1-Kontext-dev-GGUF',
    'models/unet',
    'flux1-kontext-dev-Q5_K_S.gguf',
    8.3,
    FLUX_DEV,
  ),
  published(
    'stabilityai/stable-diffusion-xl-base-1.0',
    'models/checkpoints',
    'sd_xl_base_1.0.safetensors',
    6.94,
    'CreativeML Open RAIL++-M',
  ),
  published(
    'Comfy-Org/stable-diffusion-v1-5-archive',
    'models/checkpoints',
    'v1-5-pruned-emaonly-fp16.safetensors',
    2.13,
    'CreativeML Open RAIL-M',
  ),
  {
    file: 'RealESRGAN_x4plus.pth',
    folder: 'models/upscale_models',
    sizeBytes: gb(0.067),
    licence: 'BSD-3-Clause',
    source: 'xinntao/Real-ESRGAN',
    url: 'https://github.com/xinntao/Real-ESRGAN/releases/download/v0.1.0/RealESRGAN_x4plus.pth',
  },
  published(
    'xinsir/controlnet-tile-sdxl-1.0',
    'models/controlnet',
    'controlnet-tile-sdxl-1.0.safetensors',
    2.5,
    APACHE,
    'diffusion_pytorch_model.safetensors',
  ),
  published(
    'comfyanonymous/ControlNet-v1-1_fp16_safetensors',
    'models/controlnet',
    'control_v11f1e_sd15_tile_fp16.safetensors',
    0.723,
    'CreativeML Open RAIL-M',
  ),
  birefnet('BiRefNet-general', 0.885),
  birefnet('BiRefNet-HR', 0.444),
  birefnet('BiRefNet-portrait', 0.885),
  birefnet('BiRefNet-matting', 0.885),
  birefnet('BiRefNet-HR-matting', 0.444),
  birefnet('BiRefNet_lite', 0.178),
  birefnet('BiRefNet_lite-2K', 0.178),
  published(
    'Comfy-Org/BiRefNet',
    'models/background_removal',
    'birefnet.safetensors',
    undefined,
    'MIT',
    'background_removal/birefnet.safetensors',
  ),
  ownBirefnet('birefnet-hr', 'BiRefNet_HR', 0.444),
  ownBirefnet('birefnet-matting', 'BiRefNet-matting', 0.885),
  ownBirefnet('birefnet-hr-matting', 'BiRefNet_HR-matting', 0.444),
  ownBirefnet('birefnet-portrait', 'BiRefNet-portrait', 0.885),
  ownBirefnet('birefnet-dynamic', 'BiRefNet_dynamic', 0.444),
  ownBirefnet('birefnet-512x512', 'BiRefNet_512x512', 0.444),
  published(
    '1038lab/BiRefNet',
    'models/background_removal',
    'birefnet-toonout.safetensors',
    undefined,
    'MIT',
    'BiRefNet_toonout.safetensors',
  ),
];

const PACKS = {
  gguf: { name: 'ComfyUI-GGUF', source: 'city96/ComfyUI-GGUF', licence: APACHE },
  aux: { name: 'comfyui_controlnet_aux', source: 'Fannovel16/comfyui_controlnet_aux', licence: APACHE },
  rmbg: { name: 'ComfyUI-RMBG', source: '1038lab/ComfyUI-RMBG', licence: 'GPL-3.0' },
  kj: { name: 'ComfyUI-KJNodes', source: 'kijai/ComfyUI-KJNodes', licence: 'GPL-3.0' },
} as const satisfies Record<string, NodePack>;

const PACK_OF_NODE: Readonly<Record<string, NodePack>> = {
  UnetLoaderGGUF: PACKS.gguf,
  DualCLIPLoaderGGUF: PACKS.gguf,
  CLIPLoaderGGUF: PACKS.gguf,
  CannyEdgePreprocessor: PACKS.aux,
  DepthAnythingV2Preprocessor: PACKS.aux,
  DWPreprocessor: PACKS.aux,
  OpenposePreprocessor: PACKS.aux,
  TilePreprocessor: PACKS.aux,
  LineArtPreprocessor: PACKS.aux,
  HEDPreprocessor: PACKS.aux,
  AIO_Preprocessor: PACKS.aux,
  BiRefNetRMBG: PACKS.rmbg,
  RMBG: PACKS.rmbg,
  SetShakkerLabsUnionControlNetType: PACKS.kj,
};

/** Undefined: a class of ComfyUI itself, or of a pack we do not know. */
export const packOf = (classType: string): NodePack | undefined => PACK_OF_NODE[classType];

export function modelFile(name: string): ModelFile | undefined {
  const base = name.split(/[\\/]/).at(-1);
  return MODEL_FILES.find((known) => known.file === base);
}

/** To be run in ComfyUI's directory; resumes an interrupted download. */
export const downloadCommand = (file: ModelFile): string | undefined =>
  file.url && `curl -fL -C - --create-dirs -o ${file.folder}/${file.file} ${file.url}`;

/** To be run in ComfyUI's directory, with ComfyUI's own Python; ComfyUI must be restarted afterwards. */
export const installCommand = (pack: NodePack): string =>
  `git clone https://github.com/${pack.source} custom_nodes/${pack.name} && python -m pip install -r custom_nodes/${pack.name}/requirements.txt`;
