import { describe, expect, it } from 'vitest';
import { LORA_MODELS } from './lora-models.ts';
import { expanded, namesOf } from './module-names.ts';
import { readLora } from './read-lora.ts';
import type { TensorEntry } from './safetensors-header.ts';

const RANK = 16;

/** A plain pair on each module, with the shapes of [out, input]. */
function lora(
  modules: Record<string, readonly [number, number]>,
  { up = '.lora_B.weight', down = '.lora_A.weight', more = [] as string[], metadata = {} } = {},
) {
  const entry = (shape: number[]): TensorEntry => ({ dtype: 'BF16', shape, data_offsets: [0, 0] });
  const tensors = new Map<string, TensorEntry>();
  for (const [module, [out, input]] of Object.entries(modules)) {
    tensors.set(module + up, entry([out, RANK]));
    tensors.set(module + down, entry([RANK, input]));
  }
  for (const name of more) tensors.set(name, entry([1]));
  return { tensors, metadata };
}

const KOHYA = { up: '.lora_up.weight', down: '.lora_down.weight' };
const fitting = (file: ReturnType<typeof lora>) => readLora(file).models.map(({ id }) => id);

describe('a LoRA', () => {
  it.each([
    [
      'ai-toolkit, FLUX.1',
      'flux1',
      {
        'transformer.transformer_blocks.0.attn.to_q': [3072, 3072],
        'transformer.single_transformer_blocks.37.proj_mlp': [12_288, 3072],
      },
      {},
    ],
    [
      'kohya, FLUX.1',
      'flux1',
      {
        lora_unet_double_blocks_18_img_attn_qkv: [9216, 3072],
        lora_unet_single_blocks_0_linear1: [21_504, 3072],
      },
      KOHYA,
    ],
    [
      'ai-toolkit, FLUX.2 klein 4B',
      'flux2-klein-4b',
      {
        'diffusion_model.double_blocks.0.img_attn.qkv': [9216, 3072],
        'diffusion_model.single_blocks.19.linear1': [27_648, 3072],
      },
      {},
    ],
    ['musubi, FLUX.2 dev', 'flux2-dev', { lora_unet_double_blocks_7_img_mlp_0: [36_864, 6144] }, KOHYA],
    ['mflux, Z-Image', 'z-image', { 'diffusion_model.layers.29.attention.to_q': [3840, 3840] }, {}],
    [
      'ai-toolkit, Qwen-Image',
      'qwen-image',
      {
        'diffusion_model.transformer_blocks.59.attn.to_q': [3072, 3072],
        'diffusion_model.transformer_blocks.0.img_mlp.net.2': [3072, 12_288],
      },
      {},
    ],
    [
      'kohya, SDXL',
      'sdxl',
      {
        lora_unet_input_blocks_4_1_transformer_blocks_1_attn2_to_k: [640, 2048],
        lora_unet_middle_block_1_transformer_blocks_9_ff_net_0_proj: [10_240, 1280],
      },
      { ...KOHYA, more: ['lora_te1_text_model_encoder_layers_0_mlp_fc1.alpha'] },
    ],
    [
      'kohya, SD 1.5',
      'sd15',
      {
        lora_unet_down_blocks_0_attentions_1_transformer_blocks_0_attn2_to_k: [320, 768],
      },
      KOHYA,
    ],
    [
      'SimpleTuner, SD 3.5',
      'sd35-large',
      { 'transformer.transformer_blocks.37.attn.to_q': [2432, 2432] },
      {},
    ],
    ['ai-toolkit, Krea 2', 'krea2', { 'diffusion_model.blocks.27.attn.wk': [1536, 6144] }, {}],
    ['Wan 2.2 14B', 'wan22-14b', { 'diffusion_model.blocks.39.cross_attn.o': [5120, 5120] }, {}],
  ] as const)('of %s is for %s', (_, model, modules, options) => {
    const read = readLora(lora(modules, options as object));
    expect(read.models.map(({ id }) => id)).toEqual([model]);
    expect(read).toMatchObject({ rank: RANK, unknown: [] });
    expect(read.renames.size).toBe(0);
  });

  it('with modules of several models fits each, unless its metadata names one', () => {
    const modules = { 'transformer.transformer_blocks.0.attn.to_q': [3072, 3072] } as const;
    expect(fitting(lora(modules))).toEqual(['flux1', 'flux2-klein-4b', 'qwen-image']);
    const metadata = { 'modelspec.architecture': 'qwen-image/lora' };
    expect(fitting(lora(modules, { metadata }))).toEqual(['qwen-image']);
    expect(fitting(lora(modules, { metadata: { ss_base_model_version: 'flux2-klein-4b' } }))).toEqual([
      'flux2-klein-4b',
    ]);
  });

  it('whose metadata names a model that its tensors contradict is for the model of its tensors', () => {
    const modules = { 'diffusion_model.layers.3.attention.to_q': [3840, 3840] } as const;
    expect(fitting(lora(modules, { metadata: { 'modelspec.architecture': 'flux' } }))).toEqual(['z-image']);
  });

  it('of musubi for Z-Image, of which ComfyUI would load half, is renamed as a whole', () => {
    const read = readLora(
      lora(
        {
          lora_unet_layers_0_attention_to_q: [3840, 3840],
          lora_unet_layers_0_feed_forward_w1: [10_240, 3840],
        },
        { ...KOHYA, more: ['lora_unet_layers_0_attention_to_q.alpha'] },
      ),
    );
    expect(read.models.map(({ id }) => id)).toEqual(['z-image']);
    expect(read.renames.get('lora_unet_layers_0_attention_to_q.alpha')).toBe(
      'lycoris_layers_0_attention_to_q.alpha',
    );
    expect(read.renames.get('lora_unet_layers_0_feed_forward_w1.lora_up.weight')).toBe(
      'lycoris_layers_0_feed_forward_w1.lora_up.weight',
    );
    expect(read.renames.size).toBe(5);
  });

  it.each([
    [
      'mflux 0.15',
      'flux1',
      'transformer.transformer_blocks.4.ff_context.linear1',
      [12_288, 3072],
      'transformer.transformer_blocks.4.ff_context.net.0.proj',
    ],
    [
      'mflux 0.18',
      'flux2-klein-9b',
      'transformer.transformer_blocks.4.attn.to_out',
      [4096, 4096],
      'transformer.transformer_blocks.4.attn.to_out.0',
    ],
    [
      'diffusers',
      'sdxl',
      'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k',
      [640, 2048],
      'lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k',
    ],
  ] as const)('of %s gets the names that ComfyUI knows', (_, model, module, shape, respelt) => {
    const read = readLora(lora({ [module]: shape }));
    expect(read.models.map(({ id }) => id)).toEqual([model]);
    expect(read.renames.get(`${module}.lora_A.weight`)).toBe(`${respelt}.lora_A.weight`);
  });

  it('with tensors that no model knows names them and the nearest model', () => {
    const read = readLora(
      lora({
        'diffusion_model.layers.3.attention.to_q': [3840, 3840],
        'diffusion_model.layers.30.attention.to_q': [3840, 3840],
      }),
    );
    expect(read.models).toEqual([]);
    expect(read.nearest?.id).toBe('z-image');
    expect(read.unknown).toEqual([
      'diffusion_model.layers.30.attention.to_q.lora_B.weight',
      'diffusion_model.layers.30.attention.to_q.lora_A.weight',
    ]);
  });

  it('of another width is of another model', () => {
    expect(fitting(lora({ 'diffusion_model.layers.3.attention.to_q': [2304, 2304] }))).toEqual([]);
  });

  it('is no model, no text encoder alone and no empty file', () => {
    const model = {
      tensors: new Map([['model.diffusion_model.input_blocks.0.0.weight', ENTRY]]),
      metadata: {},
    };
    expect(readLora(model)).toMatchObject({ models: [], nearest: null });
    expect(readLora({ tensors: new Map(), metadata: {} })).toMatchObject({ models: [], nearest: null });
    const words = lora({ lora_te1_text_model_encoder_layers_0_mlp_fc1: [3072, 768] }, KOHYA);
    expect(readLora(words)).toMatchObject({ models: [], hasTextEncoder: true });
  });
});

const ENTRY: TensorEntry = { dtype: 'F16', shape: [320, 4, 3, 3], data_offsets: [0, 0] };

describe('patterns of module names', () => {
  it('are expanded, groups within groups too', () => {
    expect(expanded('a.{0..2}.b')).toEqual(['a.0.b', 'a.1.b', 'a.2.b']);
    expect(expanded('{x.{0,1},y}.q')).toEqual(['x.0.q', 'y.q', 'x.1.q', 'y.q']);
  });

  it('name families that exist for every model', () => {
    for (const model of LORA_MODELS) {
      expect(namesOf(model).size).toBeGreaterThan(100);
      expect(model.families.length).toBeGreaterThan(0);
    }
  });
});
