/** The files of Wan 2.2, LTX-2.3 and HunyuanVideo 1.5. */
import { APACHE, HUNYUAN, LTX } from './families/licences.ts';
import { type ModelFile, published, repacked } from './published-file.ts';

const WAN = 'Wan_2.2_ComfyUI_Repackaged';
const HUNYUAN_VIDEO = 'HunyuanVideo_1.5_repackaged';

const wan = (folder: Parameters<typeof repacked>[1], file: string) => repacked(WAN, folder, file);
/** Text and pictures have files of their own, for much and for little noise. */
const pair = (folder: Parameters<typeof repacked>[1], nameOf: (noise: string) => string) =>
  ['high', 'low'].map((noise) => wan(folder, nameOf(noise)));

export const VIDEO_MODEL_FILES: readonly ModelFile[] = [
  wan('diffusion_models', 'wan2.2_ti2v_5B_fp16.safetensors'),
  ...['t2v', 'i2v'].flatMap((input) =>
    pair('diffusion_models', (noise) => `wan2.2_${input}_${noise}_noise_14B_fp8_scaled.safetensors`),
  ),
  ...pair('loras', (noise) => `wan2.2_t2v_lightx2v_4steps_lora_v1.1_${noise}_noise.safetensors`),
  ...pair('loras', (noise) => `wan2.2_i2v_lightx2v_4steps_lora_v1_${noise}_noise.safetensors`),
  wan('vae', 'wan2.2_vae.safetensors'),
  wan('vae', 'wan_2.1_vae.safetensors'),
  repacked('Wan_2.1_ComfyUI_repackaged', 'text_encoders', 'umt5_xxl_fp8_e4m3fn_scaled.safetensors'),
  published(
    'Lightricks/LTX-2.3-fp8',
    'models/checkpoints',
    'ltx-2.3-22b-distilled-fp8.safetensors',
    undefined,
    LTX,
  ),
  repacked('ltx-2', 'text_encoders', 'gemma_3_12B_it_fp4_mixed.safetensors', 'Gemma Terms of Use'),
  ...['t2v', 'i2v'].map((input) =>
    repacked(
      HUNYUAN_VIDEO,
      'diffusion_models',
      `hunyuanvideo1.5_720p_${input}_fp16.safetensors`,
      HUNYUAN,
      16.65,
    ),
  ),
  repacked(HUNYUAN_VIDEO, 'vae', 'hunyuanvideo15_vae_fp16.safetensors', HUNYUAN, 2.52),
  repacked(HUNYUAN_VIDEO, 'text_encoders', 'byt5_small_glyphxl_fp16.safetensors', APACHE),
];
