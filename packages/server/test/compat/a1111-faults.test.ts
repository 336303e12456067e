/** Every field that can be wrong, as a client of A1111's API sees its refusal. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ScriptedEngine, untilAborted } from '../scripted-engine.ts';
import { startStudio, type TestStudio } from '../start-studio.ts';
import { ask, base64 } from './a1111-asking.ts';
import { OpenAiEngine } from './openai-engine.ts';

let studio: TestStudio;
const engine = new ScriptedEngine();

beforeAll(async () => {
  studio = await startStudio({ engines: [engine] });
});
afterAll(() => studio.close());

const post = (path: string, body: unknown) => ask(studio.url, 'POST', path, body);

describe('a wrong body', () => {
  const wrong: [route: string, body: Record<string, unknown>, at: (string | number)[]][] = [
    ['txt2img', { prompt: 5 }, ['prompt']],
    ['txt2img', { negative_prompt: 5 }, ['negative_prompt']],
    ['txt2img', { prompt: 'x'.repeat(8001) }, ['prompt']],
    ['txt2img', { styles: 'Ink' }, ['styles']],
    ['txt2img', { styles: [1] }, ['styles', 0]],
    ['txt2img', { seed: 'five' }, ['seed']],
    ['txt2img', { seed: 1.5 }, ['seed']],
    ['txt2img', { seed: 2 ** 40 }, ['seed']],
    ['txt2img', { sampler_name: 1 }, ['sampler_name']],
    ['txt2img', { sampler_index: {} }, ['sampler_index']],
    ['txt2img', { scheduler: 1 }, ['scheduler']],
    ['txt2img', { batch_size: 0 }, ['batch_size']],
    ['txt2img', { batch_size: 33 }, ['batch_size']],
    ['txt2img', { n_iter: -1 }, ['n_iter']],
    ['txt2img', { n_iter: 11, batch_size: 3 }, ['n_iter']],
    ['txt2img', { steps: 'many' }, ['steps']],
    ['txt2img', { steps: 0 }, ['steps']],
    ['txt2img', { steps: 151 }, ['steps']],
    ['txt2img', { cfg_scale: -1 }, ['cfg_scale']],
    ['txt2img', { cfg_scale: 'x' }, ['cfg_scale']],
    ['txt2img', { distilled_cfg_scale: [] }, ['distilled_cfg_scale']],
    ['txt2img', { width: 1 }, ['width']],
    ['txt2img', { height: 99999 }, ['height']],
    ['txt2img', { denoising_strength: 2 }, ['denoising_strength']],
    ['txt2img', { override_settings: [] }, ['override_settings']],
    ['txt2img', { alwayson_scripts: 'x' }, ['alwayson_scripts']],
    ['txt2img', { script_name: 'X/Y/Z plot' }, ['script_name']],
    ['txt2img', { script_args: {} }, ['script_args']],
    ['txt2img', { send_images: 'maybe' }, ['send_images']],
    ['txt2img', { enable_hr: 'x' }, ['enable_hr']],
    ['txt2img', { hr_scale: -1 }, ['hr_scale']],
    ['txt2img', { hr_upscaler: 1 }, ['hr_upscaler']],
    ['txt2img', { hr_resize_x: 'x' }, ['hr_resize_x']],
    ['txt2img', { hr_resize_x: 16_385 }, ['hr_resize_x']],
    ['txt2img', { hr_resize_y: 60_000 }, ['hr_resize_y']],
    ['txt2img', { enable_hr: true, hr_resize_x: 16_000, hr_resize_y: 16_000 }, ['hr_resize_x']],
    ['txt2img', { hr_second_pass_steps: -1 }, ['hr_second_pass_steps']],
    [
      'txt2img',
      { alwayson_scripts: { ControlNet: { args: [{ module: 'canny', weight: 9 }] } } },
      ['alwayson_scripts', 'ControlNet', 'args', 0, 'weight'],
    ],
    [
      'txt2img',
      { alwayson_scripts: { controlnet: { args: [{ module: 'shuffle', image: base64 }] } } },
      ['alwayson_scripts', 'controlnet', 'args', 0, 'module'],
    ],
    ['txt2img', { alwayson_scripts: { controlnet: 5 } }, ['alwayson_scripts', 'controlnet']],
    ['img2img', { init_images: base64 }, ['init_images']],
    ['img2img', { init_images: ['not base64!'] }, ['init_images', 0]],
    ['img2img', { init_images: [base64], mask: 5 }, ['mask']],
    ['img2img', { init_images: [base64], mask: '§' }, ['mask']],
    ['img2img', { init_images: [base64], resize_mode: 9 }, ['resize_mode']],
    ['img2img', { init_images: [base64], mask_blur: -1 }, ['mask_blur']],
    ['img2img', { init_images: [base64], inpainting_fill: 4 }, ['inpainting_fill']],
    ['img2img', { init_images: [base64], inpaint_full_res_padding: 'x' }, ['inpaint_full_res_padding']],
    ['img2img', { init_images: [base64], inpainting_mask_invert: 2 }, ['inpainting_mask_invert']],
    ['extra-single-image', {}, ['image']],
    ['extra-single-image', { image: 'no!' }, ['image']],
    ['extra-single-image', { image: base64, resize_mode: 2 }, ['resize_mode']],
    ['extra-single-image', { image: base64, upscaling_resize: 0 }, ['upscaling_resize']],
    ['extra-single-image', { image: base64, upscaling_resize_w: 99999 }, ['upscaling_resize_w']],
    ['extra-single-image', { image: base64, upscaling_resize_h: 'x' }, ['upscaling_resize_h']],
    ['extra-single-image', { image: base64, upscaling_crop: 'x' }, ['upscaling_crop']],
    ['extra-single-image', { image: base64, upscaler_1: 5 }, ['upscaler_1']],
    ['extra-batch-images', { imageList: [] }, ['imageList']],
    ['extra-batch-images', { imageList: [{ data: 'no!' }] }, ['imageList', 0, 'data']],
    ['png-info', {}, ['image']],
    ['png-info', { image: 'no!' }, ['image']],
    ['interrogate', { image: 5 }, ['image']],
    ['interrogate', { model: 5 }, ['model']],
    ['/controlnet/detect', { controlnet_module: 'canny' }, ['controlnet_input_images']],
    [
      '/controlnet/detect',
      { controlnet_module: 'x', controlnet_input_images: [base64] },
      ['controlnet_module'],
    ],
    ['/rembg', {}, ['input_image']],
    ['/rembg', { input_image: base64, return_mask: 'x' }, ['return_mask']],
    ['options', [] as never, []],
  ];

  it.each(wrong)('%s: %s is refused as FastAPI refuses', async (route, body, at) => {
    const { status, body: refused } = await post(route, body);
    expect([status, refused.detail?.[0]?.loc]).toEqual([422, ['body', ...at]]);
    expect(refused.detail[0]).toEqual({
      loc: expect.any(Array),
      msg: expect.any(String),
      type: expect.stringMatching(/^value_error/),
    });
    expect(engine.runs).toEqual([]);
  });

  it('that is no JSON is refused so too', async () => {
    const answer = await fetch(`${studio.url}/sdapi/v1/txt2img`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([answer.status, await answer.json()]).toEqual([
      422,
      { detail: [{ loc: ['body'], msg: expect.any(String), type: 'value_error.invalid_json' }] },
    ]);
  });

  it('may have numbers as text, and null for what is not set', async () => {
    const answer = await post('txt2img', { prompt: 'x', steps: '20', seed: '7', width: null, styles: null });
    expect(answer.status).toBe(200);
    expect(engine.runs[0]?.request.seed).toBe(7);
  });

  it('may have empty text or null where it has no picture', async () => {
    const answers = [
      await post('img2img', { init_images: [base64], mask: '' }),
      await post('img2img', { init_images: [base64], alwayson_scripts: { controlnet: null } }),
      await post('/internal/progress', { id_task: null, id_live_preview: null, live_preview: null }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

it('a cut-out that was cancelled is a conflict, and no fault of the server', async () => {
  const cutting = await startStudio({ engines: [new OpenAiEngine((_, { signal }) => untilAborted(signal))] });
  onTestFinished(() => cutting.close());
  const waiting = ask(cutting.url, 'POST', '/rembg', { input_image: base64 });
  const running = async () => (await cutting.client.call('health', {})).tasks.running;
  await expect.poll(running).toBe(1);
  await cutting.client.call('cancelQueue', {});
  expect(await waiting).toMatchObject({ status: 409, body: { error: 'task_cancelled' } });
});
