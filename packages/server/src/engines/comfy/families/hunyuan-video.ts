/** HunyuanVideo 1.5: text and start pictures have files of their own, so they are two families. */

import { type Folder, type ModelFile, repacked } from '../published-file.ts';
import { modelsOf } from '../server-info.ts';
import { chosenFile } from './files.ts';
import { APACHE, HUNYUAN } from './licences.ts';
import { type FileRule, type Model, named } from './model.ts';
import { QWEN_2_5_VL_7B } from './shared-files.ts';
import { conditionedFrames, emptyFrames, endsOf, latentFields } from './video-canvas.ts';

const SIGCLIP: FileRule = {
  usual: 'sigclip_vision_patch14_384.safetensors',
  matches: named(/sigclip[-_]?vision/i),
};

const EMPTY = 'EmptyHunyuanVideo15Latent';

const HUNYUAN_VIDEO = {
  kind: 'video',
  types: [],
  lists: ['diffusion_models', 'unet_gguf'],
  encoders: {
    type: 'hunyuan_video_15',
    files: [QWEN_2_5_VL_7B, { usual: 'byt5_small_glyphxl_fp16.safetensors', matches: named(/byt5.*glyph/i) }],
  },
  vae: {
    usual: 'hunyuanvideo15_vae_fp16.safetensors',
    matches: named(/hunyuan[-_]?video[-_]?1?[._]?5.*vae/i),
  },
  size: { default: 848, default_height: 480, min: 256, max: 1280, step: 16 },
  mostSteps: 60,
  sampler: 'euler',
  scheduler: 'simple',
  strength: null,
  emptyLatent: null,
  patches: [{ classType: 'ModelSamplingSD3', title: 'sigma shift', fields: { shift: 7 } }],
} satisfies Partial<Model>;

const file = (folder: Folder, name: string, licence: string, size?: number): ModelFile =>
  repacked('HunyuanVideo_1.5_repackaged', folder, name, licence, size);
const weightsFile = (input: 't2v' | 'i2v'): string => `hunyuanvideo1.5_720p_${input}_fp16.safetensors`;
const publishedFor = (input: 't2v' | 'i2v'): ModelFile =>
  file('diffusion_models', weightsFile(input), HUNYUAN, 16.65);

const weightsFor = (input: 't2v' | 'i2v'): Model['weights'] => [
  {
    usual: weightsFile(input),
    matches: named(new RegExp(`hunyuan[-_]?video[-_]?1[._]?5(?=.*${input})(?!.*(lora|sr|upscale))`, 'i')),
    ...{ steps: 20, cfg: 6, licence: HUNYUAN },
  },
];

const length = (types: NonNullable<Model['video']>['types']): NonNullable<Model['video']> => ({
  types,
  frames: { default: 121, min: 5, max: 121, step: 4 },
  fps: { default: 24, min: 8, max: 60 },
  sound: false,
});

export const hunyuanVideoText: Model = {
  ...HUNYUAN_VIDEO,
  id: 'hunyuan-video',
  label: 'HunyuanVideo 1.5',
  description: {
    en: 'Videos of five seconds from words. Its licence excludes the European Union, the United Kingdom and South Korea.',
    zh: '由文字生成五秒视频。其许可证不适用于欧盟、英国和韩国。',
  },
  video: length(['text_to_video']),
  weights: weightsFor('t2v'),
  published: [
    publishedFor('t2v'),
    file('vae', 'hunyuanvideo15_vae_fp16.safetensors', HUNYUAN, 2.52),
    file('text_encoders', 'byt5_small_glyphxl_fp16.safetensors', APACHE),
  ],
  compose: (p, links) => ({ canvas: emptyFrames(p, EMPTY), links }),
};

export const hunyuanVideoImage: Model = {
  ...HUNYUAN_VIDEO,
  id: 'hunyuan-video-image',
  label: 'HunyuanVideo 1.5 I2V',
  description: {
    en: 'Moves a start picture for five seconds. Its licence excludes the European Union, the United Kingdom and South Korea.',
    zh: '让起始图动起来，生成五秒视频。其许可证不适用于欧盟、英国和韩国。',
  },
  video: length(['image_to_video']),
  weights: weightsFor('i2v'),
  published: [publishedFor('i2v')],
  compose(p, links) {
    const { b, info, vae } = p;
    const { start } = endsOf(p);
    if (!start) return { canvas: emptyFrames(p, EMPTY), links };
    const clip_name = chosenFile(SIGCLIP, modelsOf(info, 'clip_vision'), info);
    const clip_vision = b.add('CLIPVisionLoader', 'vision model', { clip_name }).out();
    const seen = b
      .add('CLIPVisionEncode', 'start picture seen', { clip_vision, image: start, crop: 'center' })
      .out();
    const { positive, negative } = links;
    const node = b.add('HunyuanVideo15ImageToVideo', 'frames', {
      ...{ positive, negative, vae, ...latentFields(p) },
      start_image: start,
      clip_vision_output: seen,
    });
    return conditionedFrames(p, links, node);
  },
};
