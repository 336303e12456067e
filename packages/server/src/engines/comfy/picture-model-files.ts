/** The files of Z-Image, FLUX.2, Qwen-Image, Krea 2, Stable Diffusion 3.5 and FLUX.1 dev. */
import { APACHE, FLUX_2, FLUX_DEV, KREA, STABILITY } from './families/licences.ts';
import { type Folder, type ModelFile, published, repacked } from './published-file.ts';

const own = (repo: string, folder: Folder, file: string, licence = APACHE, size?: number) =>
  published(repo, `models/${folder}`, file, size, licence);

export const PICTURE_MODEL_FILES: readonly ModelFile[] = [
  repacked('z_image_turbo', 'diffusion_models', 'z_image_turbo_bf16.safetensors', APACHE, 12.3),
  repacked('z_image', 'diffusion_models', 'z_image_bf16.safetensors'),
  repacked('z_image_turbo', 'text_encoders', 'qwen_3_4b.safetensors', APACHE, 8.04),
  own(
    'alibaba-pai/Z-Image-Turbo-Fun-Controlnet-Union',
    'model_patches',
    'Z-Image-Turbo-Fun-Controlnet-Union.safetensors',
  ),
  own(
    'black-forest-labs/FLUX.2-klein-4b-fp8',
    'diffusion_models',
    'flux-2-klein-4b-fp8.safetensors',
    APACHE,
    4.07,
  ),
  own(
    'black-forest-labs/FLUX.2-klein-base-4b-fp8',
    'diffusion_models',
    'flux-2-klein-base-4b-fp8.safetensors',
  ),
  own('black-forest-labs/FLUX.2-klein-9b-fp8', 'diffusion_models', 'flux-2-klein-9b-fp8.safetensors', FLUX_2),
  own(
    'black-forest-labs/FLUX.2-klein-base-9b-fp8',
    'diffusion_models',
    'flux-2-klein-base-9b-fp8.safetensors',
    FLUX_2,
    9.5,
  ),
  repacked('vae-text-encorder-for-flux-klein-9b', 'text_encoders', 'qwen_3_8b_fp8mixed.safetensors'),
  repacked('flux2-dev', 'diffusion_models', 'flux2_dev_fp8mixed.safetensors', FLUX_2),
  repacked('flux2-dev', 'text_encoders', 'mistral_3_small_flux2_bf16.safetensors'),
  repacked('flux2-dev', 'vae', 'flux2-vae.safetensors', APACHE, 0.34),
  own('ByteZSzn/Flux.2-Turbo-ComfyUI', 'loras', 'Flux_2-Turbo-LoRA_comfyui.safetensors', FLUX_2),
  repacked('Qwen-Image_ComfyUI', 'diffusion_models', 'qwen_image_2512_fp8_e4m3fn.safetensors'),
  published(
    'Comfy-Org/Qwen-Image_ComfyUI',
    'models/diffusion_models',
    'qwen_image_distill_full_fp8_e4m3fn.safetensors',
    undefined,
    APACHE,
    'non_official/diffusion_models/qwen_image_distill_full_fp8_e4m3fn.safetensors',
  ),
  repacked('Qwen-Image_ComfyUI', 'text_encoders', 'qwen_2.5_vl_7b_fp8_scaled.safetensors'),
  repacked('Qwen-Image_ComfyUI', 'vae', 'qwen_image_vae.safetensors'),
  repacked('Qwen-Image-Edit_ComfyUI', 'diffusion_models', 'qwen_image_edit_2511_bf16.safetensors'),
  repacked('Qwen-Image-Edit_ComfyUI', 'diffusion_models', 'qwen_image_edit_2509_fp8_e4m3fn.safetensors'),
  repacked('Qwen-Image-Layered_ComfyUI', 'diffusion_models', 'qwen_image_layered_bf16.safetensors'),
  repacked('Qwen-Image-Layered_ComfyUI', 'vae', 'qwen_image_layered_vae.safetensors'),
  own(
    'lightx2v/Qwen-Image-2512-Lightning',
    'loras',
    'Qwen-Image-2512-Lightning-4steps-V1.0-fp32.safetensors',
  ),
  own('lightx2v/Qwen-Image-Lightning', 'loras', 'Qwen-Image-Lightning-8steps-V1.0.safetensors'),
  own(
    'lightx2v/Qwen-Image-Edit-2511-Lightning',
    'loras',
    'Qwen-Image-Edit-2511-Lightning-4steps-V1.0-bf16.safetensors',
  ),
  published(
    'Comfy-Org/Krea-2',
    'models/diffusion_models',
    'krea2_turbo_fp8_scaled.safetensors',
    13.1,
    KREA,
    'diffusion_models/krea2_turbo_fp8_scaled.safetensors',
  ),
  published(
    'Comfy-Org/Krea-2',
    'models/text_encoders',
    'qwen3vl_4b_fp8_scaled.safetensors',
    5.24,
    APACHE,
    'text_encoders/qwen3vl_4b_fp8_scaled.safetensors',
  ),
  own(
    'Comfy-Org/stable-diffusion-3.5-fp8',
    'checkpoints',
    'sd3.5_large_fp8_scaled.safetensors',
    STABILITY,
    14.9,
  ),
  own(
    'Comfy-Org/stable-diffusion-3.5-fp8',
    'checkpoints',
    'sd3.5_medium_incl_clips_t5xxlfp8scaled.safetensors',
    STABILITY,
  ),
  own('Comfy-Org/flux1-dev', 'checkpoints', 'flux1-dev-fp8.safetensors', FLUX_DEV, 17.2),
  repacked('flux1-dev', 'diffusion_models', 'flux1-fill-dev.safetensors', FLUX_DEV),
  own('black-forest-labs/FLUX.1-Redux-dev', 'style_models', 'flux1-redux-dev.safetensors', FLUX_DEV),
  own('Comfy-Org/sigclip_vision_384', 'clip_vision', 'sigclip_vision_patch14_384.safetensors', APACHE, 0.857),
  repacked('USO_1.0_Repackaged', 'loras', 'uso-flux1-dit-lora-v1.safetensors'),
  repacked('USO_1.0_Repackaged', 'model_patches', 'uso-flux1-projector-v1.safetensors'),
];
