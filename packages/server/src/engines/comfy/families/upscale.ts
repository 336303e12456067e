/** Enlarges a picture with an ESRGAN model of the server, to exactly the requested factor, transparency included. */
import type { Family, FrameRecipe } from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { GraphBuilder } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { modelParam } from './params.ts';
import { loadPicture, pictureOf } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';

const MODEL = 'RealESRGAN_x4plus.pth';
const FACTOR = 2;

const spec: Family = {
  id: 'upscale',
  kind: 'upscale',
  label: { en: 'Upscale (ESRGAN)', zh: '放大（ESRGAN）' },
  description: {
    en: 'Twice to four times the size with an upscale model of the server. A model has one factor of its own; the result is scaled to the one asked for.',
    zh: '使用服务器上的放大模型放大 2 到 4 倍。模型自身倍数固定，结果会缩放到所需倍数。',
  },
  ...PICTURE_IN,
  params: [
    { key: 'factor', type: 'integer', default: FACTOR, min: 2, max: 4, step: 1, effect: true },
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
  return listedName(listed, MODEL) ?? listed[0] ?? MODEL;
}

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const factor = request.params.factor ?? FACTOR;
  const model = modelFor(request, info);
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const loaded = b.add('UpscaleModelLoader', 'upscale model', { model_name: model }).out();
  const enlarged = b.add('ImageUpscaleWithModel', 'upscale', { upscale_model: loaded, image: picture.image });
  // Only the server knows the file's own factor; scaling to the requested size works with any.
  const size = { width: picture.width * factor, height: picture.height * factor };
  const fields = { image: enlarged.out(), upscale_method: 'lanczos', ...size, crop: 'disabled' };
  const image = b.add('ImageScale', 'exact size', fields).out();
  // LoadImage's mask marks the transparent part, as JoinImageWithAlpha expects; that node also scales the mask.
  const images = b.add('JoinImageWithAlpha', 'keep transparency', { image, alpha: picture.mask }).out();
  const output = b.add('SaveImage', 'result', { images, filename_prefix: 'limner/upscale' });
  return {
    graph: b.graph,
    outputNodes: [output.id],
    weights: { [enlarged.id]: 12 },
    modelKey: model,
    summary: { en: `Enlarged ${factor} times by ${model}.`, zh: `由 ${model} 放大 ${factor} 倍。` },
    details: { model, factor },
  };
}
