/** The API of A1111 as its clients know it: bodies as they send them, answers as they read them. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { INFOTEXT_KEYWORD } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../src/images/png-text.ts';
import { ScriptedEngine, tinyPng, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64, type Painted } from './a1111-asking.ts';
import { koboldLite, openWebUi, type RecordedBody, sillyTavern, withPicture } from './a1111-clients.ts';

let studio: TestStudio;
let engine: ScriptedEngine;

async function start(script?: ConstructorParameters<typeof ScriptedEngine>[0], environ = {}) {
  await studio?.close();
  engine = new ScriptedEngine(script);
  studio = await startStudio({ engines: [engine], environ });
}
beforeEach(() => start());
afterEach(() => studio.close());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(studio.url, 'POST', path, body, headers);
const get = (path: string) => ask(studio.url, 'GET', path);

const sent = async (recorded: RecordedBody) => {
  const answer = await post(recorded.route, withPicture(recorded, base64), recorded.headers);
  expect(answer.status).toBe(200);
  return answer.body as Painted;
};
const infoOf = ({ info }: Painted) => JSON.parse(info);

describe('txt2img', () => {
  it('serves a body with foreign fields and an empty authorization, and repeats none of them', async () => {
    const painted = await sent(sillyTavern);
    expect(painted.images).toHaveLength(1);
    expect(painted.parameters).toMatchObject({
      prompt: 'a red dragon, best quality',
      steps: 20,
      cfg_scale: 7,
    });
    expect(JSON.stringify(painted)).not.toContain('secret');
    expect(engine.runs[0]?.request).toMatchObject({
      prompt: 'a red dragon, best quality',
      negative_prompt: 'lowres',
      seed: 5,
      width: 512,
      height: 768,
    });
  });

  it('makes batch_size times n_iter pictures with seeds that follow each other', async () => {
    const painted = (await post('txt2img', { prompt: 'a key', seed: 40, batch_size: 2, n_iter: 2 })).body;
    expect(painted.images).toHaveLength(4);
    expect(infoOf(painted)).toMatchObject({ seed: 40, all_seeds: [40, 41, 42, 43], index_of_first_image: 0 });
    const [first, second] = infoOf(
      (await post('txt2img', { prompt: 'a key', seed: -1, n_iter: 2 })).body,
    ).all_seeds;
    expect(second).toBe(first + 1);
    expect(await sent(openWebUi)).toMatchObject({ images: [expect.any(String), expect.any(String)] });
  });

  it('answers with pictures whose text is the info’s, and that png-info reads', async () => {
    const painted = (
      await post('txt2img', { prompt: 'a red dragon, 龙', negative_prompt: 'text', seed: 3, n_iter: 2 })
    ).body;
    const info = infoOf(painted);
    const texts = painted.images.map((image: string) =>
      textOf(Buffer.from(image, 'base64'), INFOTEXT_KEYWORD),
    );
    expect(info.infotexts).toEqual(texts);
    expect(info.infotexts[1]).toContain('Seed: 4');
    expect(
      (await post('png-info', { image: `data:image/png;base64,${painted.images[0]}` })).body,
    ).toMatchObject({
      info: texts[0],
      items: { parameters: texts[0] },
      parameters: {
        Prompt: 'a red dragon, 龙',
        'Negative prompt': 'text',
        Seed: '3',
        'Size-1': '512',
        'Size-2': '512',
      },
    });
    expect((await post('png-info', { image: base64 })).body).toEqual({ info: '', items: {}, parameters: {} });
  });

  it('has every field of info that clients read', async () => {
    const info = infoOf(await sent(sillyTavern));
    expect(Object.keys(info)).toEqual([
      'prompt',
      'all_prompts',
      'negative_prompt',
      'all_negative_prompts',
      'seed',
      'all_seeds',
      'subseed',
      'all_subseeds',
      'subseed_strength',
      'width',
      'height',
      'sampler_name',
      'cfg_scale',
      'steps',
      'batch_size',
      'restore_faces',
      'face_restoration_model',
      'sd_model_name',
      'sd_model_hash',
      'sd_vae_name',
      'sd_vae_hash',
      'seed_resize_from_w',
      'seed_resize_from_h',
      'denoising_strength',
      'extra_generation_params',
      'index_of_first_image',
      'infotexts',
      'styles',
      'job_timestamp',
      'clip_skip',
      'is_using_inpainting_conditioning',
      'version',
    ]);
    expect(info).toMatchObject({ sd_model_name: 'scripted', sd_model_hash: '', clip_skip: 1 });
    expect(info.job_timestamp).toMatch(/^\d{14}$/);
  });

  it('says of each picture what was drawn for it', async () => {
    const prompt = 'a {red|blue|green} key';
    const painted = (await post('txt2img', { prompt, negative_prompt: '{a|b}', seed: 4, batch_size: 4 }))
      .body;
    const info = infoOf(painted);
    expect(info.all_prompts).toEqual(engine.runs.map(({ request }) => request.prompt));
    expect(info.all_prompts[0]).toMatch(/^a (red|blue|green) key$/);
    expect(info.prompt).toBe(info.all_prompts[0]);
    expect(info.all_negative_prompts[0]).toMatch(/^[ab]$/);
    expect(info.infotexts[0]).toContain(`Template: ${prompt}`);
    expect(painted.parameters.prompt).toBe(prompt);
  });

  it('paints from the tag of a LoRA alone', async () => {
    const painted = (await post('txt2img', { prompt: '<lora:ink:0.8>' })).body;
    expect(painted.images).toHaveLength(1);
    expect(engine.runs.map(({ request }) => request.prompt)).toEqual(['']);
  });

  it.each([{}, { prompt: '' }, { prompt: null }, { prompt: '', negative_prompt: null }])(
    'paints without a prompt: %j',
    async (body) => {
      const painted = (await post('txt2img', { ...body, seed: 5 })).body;
      expect(painted.images).toHaveLength(1);
      expect(infoOf(painted)).toMatchObject({ prompt: '', all_prompts: [''], seed: 5 });
      expect(infoOf(painted).infotexts).toEqual([expect.stringMatching(/Seed: 5, Size: /)]);
      const over = (await post('img2img', { ...body, init_images: [base64] })).body;
      expect(over.images).toHaveLength(1);
      expect(engine.runs.map(({ request }) => request.prompt)).toEqual(['', '']);
    },
  );

  it('sends no pictures where none are wanted', async () => {
    const painted = (await post('txt2img', { prompt: 'a key', send_images: false })).body;
    expect(painted.images).toEqual([]);
    expect(infoOf(painted).infotexts).toHaveLength(1);
  });

  it('says what has no effect', async () => {
    const painted = (
      await post('txt2img', {
        prompt: 'a key <lora:nowhere:0.8> <hypernet:old:1>',
        restore_faces: true,
        tiling: true,
        sampler_name: 'No such sampler',
        styles: ['No such style'],
        override_settings: { sd_model_checkpoint: 'no such model' },
      })
    ).body;
    expect(engine.runs[0]?.request).toMatchObject({ prompt: 'a key', loras: [], params: {} });
    const { Limner: said } = infoOf(painted).extra_generation_params;
    for (const name of [
      'nowhere',
      'hypernet',
      'restore_faces',
      'Tiling',
      'No such sampler',
      'No such style',
      'no such model',
    ])
      expect(said).toContain(name);
  });

  it('sends pictures as they were painted where they cannot be enlarged, and says why', async () => {
    const painted = (await post('txt2img', { prompt: 'a key', enable_hr: true, hr_upscaler: 'Latent' })).body;
    expect(Buffer.from(painted.images[0], 'base64').readUInt32BE(16)).toBe(8);
    expect(infoOf(painted).extra_generation_params.Limner).toContain('could not be enlarged');
    const resized = (await post('txt2img', { prompt: 'a key', enable_hr: true, hr_upscaler: 'None' })).body;
    expect(Buffer.from(resized.images[0], 'base64').readUInt32BE(16)).toBe(16);
  });

  it('names the base style in the language of the client, and takes it by either name', async () => {
    const namesIn = async (language: string) => {
      const asked = { headers: { 'accept-language': language } };
      const rows = await (await fetch(`${studio.url}/sdapi/v1/prompt-styles`, asked)).json();
      return (rows as { name: string }[]).map(({ name }) => name);
    };
    expect([await namesIn('en'), await namesIn('zh')]).toEqual([['Base style'], ['基础风格']]);
    for (const styles of [['Base style'], ['基础风格']]) await post('txt2img', { prompt: 'a key', styles });
    expect(engine.runs.map(({ request }) => request.style?.name)).toEqual(['基础风格', '基础风格']);
  });

  it('uses a style of Limner', async () => {
    await studio.client.call('createStyle', {
      body: { name: 'Ink', type: 'ui', trigger_words: 'ink drawing' },
    });
    expect((await get('prompt-styles')).body).toContainEqual({
      name: 'Ink',
      prompt: 'ink drawing',
      negative_prompt: '',
    });
    await post('txt2img', { prompt: 'a key', styles: ['Ink'] });
    expect(engine.runs[0]?.request.style).toMatchObject({ name: 'Ink', trigger_words: 'ink drawing' });
  });
});

describe('img2img', () => {
  it('paints over a data URL and over plain base64', async () => {
    const painted = await sent(koboldLite);
    expect(painted.parameters).toMatchObject({ init_images: null, prompt: 'a shield' });
    expect(engine.runs[0]?.request).toMatchObject({
      type: 'img2img',
      input_image: expect.stringMatching(/^u/),
    });
    expect((await post('img2img', { prompt: 'x', init_images: [base64] })).status).toBe(200);
  });

  it('needs a picture', async () => {
    for (const body of [
      { prompt: 'x' },
      { prompt: 'x', init_images: [] },
      { prompt: 'x', init_images: null },
    ])
      expect(await post('img2img', body)).toEqual({
        status: 404,
        body: {
          error: 'image_not_found',
          detail: 'Init image not found',
          body: '',
          errors: 'Init image not found',
        },
      });
    const broken = await post('img2img', { prompt: 'x', init_images: ['AAAA'] });
    expect(broken).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'init_images', 0] }] } });
  });
});

describe('a task that fails', () => {
  it('is a status 500 whose detail and errors have the reason', async () => {
    await start(() => {
      throw new Error('the model broke');
    });
    const { status, body } = await post('txt2img', { prompt: 'x' });
    expect(status).toBe(500);
    expect(body).toEqual({
      error: expect.any(String),
      detail: expect.any(String),
      body: '',
      errors: body.detail,
    });
    expect(body.detail).not.toBe('');
  });

  it('answers with the pictures that were finished, and says how many are missing', async () => {
    await start(({ seed }) => {
      if (seed === 1) throw new Error('the model broke');
      return tinyPng;
    });
    const painted = (await post('txt2img', { prompt: 'x', seed: 0, n_iter: 3 })).body;
    expect(painted.images).toHaveLength(2);
    expect(infoOf(painted).all_seeds).toEqual([0, 2]);
    expect(infoOf(painted).extra_generation_params.Limner).toContain('1 of 3 pictures failed: ');
  });
});

it('a wildcard that is not there is a fault of the prompt', async () => {
  expect(await post('txt2img', { prompt: 'a __nothing_of_that_name__' })).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body', 'prompt'], msg: expect.stringContaining('nothing_of_that_name') }] },
  });
});

describe('progress and interrupt', () => {
  it('show what is painted, and end it with the finished pictures', async () => {
    await start(({ seed }, { signal, preview, progress }) => {
      if (seed === 0) return tinyPng;
      progress(0.5);
      preview(tinyPng, 'image/png');
      return untilAborted(signal);
    });
    const idle = (await get('progress')).body;
    expect(idle).toMatchObject({ progress: 0, current_image: null, state: { job_count: 0 } });
    const waiting = post('txt2img', { prompt: 'x', seed: 0, n_iter: 3 });
    await expect
      .poll(async () => (await get('progress')).body)
      .toMatchObject({
        progress: expect.closeTo(0.5, 5),
        current_image: base64,
        state: { job_count: 3, job_no: 1, job: 'txt2img' },
      });
    expect((await get('progress?skip_current_image=true')).body.current_image).toBeNull();
    const internal = (path: string, body?: unknown) =>
      ask(studio.url, body ? 'POST' : 'GET', `/internal/${path}`, body);
    expect((await internal('progress', { id_task: 'task(x)', id_live_preview: -1 })).body).toMatchObject({
      active: true,
      queued: false,
      completed: false,
      live_preview: `data:image/png;base64,${base64}`,
    });
    expect((await internal('pending-tasks')).body).toMatchObject({ size: 1 });
    expect((await post('interrupt')).status).toBe(200);
    const painted = await waiting;
    expect([painted.status, painted.body.images.length]).toEqual([200, 1]);
    await expect.poll(async () => (await get('progress')).body.state.job_count).toBe(0);
    expect((await internal('progress', {})).body).toMatchObject({
      active: false,
      completed: true,
      progress: null,
    });
    expect((await internal('pending-tasks')).body).toEqual({ size: 0, tasks: [] });
  });

  it('skip leaves out one picture, stop-generating begins no other', async () => {
    const release: (() => void)[] = [];
    await start(({ seed }, { signal }) => {
      if (seed === 0) return untilAborted(signal);
      return new Promise((resolve) => release.push(() => resolve(tinyPng)));
    });
    const waiting = post('txt2img', { prompt: 'x', seed: 0, n_iter: 3 });
    await expect.poll(() => engine.runs.length).toBe(1);
    await post('skip');
    await expect.poll(() => release.length).toBe(1);
    await post('stop-generating');
    release[0]?.();
    const painted = await waiting;
    expect(infoOf(painted.body).all_seeds).toEqual([1]);
    expect(engine.runs).toHaveLength(2);
  });

  it('leave tasks of other interfaces alone', async () => {
    await start((_, { signal }) => untilAborted(signal));
    const { id } = await studio.client.call('generate', { body: { prompt: 'x' } });
    await expect.poll(() => engine.runs.length).toBe(1);
    expect((await get('progress')).body).toMatchObject({ progress: 0, state: { job_count: 0 } });
    for (const route of ['interrupt', 'skip', 'stop-generating'])
      expect((await post(route)).status).toBe(200);
    expect((await studio.client.call('getTask', { params: { id } })).status).toBe('running');
    await studio.client.call('cancelTask', { params: { id } });
  });

  it('reach a task whose client has gone away', async () => {
    await start((_, { signal }) => untilAborted(signal));
    const gone = new AbortController();
    const waiting = fetch(`${studio.url}/sdapi/v1/txt2img`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'x' }),
      signal: gone.signal,
    }).catch(() => null);
    await expect.poll(() => engine.runs.length).toBe(1);
    gone.abort();
    await waiting;
    await post('interrupt');
    expect((await studio.ended(engine.runs[0]?.task ?? 0)).status).toBe('cancelled');
  });
});

describe('lists and options', () => {
  it('all answer at the start of a client', async () => {
    const { body: models } = await get('sd-models');
    expect(models).toEqual([
      {
        title: 'Scripted',
        model_name: 'scripted',
        hash: null,
        sha256: null,
        filename: 'scripted',
        config: null,
      },
    ]);
    expect((await get('samplers')).body[0]).toMatchObject({
      name: 'Euler',
      aliases: expect.any(Array),
      options: {},
    });
    expect((await get('schedulers')).body[0]).toMatchObject({ name: 'automatic', label: 'Automatic' });
    expect((await get('upscalers')).body.map(({ name }: { name: string }) => name)).toEqual([
      'None',
      'Lanczos',
      'Nearest',
    ]);
    expect((await get('latent-upscale-modes')).body).toHaveLength(6);
    expect((await get('embeddings')).body).toEqual({ loaded: {}, skipped: {} });
    expect((await get('scripts')).body).toEqual({ txt2img: [], img2img: [] });
    expect((await get('memory')).body).toMatchObject({ ram: { total: expect.any(Number) }, cuda: {} });
    expect((await get('/controlnet/version')).body).toEqual({ version: 3 });
    expect((await get('/controlnet/model_list?update=false')).body).toEqual({ model_list: [] });
    for (const list of [
      'loras',
      'sd-vae',
      'sd-modules',
      'hypernetworks',
      'face-restorers',
      'realesrgan-models',
      'script-info',
      'extensions',
    ])
      expect([list, await get(list)]).toEqual([list, { status: 200, body: [] }]);
    for (const path of [
      'cmd-flags',
      '/internal/ping',
      '/controlnet/module_list?alias_names=false',
      '/controlnet/control_types',
      '/controlnet/settings',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    for (const path of [
      'refresh-checkpoints',
      'refresh-loras',
      'refresh-vae',
      'reload-checkpoint',
      'unload-checkpoint',
    ])
      expect([path, (await post(path)).status]).toEqual([path, 200]);
    for (const path of [
      '/sd_extra_networks/thumb?filename=a.png',
      '/tagger/v1/interrogators',
      '/sdapi/v1/nothing',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    for (const path of ['server-kill', 'server-restart']) expect((await post(path)).status).toBe(404);
  });

  it('take back the whole object, and ignore what they do not know', async () => {
    const { body } = await get('options');
    expect(body).toMatchObject({
      sd_model_checkpoint: 'Scripted',
      CLIP_stop_at_last_layers: 1,
      samples_format: 'png',
    });
    expect(body).not.toHaveProperty('forge_preset');
    for (const change of [body, { sd_model_checkpoint: 'no such model' }, { forge_preset: 'xl' }, {}])
      expect(await post('options', change)).toEqual({ status: 200, body: null });
    expect((await get('options')).body).toEqual(body);
  });

  it('describe no picture, since there is no model for it', async () => {
    const answer = await post('interrogate', { image: base64, model: 'clip' });
    expect(answer).toMatchObject({ status: 501, body: { detail: expect.stringContaining('describes') } });
    expect(answer.body).not.toHaveProperty('caption');
  });

  it('describe a picture by the model that is configured for captions', async () => {
    const received: string[] = [];
    const model = createServer(async (request, answer) => {
      received.push(request.url ?? '', JSON.parse(await text(request)).model);
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ choices: [{ message: { content: 'a brass key' } }] }));
    });
    await once(model.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = model.address() as AddressInfo;
      await start(undefined, { CAPTION_URL: `http://127.0.0.1:${port}/v1`, CAPTION_MODEL: 'eyes' });
      const answer = await post('interrogate', { image: base64, model: 'clip' });
      expect(answer).toEqual({ status: 200, body: { caption: 'a brass key' } });
      expect(received).toEqual(['/v1/chat/completions', 'eyes']);
      expect(await post('interrogate', { image: 'no picture' })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'image'] }] },
      });
      expect(await post('interrogate', {})).toMatchObject({ status: 422 });
    } finally {
      model.close();
    }
  });
});

describe('extras', () => {
  const sizeOf = async (image: string) => {
    const { default: sharp } = await import('sharp');
    const { width, height } = await sharp(Buffer.from(image, 'base64')).metadata();
    return [width, height];
  };

  it('resize without a model', async () => {
    const { body } = await post('extra-single-image', {
      image: base64,
      upscaling_resize: 1.5,
      upscaler_1: 'Lanczos',
    });
    expect(body.html_info).toContain('Lanczos');
    expect(await sizeOf(body.image)).toEqual([12, 12]);
    const sized = { image: base64, resize_mode: 1, upscaling_resize_w: 20, upscaling_resize_h: 10 };
    expect(await sizeOf((await post('extra-single-image', sized)).body.image)).toEqual([20, 10]);
    const whole = (await post('extra-single-image', { ...sized, upscaling_crop: false })).body.image;
    expect(await sizeOf(whole)).toEqual([20, 20]);
    const batch = await post('extra-batch-images', {
      imageList: [
        { data: base64, name: 'a.png' },
        { data: `data:image/png;base64,${base64}`, name: 'b.png' },
      ],
    });
    expect(batch.body.images).toHaveLength(2);
    expect(engine.runs).toEqual([]);
  });

  it('say why a model cannot enlarge where there is none', async () => {
    const answer = await post('extra-single-image', { image: base64, upscaler_1: 'R-ESRGAN 4x+' });
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.any(String) } });
  });
});
