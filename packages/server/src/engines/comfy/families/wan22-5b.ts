/** Wan 2.2 5B: one file for text and start pictures, for graphics cards of 8 GB. */

import { repacked } from '../published-file.ts';
import { APACHE } from './licences.ts';
import { type Model, named } from './model.ts';
import { endsOf, latentFields, videoCanvas } from './video-canvas.ts';
import { WAN, wanFile } from './wan-one.ts';

export const wan22Small: Model = {
  ...WAN,
  id: 'wan22-5b',
  label: 'Wan 2.2 5B',
  description: {
    en: 'Videos of up to five seconds from words or from a start picture, on graphics cards from 8 GB; free for commercial use.',
    zh: '由文字或起始图生成最长五秒的视频，8 GB 显存即可运行，可商用。',
  },
  video: {
    types: ['text_to_video', 'image_to_video'],
    frames: { default: 121, min: 5, max: 121, step: 4 },
    fps: { default: 24, min: 8, max: 60 },
    sound: false,
  },
  size: { default: 1280, default_height: 704, min: 256, max: 1280, step: 32 },
  vae: { usual: 'wan2.2_vae.safetensors', matches: named(/wan2[._]?2[-_]?vae/i) },
  weights: [
    {
      usual: 'wan2.2_ti2v_5B_fp16.safetensors',
      matches: named(/wan[-_ ]?2[._]?2.*ti2v.*5b/i),
      ...{ steps: 20, cfg: 5, licence: APACHE },
    },
  ],
  published: [
    wanFile('diffusion_models', 'wan2.2_ti2v_5B_fp16.safetensors'),
    wanFile('vae', 'wan2.2_vae.safetensors'),
    repacked('Wan_2.1_ComfyUI_repackaged', 'text_encoders', 'umt5_xxl_fp8_e4m3fn_scaled.safetensors'),
  ],
  sampler: 'uni_pc',
  patches: [{ classType: 'ModelSamplingSD3', title: 'sigma shift', fields: { shift: 8 } }],
  compose(p, links) {
    const { start } = endsOf(p);
    const fields = { vae: p.vae, ...latentFields(p), ...(start ? { start_image: start } : {}) };
    return { canvas: videoCanvas(p, p.b.add('Wan22ImageToVideoLatent', 'frames', fields).out()), links };
  },
};
