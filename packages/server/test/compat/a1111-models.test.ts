/** A1111's API over a ComfyUI server: checkpoints, LoRAs, samplers, masks and ControlNet. */
import { INFOTEXT_KEYWORD } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { textOf } from '../../src/images/png-text.ts';
import { FakeComfy } from '../fake-comfy/fake-comfy.ts';
import { tinyPng } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64 } from './a1111-asking.ts';
import { koboldLite, photopea, sdWebUiApi, withPicture } from './a1111-clients.ts';

let fake: FakeComfy;
let studio: TestStudio;
/** Graphs of the prompts, as JSON. */
let graphs: string[] = [];

beforeAll(async () => {
  fake = await FakeComfy.start({ onExecuted: (_, graph) => graphs.push(graph) });
  studio = await startStudio({ engines: [] });
  await studio.client.call('addEngine', { body: { url: fake.url, name: 'Attic PC' } });
  const isThere = async () => (await get('sd-models')).body.length >= 3;
  await vi.waitUntil(isThere, { timeout: 10_000, interval: 50 });
});
beforeEach(() => {
  graphs = [];
});
afterAll(async () => {
  await studio.close();
  await fake.close();
});

const get = (path: string) => ask(studio.url, 'GET', path);
const post = (path: string, body?: unknown) => ask(studio.url, 'POST', path, body);

async function painted(route: string, body: unknown) {
  const answer = await post(route, body);
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  const info = JSON.parse(answer.body.info);
  return { ...answer.body, info, said: info.extra_generation_params.Limner as string };
}

type Node = [id: string, classType: string, inputs: Record<string, unknown>];

/** The inputs of the nodes of a class in the newest graph that was sampled. */
const inputsOfAll = (classType: string) =>
  (JSON.parse(graphs.at(-1) ?? '[]') as Node[])
    .filter(([, type]) => type === classType)
    .map(([, , inputs]) => inputs);

function inputsOf(classType: string): Record<string, unknown> {
  const found = inputsOfAll(classType);
  expect([classType, found.length]).toEqual([classType, 1]);
  return found[0] ?? {};
}

describe('checkpoints', () => {
  it('are the families that can paint', async () => {
    const { body } = await get('sd-models');
    expect(body).toContainEqual({
      title: 'FLUX.1 schnell [flux-schnell]',
      model_name: 'flux-schnell',
      hash: null,
      sha256: null,
      filename: 'flux-schnell',
      config: null,
    });
  });

  it('a distilled one at cfg 7 and 20 steps runs at 1 and its own steps, and the answer says so', async () => {
    const { info, said, parameters } = await painted('txt2img', {
      prompt: 'a castle',
      negative_prompt: 'text',
      cfg_scale: 7,
      steps: 20,
      distilled_cfg_scale: 3.5,
      width: 500,
      height: 512,
      override_settings: { sd_model_checkpoint: 'FLUX.1 schnell' },
    });
    expect(inputsOf('KSampler')).toMatchObject({ cfg: 1, steps: 4 });
    expect(info).toMatchObject({ sd_model_name: 'flux-schnell', cfg_scale: 1, steps: 4, width: 496 });
    expect(parameters).toMatchObject({ cfg_scale: 7, steps: 20, width: 500 });
    for (const word of ['CFG scale', 'Steps is 4 instead of 20', 'negative_prompt', '496'])
      expect(said).toContain(word);
  });

  it('another one has cfg, sampler, schedule and negative prompt as asked', async () => {
    const { info } = await painted('txt2img', {
      prompt: 'a castle',
      negative_prompt: 'fog',
      cfg_scale: 7,
      steps: 20,
      sampler_name: 'DPM++ 2M SDE Karras',
      seed: 3,
      width: 512,
      height: 512,
      override_settings: { sd_model_checkpoint: 'sdxl' },
    });
    expect(inputsOf('KSampler')).toMatchObject({
      cfg: 7,
      steps: 20,
      sampler_name: 'dpmpp_2m_sde',
      scheduler: 'karras',
      seed: 3,
    });
    expect(graphs.at(-1)).toContain('fog');
    expect(info).toMatchObject({ sampler_name: 'DPM++ 2M SDE', cfg_scale: 7, sd_model_name: 'sdxl' });
    expect(info.infotexts[0]).toMatch(
      /^a castle\nNegative prompt: fog\nSteps: 20, Sampler: DPM\+\+ 2M SDE, Schedule type: Karras, CFG scale: 7, .*Seed: 3, Size: 512x512/,
    );
  });

  it('can be selected, also by writing all options back', async () => {
    const { body: options } = await get('options');
    await post('options', { ...options, sd_model_checkpoint: 'SDXL' });
    expect((await get('options')).body.sd_model_checkpoint).toBe('SDXL');
    expect((await painted('txt2img', { prompt: 'a key', width: 512, height: 512 })).info.sd_model_name).toBe(
      'sdxl',
    );
    await post('options', options);
    expect((await get('options')).body).toEqual(options);
  });

  it('are the files too where a family has several', async () => {
    const pony = 'art/ponyDiffusionV6XL.safetensors';
    const several = await FakeComfy.start({
      models: { 'CheckpointLoaderSimple.ckpt_name': ['sd_xl_base_1.0.safetensors', pony] },
      onExecuted: (_, graph) => graphs.push(graph),
    });
    const own = await startStudio({ environ: { COMFYUI_URL: several.url } });
    try {
      const send = (path: string, body?: unknown) => ask(own.url, body ? 'POST' : 'GET', path, body);
      const titles = async () => (await send('sd-models')).body.map(({ title }: { title: string }) => title);
      await vi.waitUntil(async () => (await titles()).includes(`${pony} [sdxl]`), {
        timeout: 20_000,
        interval: 50,
      });
      expect(await titles()).toContain('SDXL');
      let model = '';
      const paint = async (name?: string) => {
        const override_settings = name === undefined ? {} : { sd_model_checkpoint: name };
        const body = { prompt: 'a key', steps: 5, width: 512, height: 512, override_settings };
        const { status, body: answer } = await send('txt2img', body);
        expect(status).toBe(200);
        model = JSON.parse(answer.info).sd_model_name;
        return inputsOf('CheckpointLoaderSimple').ckpt_name;
      };
      expect(await paint(`${pony} [sdxl]`)).toBe(pony);
      expect(model).toBe(`sdxl:${pony}`);
      expect(await paint('SDXL')).toBe('sd_xl_base_1.0.safetensors');
      expect(model).toBe('sdxl');
      expect(await paint('ponydiffusionv6xl')).toBe(pony);
      await send('options', { sd_model_checkpoint: pony });
      expect((await send('options')).body.sd_model_checkpoint).toBe(`${pony} [sdxl]`);
      expect(await paint()).toBe(pony);
      // The API of OpenAI names a file in the same way, and refuses one that is not there.
      const order = { prompt: 'a key', model: 'sdxl:none.safetensors' };
      const { status, body } = await send('/v1/images/generations', order);
      expect([status, body.error?.param, body.error?.message]).toEqual([
        expect.any(Number),
        'model',
        expect.stringContaining('none.safetensors'),
      ]);
    } finally {
      await own.close();
      await several.close();
    }
  });

  it('that do not exist leave the choice as it is', async () => {
    const { said, info } = await painted('img2img', withPicture(koboldLite, base64));
    expect(info.sd_model_name).toBe('flux-schnell');
    expect(said).toContain('Anything-v3');
  });
});

describe('LoRAs', () => {
  it('are listed, and named by tags in the prompt', async () => {
    expect((await get('loras')).body).toEqual([
      { name: 'pixel-art', alias: 'pixel-art', path: 'pixel-art.safetensors', metadata: {} },
      { name: 'ink', alias: 'ink', path: 'styles/ink.safetensors', metadata: {} },
    ]);
    const { info, said } = await painted('txt2img', {
      prompt: 'a castle <lora:INK:0.8:0.5>, <lora:nowhere:1>',
      override_settings: { sd_model_checkpoint: 'flux-schnell' },
    });
    expect(inputsOf('LoraLoaderModelOnly')).toMatchObject({
      lora_name: 'styles/ink.safetensors',
      strength_model: 0.8,
    });
    expect(inputsOf('CLIPTextEncode')).toMatchObject({ text: 'a castle' });
    expect(info.infotexts[0]).toContain('<lora:ink:0.8>');
    expect(said).toContain('<lora:nowhere:1>');
  });
});

describe('lists', () => {
  it('have the samplers, schedules, upscalers and controls that the server offers', async () => {
    const names = async (path: string) => (await get(path)).body.map(({ name }: { name: string }) => name);
    expect(await names('samplers')).toEqual(expect.arrayContaining(['Euler', 'Euler a', 'DPM++ 2M']));
    expect(await names('schedulers')).toEqual(expect.arrayContaining(['automatic', 'karras', 'simple']));
    expect(await names('upscalers')).toEqual(
      expect.arrayContaining(['None', 'Lanczos', 'Nearest', 'RealESRGAN_x4plus.pth']),
    );
    expect((await get('scripts')).body).toEqual({ txt2img: ['controlnet'], img2img: ['controlnet'] });
    expect((await get('/controlnet/model_list')).body.model_list).toContain('limner_canny');
    expect((await get('/controlnet/module_list')).body.module_list).toEqual(
      expect.arrayContaining(['none', 'canny', 'openpose']),
    );
    expect((await get('/controlnet/control_types')).body.control_types.Canny).toMatchObject({
      default_option: 'canny',
      default_model: 'limner_canny',
    });
  });
});

describe('ControlNet', () => {
  it('takes a unit under "ControlNet", as sdwebuiapi sends it', async () => {
    const { info, images } = await painted('txt2img', withPicture(sdWebUiApi, base64));
    expect(images).toHaveLength(2);
    expect(info.all_seeds).toEqual([7, 8]);
    expect(inputsOf('ControlNetApplyAdvanced')).toMatchObject({
      strength: 0.7,
      start_percent: 0,
      end_percent: 0.8,
    });
  });

  it('uses the nearest kind, and the picture of img2img, and says so', async () => {
    const unit = { module: 'lineart_anime', model: 'limner_canny', weight: 1 };
    const { said } = await painted('img2img', {
      prompt: 'a castle',
      init_images: [base64],
      alwayson_scripts: { controlnet: { args: [unit, unit] } },
    });
    expect(said).toContain('lineart_anime');
    expect(said).toContain('first ControlNet unit');
    inputsOf('ControlNetApplyAdvanced');
  });
});

describe('inpainting', () => {
  /** A picture of 8 × 8 whose left half has the one colour and whose right half the other. */
  async function half(left: number[], right: number[]): Promise<string> {
    const row = Array.from({ length: 8 }, (_, x) => (x < 4 ? left : right)).flat();
    const pixels = Buffer.from(Array.from({ length: 8 }, () => row).flat());
    const raw = { width: 8, height: 8, channels: 4 as const };
    return (await sharp(pixels, { raw }).png().toBuffer()).toString('base64');
  }

  /** Brightness of the left and right half of the mask that the server got. */
  async function maskSent(mask: string, inverted: number): Promise<[number, number]> {
    await painted('img2img', {
      ...withPicture(photopea, base64),
      mask: `data:image/png;base64,${mask}`,
      inpainting_mask_invert: inverted,
    });
    const name = String(inputsOfAll('LoadImage')[1]?.image);
    const file = [...fake.files].find(([key]) => key.endsWith(name.split('/').at(-1) ?? '?'))?.[1].bytes;
    const { data, info } = await sharp(file ?? Buffer.alloc(0))
      .raw()
      .toBuffer({ resolveWithObject: true });
    return [data[0] ?? -1, data[(info.width - 1) * info.channels] ?? -1];
  }

  it('repaints what is white, or what is black if the mask is inverted', async () => {
    const mask = await half([255, 255, 255, 255], [0, 0, 0, 255]);
    expect(await maskSent(mask, 0)).toEqual([255, 0]);
    expect(await maskSent(mask, 1)).toEqual([0, 255]);
  });

  it('reads a mask in the alpha channel', async () => {
    const mask = await half([9, 9, 9, 255], [9, 9, 9, 0]);
    expect(await maskSent(mask, 0)).toEqual([255, 0]);
  });

  it('says that only the masked region cannot be enlarged', async () => {
    const { said } = await painted('img2img', { ...withPicture(photopea, base64) });
    expect(said).toContain('inpaint_full_res');
  });
});

describe('a second pass', () => {
  const twice = {
    ...sdWebUiApi.body,
    alwayson_scripts: {},
    prompt: 'a castle',
    width: 512,
    height: 640,
    n_iter: 1,
    enable_hr: true,
    hr_second_pass_steps: 10,
    denoising_strength: 0.5,
    override_settings: { sd_model_checkpoint: 'sdxl' },
  };
  const sizeOf = async (image: string) => {
    const { width, height } = await sharp(Buffer.from(image, 'base64')).metadata();
    return [width, height];
  };
  const newestTask = async () => (await studio.client.call('listTasks', { query: { limit: 1 } }))[0];

  it('is painted over the enlarged picture, as one task', async () => {
    const before = (await newestTask())?.id ?? 0;
    const { images, info, parameters } = await painted('txt2img', twice);
    const [first, second] = inputsOfAll('KSampler');
    expect(first).toMatchObject({ steps: 20, denoise: 1 });
    expect(second).toMatchObject({ steps: 10, seed: first?.seed, sampler_name: first?.sampler_name });
    expect(Math.floor(10 / Number(second?.denoise))).toBe(20);
    expect(inputsOf('LatentUpscaleBy')).toMatchObject({ upscale_method: 'bilinear', scale_by: 2 });
    expect(await sizeOf(images[0])).toEqual([1024, 1280]);
    expect(await newestTask()).toMatchObject({
      id: before + 1,
      task_kind: 'generation',
      status: 'completed',
    });
    const settings = 'Denoising strength: 0.5, Hires upscale: 2, Hires steps: 10, Hires upscaler: Latent';
    expect(info.infotexts[0]).toContain(settings);
    expect(info.infotexts[0]).toContain('Size: 512x640');
    expect(textOf(Buffer.from(images[0], 'base64'), INFOTEXT_KEYWORD)).toBe(info.infotexts[0]);
    expect(info).toMatchObject({
      denoising_strength: 0.5,
      extra_generation_params: { 'Hires upscale': 2, 'Hires steps': 10, 'Hires upscaler': 'Latent' },
    });
    expect(parameters).toMatchObject({ enable_hr: true, hr_scale: 2 });
  });

  it('of both sides is cut to them, and keeps its text', async () => {
    const asked = { ...twice, hr_resize_x: 1000, hr_resize_y: 1000, hr_upscaler: 'R-ESRGAN 4x+' };
    const { images, info } = await painted('txt2img', asked);
    expect(inputsOf('UpscaleModelLoader')).toMatchObject({ model_name: 'RealESRGAN_x4plus.pth' });
    expect(inputsOf('ImageScale')).toMatchObject({ width: 1000, height: 1248 });
    expect(await sizeOf(images[0])).toEqual([1000, 1000]);
    expect(textOf(Buffer.from(images[0], 'base64'), INFOTEXT_KEYWORD)).toBe(info.infotexts[0]);
    expect(info.infotexts[0]).toContain('Hires upscaler: RealESRGAN_x4plus');
  });

  it('has the few steps of a distilled model, and is refused where it is too large', async () => {
    const checkpoint = (name: string) => ({ override_settings: { sd_model_checkpoint: name } });
    await painted('txt2img', { ...twice, hr_second_pass_steps: 0, ...checkpoint('flux-schnell') });
    expect(inputsOfAll('KSampler').map(({ steps }) => steps)).toEqual([4, 4]);
    const large = await post('txt2img', { ...twice, width: 2048, hr_scale: 4 });
    expect([large.status, large.body.detail]).toEqual([422, expect.stringContaining('4096')]);
  });
});

describe('extras', () => {
  it('enlarge with a model of the server', async () => {
    const { body } = await post('extra-single-image', {
      image: base64,
      upscaling_resize: 2,
      upscaler_1: 'RealESRGAN_x4plus.pth',
    });
    expect(body.html_info).toContain('RealESRGAN_x4plus.pth');
    const { width, height } = await sharp(Buffer.from(body.image, 'base64')).metadata();
    expect([width, height]).toEqual([16, 16]);
    expect(graphs.at(-1)).toContain('RealESRGAN_x4plus.pth');
  });

  it('say that an upscaler which is not offered was replaced', async () => {
    const asked = { image: base64, upscaling_resize: 2, upscaler_1: '<b>4x-UltraSharp</b>' };
    const { body } = await post('extra-single-image', asked);
    expect(body.html_info).toBe(
      '<p>Automatic; &lt;b&gt;4x-UltraSharp&lt;/b&gt; is not offered here, 16 × 16</p>',
    );
    const usual = await post('extra-single-image', { ...asked, upscaler_1: 'automatic' });
    expect(usual.body.html_info).toBe('<p>Automatic, 16 × 16</p>');
  });

  it('show what a ControlNet receives', async () => {
    const answer = await post('/controlnet/detect', {
      controlnet_module: 'canny',
      controlnet_input_images: [base64, tinyPng.toString('base64')],
      controlnet_processor_res: 512,
      controlnet_threshold_a: 64,
      controlnet_threshold_b: 64,
    });
    expect(answer).toMatchObject({ status: 200, body: { images: [expect.any(String), expect.any(String)] } });
  });

  it('cut out as Rembg does', async () => {
    const answer = await post('/rembg', { input_image: base64, model: 'u2net', return_mask: false });
    expect(answer).toMatchObject({ status: 200, body: { image: expect.any(String) } });
    const mask = (await post('/rembg', { input_image: base64, model: 'u2net', return_mask: true })).body
      .image;
    expect((await sharp(Buffer.from(mask, 'base64')).metadata()).channels).toBe(1);
  });
});
