/** Shows what a ControlNet receives of a picture, without painting. */
import { ControlNet, type ControlType, type Family, type FrameRecipe, StudioError } from '@limner/contract';
import { GraphBuilder } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { loadPicture, pictureOf, scaledTo, workingSize } from './pictures.ts';
import { preprocess } from './preprocessors.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';

const LIMITS = { default: 1024, min: 256, max: 2048, step: 16 };

const spec: Family = {
  id: 'control-preview',
  kind: 'control_preview',
  label: { en: 'Control preview', zh: '控制图预览' },
  description: {
    en: 'Edges, depths, tiles, blur or pose of a picture, cut to the output size as ControlNet will use it. Depth and pose models are fetched by the server at the first use.',
    zh: '预览图片的边缘、深度、分块、模糊或姿态，并裁剪到输出尺寸，与 ControlNet 实际使用的一致。深度和姿态模型由服务器首次使用时下载。',
  },
  experimental: false,
  types: [],
  controls: ['canny', 'depth', 'tile', 'blur', 'pose'],
  size: LIMITS,
  references: 0,
  loras: false,
  params: [],
};

export const controlPreview: ComfyFamily = {
  spec,
  alpha: 'flatten',
  missing: (info, request) => lackedBy(build, request ?? sampleOf('canny'), info),
  plainGraph: (info) => sampleGraph(build, sampleOf('canny'), info),
  build,
};

const sampleOf = (type: ControlType): FrameRecipe => ({
  ...sampleRequest('control_preview', spec.id),
  controlnet: ControlNet.parse({ type, image: 'control' }),
});

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const control = request.controlnet;
  if (!control) throw new StudioError('input_image_missing');
  const b = new GraphBuilder();
  const picture = loadPicture(b, pictureOf(inputs, control.image), 'control picture');
  const size = workingSize(request, picture, LIMITS);
  const fitted = scaledTo(b, picture, size, 'control to output size');
  const images = preprocess(b, control.type, fitted, size, info);
  // Not SaveImage: a preview does not belong in the server's output folder.
  const output = b.add('PreviewImage', 'result', { images });
  return {
    graph: b.graph,
    outputNodes: [output.id],
    weights: { [images[0]]: 8 },
    modelKey: `control ${control.type}`,
    summary: { en: `What ControlNet sees: ${control.type}.`, zh: `ControlNet 看到的内容：${control.type}。` },
    details: { type: control.type, ...size },
  };
}
