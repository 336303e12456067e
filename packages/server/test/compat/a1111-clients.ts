/** What clients of A1111's API send, as they send it: with their own fields, empty headers and old names. */

const PICTURE = '<picture>';

export interface RecordedBody {
  client: string;
  route: string;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

export const sillyTavern: RecordedBody = {
  client: 'SillyTavern',
  route: 'txt2img',
  headers: { authorization: 'Basic ' },
  body: {
    url: 'http://127.0.0.1:7860/',
    auth: 'secret:word',
    prompt: 'a red dragon, best quality',
    negative_prompt: 'lowres',
    sampler_name: 'DPM++ 2M',
    scheduler: 'Karras',
    steps: 20,
    cfg_scale: 7,
    width: 512,
    height: 768,
    restore_faces: false,
    enable_hr: false,
    hr_upscaler: 'Latent',
    hr_scale: 2,
    hr_additional_modules: [],
    denoising_strength: 0.7,
    hr_second_pass_steps: 0,
    seed: 5,
    override_settings: { CLIP_stop_at_last_layers: 1 },
    override_settings_restore_afterwards: true,
    clip_skip: 1,
    save_images: true,
    send_images: true,
    do_not_save_grid: false,
    do_not_save_samples: false,
  },
};

export const openWebUi: RecordedBody = {
  client: 'Open WebUI',
  route: 'txt2img',
  headers: { authorization: '' },
  body: { prompt: 'a blue key', batch_size: 2, width: 512, height: 512, negative_prompt: 'text', steps: 50 },
};

export const koboldLite: RecordedBody = {
  client: 'KoboldAI Lite',
  route: 'img2img',
  body: {
    init_images: [`data:image/png;base64,${PICTURE}`],
    prompt: 'a shield',
    negative_prompt: 'ugly, deformed',
    cfg_scale: 7,
    steps: 20,
    width: 512,
    height: 512,
    seed: -1,
    denoising_strength: 0.6,
    sampler_name: 'Euler a',
    do_not_save_samples: true,
    do_not_save_grid: true,
    eta: 0,
    s_churn: 0,
    s_tmax: 0,
    s_tmin: 0,
    s_noise: 1,
    override_settings: {
      sd_model_checkpoint: 'Anything-v3 [abcdef0123]',
      eta_noise_seed_delta: 0,
      CLIP_stop_at_last_layers: 1,
      ddim_discretize: 'uniform',
      img2img_fix_steps: false,
      sd_hypernetwork: 'None',
      inpainting_mask_weight: 1,
      initial_noise_multiplier: 1,
      comma_padding_backtrack: 20,
    },
  },
};

export const sdWebUiApi: RecordedBody = {
  client: 'sdwebuiapi',
  route: 'txt2img',
  body: {
    enable_hr: false,
    hr_scale: 2,
    hr_upscaler: 'Latent',
    hr_second_pass_steps: 0,
    hr_resize_x: 0,
    hr_resize_y: 0,
    denoising_strength: 0.0,
    firstphase_width: 0,
    firstphase_height: 0,
    prompt: 'a castle',
    styles: [],
    seed: 7,
    subseed: -1,
    subseed_strength: 0.0,
    seed_resize_from_h: 0,
    seed_resize_from_w: 0,
    batch_size: 1,
    n_iter: 2,
    steps: 20,
    cfg_scale: 7.0,
    width: 512,
    height: 512,
    restore_faces: false,
    tiling: false,
    do_not_save_samples: false,
    do_not_save_grid: false,
    negative_prompt: '',
    eta: 1.0,
    s_churn: 0,
    s_tmax: 0,
    s_tmin: 0,
    s_noise: 1,
    override_settings: {},
    override_settings_restore_afterwards: true,
    sampler_name: 'Euler a',
    sampler_index: 'Euler a',
    script_name: null,
    script_args: [],
    send_images: true,
    save_images: false,
    alwayson_scripts: {
      ControlNet: {
        args: [
          {
            image: PICTURE,
            mask: null,
            module: 'canny',
            model: 'control_v11p_sd15_canny [d14c016b]',
            weight: 0.7,
            resize_mode: 'Resize and Fill',
            low_vram: false,
            processor_res: 512,
            threshold_a: 64,
            threshold_b: 64,
            guidance_start: 0.0,
            guidance_end: 0.8,
            control_mode: 0,
            pixel_perfect: false,
          },
        ],
      },
    },
  },
};

export const photopea: RecordedBody = {
  client: 'Photopea plugin',
  route: 'img2img',
  body: {
    init_images: [`data:image/png;base64,${PICTURE}`],
    mask: `data:image/png;base64,${PICTURE}`,
    inpainting_mask_invert: 1,
    inpaint_full_res: true,
    inpaint_full_res_padding: 32,
    inpainting_fill: 1,
    mask_blur: 4,
    resize_mode: 1,
    prompt: 'moss',
    negative_prompt: '',
    sampler_name: 'DPM++ 2M Karras',
    batch_size: 1,
    steps: 20,
    cfg_scale: 7,
    width: 512,
    height: 512,
    denoising_strength: 0.75,
    seed: 9,
    override_settings: { sd_model_checkpoint: 'SDXL' },
    alwayson_scripts: { controlnet: { args: [{ enabled: false, module: 'none', model: 'None' }] } },
  },
};

/** The body with its pictures. */
export const withPicture = ({ body }: RecordedBody, base64: string): Record<string, unknown> =>
  JSON.parse(JSON.stringify(body).replaceAll(PICTURE, base64));
