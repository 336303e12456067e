import { expect, test } from 'vitest';
import { fromElsewhere } from './from-elsewhere.ts';
import { foreignRecipeIn } from './readers.ts';

const read = (texts: Record<string, unknown>) => {
  const found = foreignRecipeIn(
    new Map(
      Object.entries(texts).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  );
  if (!found) throw new Error('not read');
  return { ...found, ...fromElsewhere(found, []) };
};
const names = (lost: { name?: string }[]) => lost.map(({ name }) => name);
type Told = { name?: string }[];

test('InvokeAI: words, model, LoRAs and a scheduler with its noise schedule', () => {
  const { recipe, lost } = read({
    invokeai_metadata: {
      generation_mode: 'sdxl_txt2img',
      positive_prompt: 'a clay house',
      negative_prompt: 'fog',
      width: 888,
      height: 1184,
      seed: 591741300,
      cfg_scale: 5,
      cfg_rescale_multiplier: 0,
      steps: 30,
      rand_device: 'cpu',
      scheduler: 'dpmpp_2m_sde_k',
      model: { key: 'a', hash: 'blake3:1', name: 'hillXL', base: 'sdxl', type: 'main' },
      loras: [
        { model: { name: 'ink', base: 'sdxl' }, weight: 0.75 },
        { lora: { model_name: 'older', base_model: 'sdxl' }, weight: 0.5 },
      ],
      controlnets: [{ control_model: { model_name: 'canny' }, control_weight: 1 }],
      app_version: '5.4.2',
    },
    invokeai_graph: { nodes: {} },
  });
  expect(recipe).toMatchObject({
    prompt: 'a clay house',
    negative_prompt: 'fog',
    width: 888,
    height: 1184,
    seed: 591741300,
    loras: [
      { name: 'ink', weight: 0.75 },
      { name: 'older', weight: 0.5 },
    ],
    params: { steps: 30, cfg: 5, sampler: 'dpmpp_2m_sde', scheduler: 'karras' },
  });
  expect(lost).toContainEqual({ field: 'family', what: 'family', name: 'hillXL' });
  expect(names(lost as Told)).toEqual(['hillXL', 'ControlNet']);
});

test('InvokeAI: what its canvas and its other settings steered is told', () => {
  const { recipe, lost } = read({
    invokeai_metadata: {
      generation_mode: 'sdxl_txt2img',
      positive_prompt: 'a clay house',
      positive_style_prompt: 'film still',
      negative_prompt: '',
      negative_style_prompt: '',
      cfg_rescale_multiplier: 0.7,
      seamless_x: true,
      seamless_y: false,
      hrf_enabled: true,
      hrf_strength: 0.45,
      dype_preset: 'off',
      ref_images: [
        { id: 'a', isEnabled: true, config: { type: 'ip_adapter', model: { name: 'IP plus' }, weight: 1 } },
        { id: 'b', isEnabled: true, config: { type: 'flux_kontext_reference_image', model: null } },
        { id: 'c', isEnabled: false, config: { type: 'ip_adapter', model: { name: 'unused' } } },
      ],
      canvas_v2_metadata: {
        controlLayers: [
          { isEnabled: true, controlAdapter: { type: 'controlnet', model: { name: 'depth' } } },
        ],
        regionalGuidance: [{ isEnabled: true, positivePrompt: 'a door' }],
        inpaintMasks: [],
        rasterLayers: [],
      },
      regions: [],
      app_version: '6.9.0',
    },
  });
  expect(recipe).toMatchObject({ type: 'txt2img', prompt: 'a clay house' });
  expect(lost.map((each) => 'what' in each && each.what === 'foreign' && [each.name, each.value])).toEqual([
    ['Control layers', 'depth'],
    ['Regional guidance', 'a door'],
    ['Reference images', 'IP plus, flux_kontext_reference_image'],
    ['Style prompt', 'film still'],
    ['CFG rescale', '0.7'],
    ['Seamless X', 'true'],
    ['High resolution fix', '0.45'],
  ]);
});

test('InvokeAI with Flux has a guidance and no negative prompt', () => {
  const { recipe } = read({
    invokeai_metadata: {
      generation_mode: 'flux_txt2img',
      positive_prompt: 'a lake',
      guidance: 4,
      steps: 30,
      seed: 3,
    },
  });
  expect(recipe).toMatchObject({ negative_prompt: '', params: { guidance: 4, steps: 30 } });
});

test.each([
  ['sdxl_img2img', 'img2img', ['input_image']],
  ['inpaint', 'inpaint', ['input_image', 'mask_image']],
  ['sdxl_outpaint', 'inpaint', ['input_image', 'mask_image']],
])('InvokeAI: of %s the missing pictures are told', (generation_mode, type, fields) => {
  const { recipe, lost } = read({
    invokeai_metadata: { generation_mode, positive_prompt: 'a lake', strength: 0.6 },
  });
  expect(recipe).toMatchObject({ type, params: { denoise: 0.6 } });
  expect(lost.filter(({ what }) => what === 'pictureElsewhere').map(({ field }) => field)).toEqual(fields);
});

test('older InvokeAI: words to avoid stand in brackets, in JSON and in the command line', () => {
  const image = {
    prompt: [{ prompt: 'a lonely tower [fog, text]', weight: 1 }],
    steps: 50,
    cfg_scale: 7.5,
    threshold: 0,
    perlin: 0,
    width: 512,
    height: 768,
    seed: 1618033988,
    type: 'txt2img',
    sampler: 'k_euler_a',
  };
  const expected = {
    prompt: 'a lonely tower',
    negative_prompt: 'fog, text',
    width: 512,
    height: 768,
    seed: 1618033988,
    params: { steps: 50, cfg: 7.5, sampler: 'euler_ancestral' },
  };
  const { recipe, lost } = read({
    'sd-metadata': { model_weights: 'stable-diffusion-1.5', app_id: 'invoke-ai/InvokeAI', image },
  });
  expect(recipe).toMatchObject(expected);
  expect(names(lost as Told)).toEqual(['stable-diffusion-1.5']);
  const dream = '"a lonely tower [fog, text]" -s 50 -S 1618033988 -W 512 -H 768 -C 7.5 -A k_euler_a';
  expect(read({ Dream: dream })).toMatchObject({ recipe: expected, lost: [] });
});

test('Fooocus, its own scheme', () => {
  const { recipe, lost } = read({
    fooocus_scheme: 'fooocus',
    parameters: {
      adm_guidance: '(1.5, 0.8, 0.3)',
      base_model: 'hillXL_v8',
      base_model_hash: 'aeb7e9e689',
      full_prompt: ['a paper boat, cinematic'],
      guidance_scale: 4,
      loras: [['offset', 0.1, '4852686128']],
      metadata_scheme: 'fooocus',
      negative_prompt: 'blurry',
      performance: 'Speed',
      prompt: 'a paper boat',
      refiner_model: 'hillXL_refiner',
      refiner_switch: 0.5,
      clip_skip: 2,
      prompt_expansion: 'a paper boat, elegant',
      resolution: '(1152, 896)',
      sampler: 'dpmpp_2m_sde_gpu',
      scheduler: 'karras',
      seed: '7046721337213',
      sharpness: 2,
      steps: 30,
      styles: "['Fooocus V2', 'Fooocus Sharp']",
      vae: 'Default (model)',
      version: 'Fooocus v2.5.5',
    },
  });
  expect(recipe).toMatchObject({
    prompt: 'a paper boat',
    negative_prompt: 'blurry',
    width: 1152,
    height: 896,
    seed: 7046721337213,
    loras: [{ name: 'offset', weight: 0.1 }],
    params: { steps: 30, cfg: 4, sampler: 'dpmpp_2m_sde', scheduler: 'karras' },
  });
  expect(lost).toContainEqual({
    field: 'params',
    what: 'foreign',
    name: 'Styles',
    value: 'Fooocus V2, Fooocus Sharp',
  });
  expect(names(lost as Told)).toEqual([
    ...['hillXL_v8', 'Refiner', 'Refiner switch', 'Styles', 'Performance', 'Sharpness', 'ADM Guidance'],
    ...['Clip skip', 'Prompt expansion'],
  ]);
});

test("Fooocus, A1111's scheme: its own prompt is the one without styles", () => {
  const { recipe, lost } = read({
    fooocus_scheme: 'a1111',
    parameters:
      'cinematic still a paper boat, highly detailed\nNegative prompt: anime, blurry\n' +
      'Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 77, Size: 1152x896, CFG scale: 4, Sharpness: 2, ADM Guidance: "(1.5, 0.8, 0.3)", Model: hillXL_v8, Model hash: aeb7e9e689, Performance: Speed, Scheduler: karras, VAE: Default, Raw prompt: a paper boat, Raw negative prompt: blurry, Lora hashes: "offset: 4852686128", Lora weights: "offset: 0.1", Version: Fooocus v2.5.5',
  });
  expect(recipe).toMatchObject({
    prompt: 'a paper boat',
    negative_prompt: 'blurry',
    loras: [{ name: 'offset', weight: 0.1 }],
    params: { sampler: 'dpmpp_2m_sde', scheduler: 'karras' },
  });
  expect(names(lost as Told)).toEqual(['hillXL_v8', 'Sharpness', 'ADM Guidance', 'Performance', 'VAE']);
});

const NOVEL_AI = {
  prompt: 'girl, silver hair',
  steps: 28,
  height: 1216,
  width: 832,
  scale: 5,
  uncond_scale: 0,
  cfg_rescale: 0,
  seed: 3405691582,
  noise_schedule: 'karras',
  sampler: 'k_euler_ancestral',
  uc: 'lowres',
  request_type: 'PromptGenerateRequest',
};

test('NovelAI', () => {
  const texts = {
    Title: 'NovelAI generated image',
    Description: 'girl',
    Software: 'NovelAI',
    Source: 'NovelAI V4',
    Comment: NOVEL_AI,
  };
  expect(read(texts)).toMatchObject({
    recipe: {
      prompt: 'girl, silver hair',
      negative_prompt: 'lowres',
      width: 832,
      height: 1216,
      seed: 3405691582,
      params: { steps: 28, cfg: 5, sampler: 'euler_ancestral', scheduler: 'karras' },
    },
    lost: [{ field: 'family', name: 'NovelAI V4' }],
  });
});

test('NovelAI: what other pictures and switches steered is told', () => {
  const Comment = {
    ...NOVEL_AI,
    sm_dyn: true,
    dynamic_thresholding: false,
    reference_information_extracted_multiple: [1, 0.8],
    reference_strength_multiple: [0.6, 0.4],
  };
  expect(read({ Software: 'NovelAI', Comment }).lost).toEqual([
    { field: 'params', what: 'foreign', name: 'SMEA DYN', value: 'true' },
    { field: 'params', what: 'foreign', name: 'Vibe transfer', value: '0.6, 0.4' },
  ]);
});

test('NovelAI 4: the prompts of characters are told as lost', () => {
  const v4_prompt = {
    caption: {
      base_caption: 'two people, rain',
      char_captions: [{ char_caption: 'girl, red coat', centers: [] }],
    },
  };
  const v4_negative_prompt = { caption: { base_caption: 'text', char_captions: [] } };
  const Comment = {
    ...NOVEL_AI,
    v4_prompt,
    v4_negative_prompt,
    request_type: 'Img2ImgRequest',
    strength: 0.7,
  };
  expect(read({ Software: 'NovelAI', Comment })).toMatchObject({
    recipe: {
      type: 'img2img',
      prompt: 'two people, rain',
      negative_prompt: 'text',
      params: { denoise: 0.7 },
    },
    lost: [{ what: 'pictureElsewhere' }, { what: 'foreign', name: 'Character 1', value: 'girl, red coat' }],
  });
});

test('SwarmUI', () => {
  const { recipe, lost } = read({
    parameters: {
      sui_image_params: {
        prompt: 'a glass whale <lora:foam:0.3>',
        negativeprompt: 'text',
        model: 'Official/hillXL',
        seed: 998,
        steps: 20,
        cfgscale: 1,
        fluxguidancescale: 3.5,
        aspectratio: '1:1',
        width: 1024,
        height: 1024,
        sampler: 'euler',
        scheduler: 'sgm_uniform',
        loras: ['ink'],
        loraweights: ['0.8'],
        clipstopatlayer: -2,
        automaticvae: true,
        swarm_version: '0.9.3.1',
      },
      sui_extra_data: { date: '2025-01-02', generation_time: '1.2 sec' },
    },
  });
  expect(recipe).toMatchObject({
    prompt: 'a glass whale',
    negative_prompt: 'text',
    seed: 998,
    width: 1024,
    loras: [
      { name: 'ink', weight: 0.8 },
      { name: 'foam', weight: 0.3 },
    ],
    params: { steps: 20, cfg: 1, guidance: 3.5, sampler: 'euler', scheduler: 'sgm_uniform' },
  });
  expect(names(lost as Told)).toEqual(['Official/hillXL', 'clipstopatlayer', 'automaticvae']);
});

test.each([
  ['broken JSON', { parameters: '{"sui_image_params":' }],
  ['broken JSON of others', { invokeai_metadata: '{', Comment: '{' }],
  ['JSON of another shape', { invokeai_metadata: '[1]', 'sd-metadata': '{"image":3}', prompt: '[]' }],
  ['a comment of a camera', { Comment: '{"exposure":1}' }],
])('%s is no recipe', (_, texts) => {
  expect(foreignRecipeIn(new Map(Object.entries(texts as Record<string, string>)))).toBeNull();
});

test('ComfyUI: a workflow of 5 MB, with a chain of thousands of nodes behind each sampler', () => {
  const length = 20_000;
  const graph: Record<string, unknown> = { '0': { class_type: 'CLIPTextEncode', inputs: { text: 'a key' } } };
  for (let n = 1; n <= length; n += 1)
    graph[n] = {
      class_type: 'ConditioningSetTimestepRange',
      inputs: { conditioning: [String(n - 1), 0], note: 'x'.repeat(200) },
    };
  for (let n = 1; n <= 1000; n += 1)
    graph[`s${n}`] = {
      class_type: 'KSampler',
      inputs: { positive: [String(length), 0], negative: [`z${n}`, 0], seed: 5 },
    };
  expect(JSON.stringify(graph).length).toBeGreaterThan(5 * 1024 ** 2);
  expect(read({ prompt: graph }).recipe).toMatchObject({ prompt: 'a key', negative_prompt: '', seed: 5 });
});

test('lists in lists beyond any depth are left out', () => {
  const depth = 100_000;
  const deep = `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  const text = `{"sui_image_params":{"prompt":"a key","odd":${deep}}}`;
  expect(read({ parameters: text }).recipe).toMatchObject({ prompt: 'a key' });
});
