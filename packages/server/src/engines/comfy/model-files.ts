/**
 * The files Limner's graphs load, and the node packs whose classes they use: where each lies below ComfyUI's directory,
 * how big it is, under which licence, and its source. Information for users; whether a server has a file is read from
 * the server.
 */

import { APACHE, FLUX_DEV } from './families/licences.ts';
import { publishedFiles } from './families/models.ts';
import { gb, type ModelFile, published } from './published-file.ts';

export interface NodePack {
  name: string;
  source: string;
  licence: string;
}

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
  ...publishedFiles(),
  union('InstantX/FLUX.1-dev-Controlnet-Union', 'instantx-flux-union-controlnet.safetensors', 6.6),
  union('Shakker-Labs/FLUX.1-dev-ControlNet-Union-Pro', 'flux1-dev-controlnet-union-pro.safetensors', 6.6),
  union(
    'Shakker-Labs/FLUX.1-dev-ControlNet-Union-Pro-2.0',
    'flux1-dev-controlnet-union-pro-2.0.safetensors',
    4.28,
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
