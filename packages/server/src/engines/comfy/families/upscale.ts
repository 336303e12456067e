/** Enlarges a picture with an ESRGAN model of the server, to exactly the requested factor, transparency included. */
import type { Family, FrameRecipe, Size } from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { DEFAULT_FACTOR } from '../../upscale-limit.ts';
import { GraphBuilder, type Link, type NodeRef } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { modelParam } from './params.ts';
import { loadPicture, type Picture, pictureOf } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';

const MODEL = 'RealESRGAN_x4plus.pth';

const spec: Family = {
  id: 'upscale',
  kind: 'upscale',
  label: { en: 'Upscale (ESRGAN)', zh: '放大（ESRGAN）' },
  description: {
    en: 'Twice to four times the size with an upscale model of the server. A model has one factor of its own; the result is scaled to the one asked for. The server works in tiles of 512 pixels, in smaller ones if memory runs out.',
    zh: '使用服务器上的放大模型放大 2 到 4 倍。模型自身倍数固定，结果会缩放到所需倍数。服务器按 512 像素分块处理，显存不足时自动减小分块。',
  },
  ...PICTURE_IN,
  params: [
    { key: 'factor', type: 'integer', default: DEFAULT_FACTOR, min: 2, max: 4, step: 1, effect: true },
    modelParam(null),
  ],
};

const sample = { ...sampleRequest('upscale', spec.id), input_image: 'input' };

export const upscale: ComfyFamily = {
  spec,
  alpha: 'keep',
  missing: (info, request) => lackedBy(build, request ?? sample, info),
  plainGraph: (info) => sampleGraph(build, sample, info),
  build,
  choices: (info) => ({ model: modelsOf(info, 'upscale_models') }),
};

/** If none is requested, any model of the server is used. */
function modelFor(request: FrameRecipe, info: ServerInfo): string {
  const listed = modelsOf(info, 'upscale_models');
  const wanted = request.params.model;
  if (wanted) return listedName(listed, wanted) ?? wanted;
  return usualUpscaler(info) ?? MODEL;
}

export function usualUpscaler(info: ServerInfo): string | undefined {
  const listed = modelsOf(info, 'upscale_models');
  return listedName(listed, MODEL) ?? listed[0];
}

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const factor = request.params.factor ?? DEFAULT_FACTOR;
  const model = modelFor(request, info);
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const enlarged = enlargedBy(b, model, picture.image);
  // Only the server knows the file's own factor; scaling to the requested size works with any.
  const image = scaledExactly(b, enlarged.out(), enlargedSize(picture, factor), 'exact size');
  const output = savedWithAlpha(b, image, picture);
  return {
    graph: b.graph,
    outputNodes: [output],
    weights: { [enlarged.id]: 12 },
    modelKey: model,
    summary: { en: `Enlarged ${factor} times by ${model}.`, zh: `由 ${model} 放大 ${factor} 倍。` },
    details: { model, factor },
  };
}

/** The node works in tiles of 512 pixels by itself, in smaller ones if memory runs out, and has no input for their size. */
export function enlargedBy(b: GraphBuilder, model: string, image: Link, title = 'upscale'): NodeRef {
  const loaded = b.add('UpscaleModelLoader', 'upscale model', { model_name: model }).out();
  return b.add('ImageUpscaleWithModel', title, { upscale_model: loaded, image });
}

export const enlargedSize = ({ width, height }: Size, factor: number): Size => ({
  width: width * factor,
  height: height * factor,
});

export const scaledExactly = (b: GraphBuilder, image: Link, size: Size, title: string): Link =>
  b.add('ImageScale', title, { image, upscale_method: 'lanczos', ...size, crop: 'disabled' }).out();

/** LoadImage's mask marks the transparent part, as JoinImageWithAlpha expects; that node also scales the mask. */
export function savedWithAlpha(b: GraphBuilder, image: Link, { mask }: Picture): string {
  const images = b.add('JoinImageWithAlpha', 'keep transparency', { image, alpha: mask }).out();
  return b.add('SaveImage', 'result', { images, filename_prefix: 'limner/upscale' }).id;
}
