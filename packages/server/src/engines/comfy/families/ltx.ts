/** LTX-2.3: videos with sound in one pass of eight steps, from words, a start picture, or a start and an end picture. */
import type { GraphBuilder, Link, NodeRef } from '../graph.ts';
import { repacked, unpacked } from '../published-file.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile } from './files.ts';
import { graphSeed } from './graph-seed.ts';
import { LTX } from './licences.ts';
import {
  type Conditioning,
  type FileRule,
  type LoadedModel,
  type Model,
  named,
  type Painting,
} from './model.ts';
import { endsOf, frameOf, latentFields, videoCanvas } from './video-canvas.ts';

const GEMMA: FileRule = {
  usual: 'gemma_3_12B_it_fp4_mixed.safetensors',
  matches: named(/gemma[-_]?3[-_]?12b/i),
};
/** The schedule that the distilled model was made for. */
const SIGMAS = '1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0';
const STEPS = 8;
/** As in ComfyUI's own workflow; the model expects pictures with a little loss. */
const COMPRESSION = 25;
/** Of a start and an end picture, which the video comes close to. */
const GUIDE_STRENGTH = 0.7;

function load(b: GraphBuilder, ckpt_name: string, info: ServerInfo): LoadedModel {
  const checkpoint = b.add('CheckpointLoaderSimple', 'checkpoint', { ckpt_name });
  const text_encoder = chosenFile(GEMMA, modelsOf(info, 'text_encoders'), info);
  const encoder = { text_encoder, ckpt_name, device: 'default' };
  return {
    model: checkpoint.out(0),
    vae: checkpoint.out(2),
    clip: b.add('LTXAVTextEncoderLoader', 'text encoder', encoder).out(),
    audioVae: b.add('LTXVAudioVAELoader', 'sound VAE', { ckpt_name }).out(),
  };
}

interface Started extends Conditioning {
  latent: Link;
}

const softened = ({ b }: Painting, image: Link): Link =>
  b.add('LTXVPreprocess', 'compressed', { image, img_compression: COMPRESSION }).out();

function guided(p: Painting, from: Started, picture: Link, frame_idx: number): Started {
  const node = p.b.add('LTXVAddGuide', frame_idx === 0 ? 'start picture' : 'end picture', {
    ...from,
    vae: p.vae,
    image: softened(p, picture),
    frame_idx,
    strength: GUIDE_STRENGTH,
  });
  return { positive: node.out(0), negative: node.out(1), latent: node.out(2) };
}

function started(p: Painting, from: Started): Started {
  const { start, end } = endsOf(p);
  if (start && end) return guided(p, guided(p, from, start, 0), end, -1);
  if (!start) return from;
  const fields = { vae: p.vae, image: softened(p, start), latent: from.latent, strength: 1, bypass: false };
  return { ...from, latent: p.b.add('LTXVImgToVideoInplace', 'start picture', fields).out() };
}

export const ltx: Model = {
  id: 'ltx-2',
  kind: 'video',
  label: 'LTX-2.3',
  description: {
    en: 'Videos of up to ten seconds with sound, in eight steps, also between a start and an end picture. Needs a large graphics card.',
    zh: '八步生成最长十秒的有声视频，也可指定起始图和结束图。需要大显存显卡。',
  },
  types: [],
  video: {
    types: ['text_to_video', 'image_to_video', 'first_last'],
    frames: { default: 121, min: 9, max: 257, step: 8 },
    fps: { default: 25, min: 12, max: 50 },
    sound: true,
  },
  size: { default: 1280, default_height: 704, min: 256, max: 1920, step: 32 },
  lists: ['checkpoints'],
  weights: [
    {
      usual: 'ltx-2.3-22b-distilled-fp8.safetensors',
      matches: named(/ltx[-_ ]?2[._]3(?=.*distilled)(?!.*lora)/i),
      ...{ steps: STEPS, cfg: 1, licence: LTX },
    },
  ],
  published: [
    unpacked('Lightricks/LTX-2.3-fp8', 'checkpoints', 'ltx-2.3-22b-distilled-fp8.safetensors', LTX),
    repacked('ltx-2', 'text_encoders', GEMMA.usual, 'Gemma Terms of Use'),
  ],
  encoders: null,
  vae: null,
  load,
  mostSteps: STEPS,
  fixedSteps: {
    en: 'The distilled model was made for one schedule of eight steps.',
    zh: '蒸馏模型固定使用八步。',
  },
  sampler: 'euler',
  scheduler: null,
  strength: null,
  emptyLatent: null,
  compose(p, links) {
    const { b, audioVae } = p;
    const { length, fps } = frameOf(p);
    const { positive, negative } = links;
    const timed = b.add('LTXVConditioning', 'rate', { positive, negative, frame_rate: fps });
    const empty = b.add('EmptyLTXVLatentVideo', 'frames', latentFields(p)).out();
    const from = { positive: timed.out(0), negative: timed.out(1), latent: empty };
    const { latent: video_latent, ...conditioning } = started(p, from);
    const sound = { frames_number: length, frame_rate: fps, batch_size: 1, audio_vae: audioVae };
    const audio_latent = b.add('LTXVEmptyLatentAudio', 'sound', sound).out();
    const both = b.add('LTXVConcatAVLatent', 'frames and sound', { video_latent, audio_latent }).out();
    return { canvas: videoCanvas(p, both), links: { ...links, ...conditioning } };
  },
  sample({ b, request }, { model, positive, negative }, { latent }): NodeRef {
    const sampler_name = request.params.sampler ?? 'euler';
    return b.add('SamplerCustomAdvanced', 'sampler', {
      noise: b.add('RandomNoise', 'noise', { noise_seed: graphSeed(request.seed) }).out(),
      guider: b.add('CFGGuider', 'guider', { model, positive, negative, cfg: 1 }).out(),
      sampler: b.add('KSamplerSelect', 'sampler choice', { sampler_name }).out(),
      sigmas: b.add('ManualSigmas', 'schedule', { sigmas: SIGMAS }).out(),
      latent_image: latent,
    });
  },
  decode({ b, vae, audioVae }, { positive, negative }, sampled) {
    const parts = b.add('LTXVSeparateAVLatent', 'frames and sound', { av_latent: sampled.out(1) });
    const cropped = { positive, negative, latent: parts.out(0) };
    const samples = b.add('LTXVCropGuides', 'without guides', cropped).out(2);
    const tiles = { tile_size: 768, overlap: 64, temporal_size: 4096, temporal_overlap: 64 };
    return {
      images: b.add('VAEDecodeTiled', 'decode', { samples, vae, ...tiles }).out(),
      audio: b
        .add('LTXVAudioVAEDecode', 'decode sound', { samples: parts.out(1), audio_vae: audioVae })
        .out(),
    };
  },
};
