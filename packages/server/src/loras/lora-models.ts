/**
 * The picture and video models whose LoRAs are known, by the modules that a LoRA may change and their shapes. A trainer
 * names modules as ComfyUI does (`own`) or as the diffusers library does (`diffusers`); `forms` are the prefixes under
 * which ComfyUI looks for either. From `comfy/lora.py` and `comfy/utils.py` of ComfyUI 0.33, compared with the key maps
 * that it builds for each model.
 */

/** `{a,b}` and `{0..18}` are expanded; then rows and columns of the weight. Without them the shape is not compared. */
export type Modules = readonly (readonly [pattern: string, out: number, input: number] | readonly [string])[];

export interface Form {
  prefix: string;
  names: 'own' | 'diffusers';
  /** Dots became underscores. */
  isFlat?: boolean;
}

export interface LoraModel {
  id: string;
  label: string;
  /** Families whose model has these modules, the usual one first. */
  families: readonly string[];
  own: Modules;
  diffusers: Modules;
  forms: readonly Form[];
  /** Names that trainers write and ComfyUI does not know, and the names that it knows: only the header changes. */
  renames?: readonly (readonly [RegExp, string | ((module: string) => string)])[];
}

const OWN: readonly Form[] = [
  { prefix: 'diffusion_model.', names: 'own' },
  { prefix: 'lora_unet_', names: 'own', isFlat: true },
];
const FLUX_FORMS: readonly Form[] = [
  ...OWN,
  { prefix: 'transformer.', names: 'diffusers' },
  { prefix: 'lycoris_', names: 'diffusers', isFlat: true },
  { prefix: 'lora_transformer_', names: 'diffusers', isFlat: true },
  { prefix: '', names: 'diffusers' },
];
const DIFFUSERS_FORMS: readonly Form[] = [
  ...OWN,
  { prefix: 'diffusion_model.', names: 'diffusers' },
  { prefix: 'transformer.', names: 'diffusers' },
  { prefix: 'lycoris_', names: 'diffusers', isFlat: true },
  { prefix: '', names: 'diffusers' },
];
const UNET_FORMS: readonly Form[] = [
  ...OWN,
  { prefix: 'lora_unet_', names: 'diffusers', isFlat: true },
  { prefix: 'lycoris_', names: 'diffusers', isFlat: true },
];

/** FLUX.1 has modulations in each block, FLUX.2 shares three; its MLP is gated, so twice as wide at its entry. */
interface FluxShape {
  width: number;
  double: number;
  single: number;
  mlpIn: number;
  mlpOut: number;
  text: number;
  channels: number;
}

const fluxOwn = ({ width: h, double, single, mlpIn, mlpOut, text, channels }: FluxShape): Modules => [
  [`double_blocks.{0..${double - 1}}.{img,txt}_attn.qkv`, 3 * h, h],
  [`double_blocks.{0..${double - 1}}.{img,txt}_attn.proj`, h, h],
  [`double_blocks.{0..${double - 1}}.{img,txt}_attn.norm.{query,key}_norm`],
  [`double_blocks.{0..${double - 1}}.{img,txt}_mlp.0`, mlpIn, h],
  [`double_blocks.{0..${double - 1}}.{img,txt}_mlp.2`, h, mlpOut],
  [`single_blocks.{0..${single - 1}}.linear1`, 3 * h + mlpIn, h],
  [`single_blocks.{0..${single - 1}}.linear2`, h, h + mlpOut],
  [`single_blocks.{0..${single - 1}}.norm.{query,key}_norm`],
  ['img_in', h, channels],
  ['txt_in', h, text],
  ['{time,guidance}_in.in_layer', h, 256],
  ['{time,guidance}_in.out_layer', h, h],
  ['final_layer.linear', channels, h],
  ['final_layer.adaLN_modulation.1', 2 * h, h],
];

const fluxDiffusers = ({ width: h, double, single, mlpIn, mlpOut, text, channels }: FluxShape): Modules => [
  [`transformer_blocks.{0..${double - 1}}.attn.{to_q,to_k,to_v,add_q_proj,add_k_proj,add_v_proj}`, h, h],
  [`transformer_blocks.{0..${double - 1}}.attn.{to_out.0,to_add_out}`, h, h],
  [`transformer_blocks.{0..${double - 1}}.attn.norm_{q,k,added_q,added_k}`],
  [`transformer_blocks.{0..${double - 1}}.{ff,ff_context}.{net.0.proj,linear_in}`, mlpIn, h],
  [`transformer_blocks.{0..${double - 1}}.{ff,ff_context}.{net.2,linear_out}`, h, mlpOut],
  [`single_transformer_blocks.{0..${single - 1}}.attn.{to_q,to_k,to_v}`, h, h],
  [`single_transformer_blocks.{0..${single - 1}}.attn.norm_{q,k}`],
  ['x_embedder', h, channels],
  ['context_embedder', h, text],
  ['proj_out', channels, h],
];

const FLUX1: FluxShape = {
  ...{ width: 3072, double: 19, single: 38, mlpIn: 12_288, mlpOut: 12_288, text: 4096, channels: 64 },
};
const flux2 = (width: number, double: number, single: number, text: number): FluxShape => ({
  ...{ width, double, single, text, mlpIn: 6 * width, mlpOut: 3 * width, channels: 128 },
});

const flux2Model = (id: string, label: string, families: readonly string[], shape: FluxShape): LoraModel => ({
  ...{ id, label, families, forms: FLUX_FORMS },
  own: [
    ...fluxOwn(shape),
    ['double_stream_modulation_{img,txt}.lin', 6 * shape.width, shape.width],
    ['single_stream_modulation.lin', 3 * shape.width, shape.width],
  ],
  diffusers: [
    ...fluxDiffusers(shape),
    [`single_transformer_blocks.{0..${shape.single - 1}}.attn.to_qkv_mlp_proj`, 9 * shape.width, shape.width],
    [`single_transformer_blocks.{0..${shape.single - 1}}.attn.to_out`, shape.width, 4 * shape.width],
  ],
  // mflux since 0.16.
  renames: [[/^(transformer\.transformer_blocks\.\d+\.attn\.to_out)$/, '$1.0']],
});

const wan = (
  id: string,
  label: string,
  families: readonly string[],
  h: number,
  ffn: number,
  blocks: number,
): LoraModel => ({
  ...{ id, label, families, diffusers: [], forms: OWN },
  own: [
    [`blocks.{0..${blocks - 1}}.{self,cross}_attn.{q,k,v,o}`, h, h],
    [`blocks.{0..${blocks - 1}}.{self,cross}_attn.norm_{q,k}`],
    [`blocks.{0..${blocks - 1}}.{norm3,modulation}`],
    [`blocks.{0..${blocks - 1}}.ffn.0`, ffn, h],
    [`blocks.{0..${blocks - 1}}.ffn.2`, h, ffn],
    ['text_embedding.0', h, 4096],
    ['text_embedding.2', h, h],
    ['time_embedding.0', h, 256],
    ['time_embedding.2', h, h],
    ['time_projection.1', 6 * h, h],
    ['patch_embedding'],
    ['head.head'],
  ],
});

/** A transformer of a U-Net: where it is, its width and its number of blocks; `text` is the width of the prompt. */
const unetTransformer = (at: string, h: number, depth: number, text: number): Modules => [
  [`${at}.{proj_in,proj_out}`, h, h],
  [`${at}.norm`],
  [`${at}.transformer_blocks.{0..${depth - 1}}.norm{1,2,3}`],
  [`${at}.transformer_blocks.{0..${depth - 1}}.attn1.{to_q,to_k,to_v,to_out.0}`, h, h],
  [`${at}.transformer_blocks.{0..${depth - 1}}.attn2.{to_q,to_out.0}`, h, h],
  [`${at}.transformer_blocks.{0..${depth - 1}}.attn2.{to_k,to_v}`, h, text],
  [`${at}.transformer_blocks.{0..${depth - 1}}.ff.net.0.proj`, 8 * h, h],
  [`${at}.transformer_blocks.{0..${depth - 1}}.ff.net.2`, h, 4 * h],
];

/** Convolutions, which some trainers change as well. */
const unetResnets = (levels: number): Modules => [
  [`input_blocks.{0..${3 * levels - 1}}.0`],
  [
    `input_blocks.{1..${3 * levels - 1}}.0.{in_layers.{0,2},emb_layers.1,out_layers.{0,3},skip_connection,op}`,
  ],
  ['middle_block.{0,2}.{in_layers.{0,2},emb_layers.1,out_layers.{0,3}}'],
  [`output_blocks.{0..${3 * levels - 1}}.0.{in_layers.{0,2},emb_layers.1,out_layers.{0,3},skip_connection}`],
  [`output_blocks.{0..${3 * levels - 1}}.{1,2}.conv`],
  ['{time_embed,label_emb.0}.{0,2}'],
  ['out.{0,2}'],
];
const unetResnetsOfDiffusers = (levels: number): Modules => [
  [
    `{down,up}_blocks.{0..${levels - 1}}.resnets.{0..2}.{conv1,conv2,norm1,norm2,time_emb_proj,conv_shortcut}`,
  ],
  ['mid_block.resnets.{0,1}.{conv1,conv2,norm1,norm2,time_emb_proj}'],
  [`down_blocks.{0..${levels - 1}}.downsamplers.0.conv`],
  [`up_blocks.{0..${levels - 1}}.upsamplers.0.conv`],
  ['conv_{in,out,norm_out}'],
  ['{time,add}_embedding.linear_{1,2}'],
];

const QWEN_BLOCK = 'transformer_blocks.{0..59}';
const QWEN: Modules = [
  [`${QWEN_BLOCK}.attn.{to_q,to_k,to_v,add_q_proj,add_k_proj,add_v_proj,to_out.0,to_add_out}`, 3072, 3072],
  [`${QWEN_BLOCK}.attn.norm_{q,k,added_q,added_k}`],
  [`${QWEN_BLOCK}.{img,txt}_mlp.net.0.proj`, 12_288, 3072],
  [`${QWEN_BLOCK}.{img,txt}_mlp.net.2`, 3072, 12_288],
  [`${QWEN_BLOCK}.{img,txt}_mod.1`, 18_432, 3072],
  ['img_in', 3072, 64],
  ['txt_in', 3072, 3584],
  ['txt_norm'],
  ['proj_out', 64, 3072],
  ['norm_out.linear', 6144, 3072],
  ['time_text_embed.timestep_embedder.linear_1', 3072, 256],
  ['time_text_embed.timestep_embedder.linear_2', 3072, 3072],
];

const Z_BLOCK = '{layers.{0..29},noise_refiner.{0,1},context_refiner.{0,1}}';
const Z_SHARED: Modules = [
  [`${Z_BLOCK}.feed_forward.{w1,w3}`, 10_240, 3840],
  [`${Z_BLOCK}.feed_forward.w2`, 3840, 10_240],
  [`${Z_BLOCK}.{attention,ffn}_norm{1,2}`],
  ['{layers.{0..29},noise_refiner.{0,1}}.adaLN_modulation.0', 15_360, 256],
  ['{x,cap}_pad_token'],
  ['cap_embedder.0'],
  ['cap_embedder.1', 3840, 2560],
  ['t_embedder.mlp.0', 1024, 256],
  ['t_embedder.mlp.2', 256, 1024],
];

/** The diffusers library's own files: ComfyUI knows these modules under the names of kohya's trainer. */
const FROM_PEFT: LoraModel['renames'] = [
  [/^unet\..*/, (module) => `lora_unet_${module.slice('unet.'.length).replaceAll('.', '_')}`],
];

const KREA_TEXT = '{layerwise,refiner}_blocks.{0,1}';

export const LORA_MODELS: readonly LoraModel[] = [
  {
    id: 'flux1',
    label: 'FLUX.1',
    families: ['flux-schnell', 'flux-dev', 'flux-kontext', 'flux-fill'],
    forms: FLUX_FORMS,
    own: [
      ...fluxOwn(FLUX1),
      ['double_blocks.{0..18}.{img,txt}_mod.lin', 18_432, 3072],
      ['single_blocks.{0..37}.modulation.lin', 9216, 3072],
      ['vector_in.in_layer', 3072, 768],
      ['vector_in.out_layer', 3072, 3072],
    ],
    diffusers: [
      ...fluxDiffusers(FLUX1),
      ['transformer_blocks.{0..18}.{norm1,norm1_context}.linear', 18_432, 3072],
      ['single_transformer_blocks.{0..37}.proj_mlp', 12_288, 3072],
      ['single_transformer_blocks.{0..37}.proj_out', 3072, 15_360],
      ['single_transformer_blocks.{0..37}.norm.linear', 9216, 3072],
      ['norm_out.linear', 6144, 3072],
      ['time_text_embed.{timestep,guidance}_embedder.linear_1', 3072, 256],
      ['time_text_embed.{timestep,guidance,text}_embedder.linear_2', 3072, 3072],
      ['time_text_embed.text_embedder.linear_1', 3072, 768],
    ],
    // mflux 0.15.
    renames: [
      [/^(transformer\.transformer_blocks\.\d+\.ff(?:_context)?)\.linear1$/, '$1.net.0.proj'],
      [/^(transformer\.transformer_blocks\.\d+\.ff(?:_context)?)\.linear2$/, '$1.net.2'],
    ],
  },
  flux2Model(
    'flux2-klein-4b',
    'FLUX.2 klein 4B',
    ['flux2-klein', 'flux2-klein-edit'],
    flux2(3072, 5, 20, 7680),
  ),
  flux2Model(
    'flux2-klein-9b',
    'FLUX.2 klein 9B',
    ['flux2-klein', 'flux2-klein-edit'],
    flux2(4096, 8, 24, 12_288),
  ),
  flux2Model('flux2-dev', 'FLUX.2 dev', ['flux2-dev', 'flux2-dev-edit'], flux2(6144, 8, 48, 15_360)),
  {
    id: 'z-image',
    label: 'Z-Image',
    families: ['z-image'],
    forms: DIFFUSERS_FORMS,
    own: [
      ...Z_SHARED,
      [`${Z_BLOCK}.attention.qkv`, 11_520, 3840],
      [`${Z_BLOCK}.attention.out`, 3840, 3840],
      [`${Z_BLOCK}.attention.{q,k}_norm`],
      ['x_embedder', 3840, 64],
      ['final_layer.linear', 64, 3840],
      ['final_layer.adaLN_modulation.1', 3840, 256],
    ],
    diffusers: [
      ...Z_SHARED,
      [`${Z_BLOCK}.attention.{to_q,to_k,to_v,to_out.0}`, 3840, 3840],
      [`${Z_BLOCK}.attention.norm_{q,k}`],
      ['all_x_embedder.2-1', 3840, 64],
      ['all_final_layer.2-1.linear', 64, 3840],
      ['all_final_layer.2-1.adaLN_modulation.1', 3840, 256],
    ],
    // musubi-tuner: ComfyUI knows its attention only under the other prefix.
    renames: [[/^lora_unet_((?:layers|noise_refiner|context_refiner)_.*)$/, 'lycoris_$1']],
  },
  {
    id: 'qwen-image',
    label: 'Qwen-Image',
    families: ['qwen-image', 'qwen-image-edit', 'qwen-image-layered'],
    own: QWEN,
    diffusers: QWEN,
    forms: DIFFUSERS_FORMS,
  },
  {
    id: 'krea2',
    label: 'Krea 2',
    families: ['krea2'],
    forms: DIFFUSERS_FORMS,
    own: [
      ['blocks.{0..27}.attn.{wq,wo,gate}', 6144, 6144],
      ['blocks.{0..27}.attn.{wk,wv}', 1536, 6144],
      ['blocks.{0..27}.{mod.lin,prenorm.scale,postnorm.scale}'],
      ['{blocks.{0..27},txtfusion.{layerwise,refiner}_blocks.{0,1}}.attn.qknorm.{q,k}norm.scale'],
      ['txtfusion.{layerwise,refiner}_blocks.{0,1}.{prenorm,postnorm}.scale'],
      ['blocks.{0..27}.mlp.{up,gate}', 16_384, 6144],
      ['blocks.{0..27}.mlp.down', 6144, 16_384],
      [`txtfusion.${KREA_TEXT}.attn.{wq,wk,wv,wo,gate}`, 2560, 2560],
      [`txtfusion.${KREA_TEXT}.mlp.{up,gate}`, 6912, 2560],
      [`txtfusion.${KREA_TEXT}.mlp.down`, 2560, 6912],
      ['txtfusion.projector', 1, 12],
      ['first', 6144, 64],
      ['last.linear', 64, 6144],
      ['tmlp.0', 6144, 256],
      ['{tmlp.2,txtmlp.3}', 6144, 6144],
      ['tproj.1', 36_864, 6144],
      ['txtmlp.1', 6144, 2560],
    ],
    diffusers: [
      ['transformer_blocks.{0..27}.attn.{to_q,to_gate,to_out,to_out.0}', 6144, 6144],
      ['transformer_blocks.{0..27}.attn.{to_k,to_v}', 1536, 6144],
      ['transformer_blocks.{0..27}.ff.{up,gate}', 16_384, 6144],
      ['transformer_blocks.{0..27}.ff.down', 6144, 16_384],
      [`text_fusion.${KREA_TEXT}.attn.{to_q,to_k,to_v,to_gate,to_out,to_out.0}`, 2560, 2560],
      [`text_fusion.${KREA_TEXT}.ff.{up,gate}`, 6912, 2560],
      [`text_fusion.${KREA_TEXT}.ff.down`, 2560, 6912],
      ['text_fusion.projector', 1, 12],
      ['img_in', 6144, 64],
      ['final_layer.linear', 64, 6144],
      ['time_embed.linear_1', 6144, 256],
      ['{time_embed,txt_in}.linear_2', 6144, 6144],
      ['time_mod_proj', 36_864, 6144],
      ['txt_in.linear_1', 6144, 2560],
    ],
  },
  {
    id: 'sdxl',
    label: 'Stable Diffusion XL',
    families: ['sdxl'],
    forms: UNET_FORMS,
    renames: FROM_PEFT,
    own: [
      ...unetTransformer('input_blocks.{4,5}.1', 640, 2, 2048),
      ...unetTransformer('input_blocks.{7,8}.1', 1280, 10, 2048),
      ...unetTransformer('middle_block.1', 1280, 10, 2048),
      ...unetTransformer('output_blocks.{0..2}.1', 1280, 10, 2048),
      ...unetTransformer('output_blocks.{3..5}.1', 640, 2, 2048),
      ...unetResnets(3),
    ],
    diffusers: [
      ...unetTransformer('down_blocks.1.attentions.{0,1}', 640, 2, 2048),
      ...unetTransformer('down_blocks.2.attentions.{0,1}', 1280, 10, 2048),
      ...unetTransformer('mid_block.attentions.0', 1280, 10, 2048),
      ...unetTransformer('up_blocks.0.attentions.{0..2}', 1280, 10, 2048),
      ...unetTransformer('up_blocks.1.attentions.{0..2}', 640, 2, 2048),
      ...unetResnetsOfDiffusers(3),
    ],
  },
  {
    id: 'sd15',
    label: 'Stable Diffusion 1.5',
    families: ['sd15'],
    forms: UNET_FORMS,
    renames: FROM_PEFT,
    own: [
      ...unetTransformer('input_blocks.{1,2}.1', 320, 1, 768),
      ...unetTransformer('input_blocks.{4,5}.1', 640, 1, 768),
      ...unetTransformer('input_blocks.{7,8}.1', 1280, 1, 768),
      ...unetTransformer('middle_block.1', 1280, 1, 768),
      ...unetTransformer('output_blocks.{3..5}.1', 1280, 1, 768),
      ...unetTransformer('output_blocks.{6..8}.1', 640, 1, 768),
      ...unetTransformer('output_blocks.{9..11}.1', 320, 1, 768),
      ...unetResnets(4),
    ],
    diffusers: [
      ...unetTransformer('down_blocks.0.attentions.{0,1}', 320, 1, 768),
      ...unetTransformer('down_blocks.1.attentions.{0,1}', 640, 1, 768),
      ...unetTransformer('down_blocks.2.attentions.{0,1}', 1280, 1, 768),
      ...unetTransformer('mid_block.attentions.0', 1280, 1, 768),
      ...unetTransformer('up_blocks.1.attentions.{0..2}', 1280, 1, 768),
      ...unetTransformer('up_blocks.2.attentions.{0..2}', 640, 1, 768),
      ...unetTransformer('up_blocks.3.attentions.{0..2}', 320, 1, 768),
      ...unetResnetsOfDiffusers(4),
    ],
  },
  {
    id: 'sd35-large',
    label: 'Stable Diffusion 3.5 Large',
    families: ['sd35'],
    forms: [...FLUX_FORMS.slice(0, -1), { prefix: 'base_model.model.', names: 'diffusers' }],
    own: [
      ['joint_blocks.{0..37}.{x,context}_block.attn.qkv', 7296, 2432],
      ['joint_blocks.{0..37}.{x,context}_block.attn.proj', 2432, 2432],
      ['joint_blocks.{0..37}.{x,context}_block.attn.ln_{q,k}'],
      ['joint_blocks.{0..37}.{x,context}_block.mlp.fc1', 9728, 2432],
      ['joint_blocks.{0..37}.{x,context}_block.mlp.fc2', 2432, 9728],
      ['joint_blocks.{0..36}.{x,context}_block.adaLN_modulation.1', 14_592, 2432],
      ['joint_blocks.37.{x,context}_block.adaLN_modulation.1'],
      ['context_embedder', 2432, 4096],
      ['final_layer.linear', 64, 2432],
      ['final_layer.adaLN_modulation.1', 4864, 2432],
      ['t_embedder.mlp.0', 2432, 256],
      ['{t,y}_embedder.mlp.2', 2432, 2432],
      ['y_embedder.mlp.0', 2432, 2048],
      ['x_embedder.proj'],
    ],
    diffusers: [
      ['transformer_blocks.{0..37}.attn.{to_q,to_k,to_v,add_q_proj,add_k_proj,add_v_proj}', 2432, 2432],
      ['transformer_blocks.{0..37}.attn.{to_out.0,to_add_out}', 2432, 2432],
      ['transformer_blocks.{0..37}.attn.norm_{q,k,added_q,added_k}'],
      ['transformer_blocks.{0..37}.{ff,ff_context}.net.0.proj', 9728, 2432],
      ['transformer_blocks.{0..37}.{ff,ff_context}.net.2', 2432, 9728],
      ['transformer_blocks.{0..36}.{norm1,norm1_context}.linear', 14_592, 2432],
      ['transformer_blocks.37.{norm1,norm1_context}.linear'],
      ['context_embedder', 2432, 4096],
      ['proj_out', 64, 2432],
      ['norm_out.linear', 4864, 2432],
      ['time_text_embed.timestep_embedder.linear_1', 2432, 256],
      ['time_text_embed.{timestep,text}_embedder.linear_2', 2432, 2432],
      ['time_text_embed.text_embedder.linear_1', 2432, 2048],
      ['pos_embed.proj'],
    ],
  },
  wan('wan22-14b', 'Wan 2.2 14B', ['wan22-14b', 'wan22-14b-image'], 5120, 13_824, 40),
  wan('wan22-5b', 'Wan 2.2 5B', ['wan22-5b'], 3072, 14_336, 30),
];
