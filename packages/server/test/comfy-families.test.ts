/** Every family of the product, through the engine, on two servers: an old ComfyUI, and a 0.33 with the newer models. */
import { ControlNet, type FrameRecipe, type TaskKind } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { comfyFamilies } from '../src/engines/comfy/families/index.ts';
import newer from '../src/engines/comfy/fixtures/object-info-0.33.json' with { type: 'json' };
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, picture, until } from './fake-comfy/fake-frames.ts';
import type { FakeObjectInfo } from './fake-comfy/fake-object-info.ts';

const families = comfyFamilies({
  unet: 'flux1-schnell-Q5_K_S.gguf',
  clipL: 'clip_l.safetensors',
  t5xxl: 't5xxl_fp16.safetensors',
  vae: 'ae.safetensors',
  controlnet: 'instantx-flux-union-controlnet.safetensors',
});

let fakes: FakeComfy[];
let engine: ComfyEngine;

beforeAll(async () => {
  fakes = [await FakeComfy.start(), await newServer()];
  engine = engineFor(fakes, { families });
  await until(() => engine.slots() === 4 && engine.missing('flux-schnell').length === 0);
});

afterAll(async () => {
  await engine.close();
  for (const fake of fakes) await fake.close();
});

async function newServer(): Promise<FakeComfy> {
  const fake = await FakeComfy.start();
  fake.objectInfo = newer as unknown as FakeObjectInfo;
  return fake;
}

async function paint(request: Partial<FrameRecipe>) {
  const desk = new Desk();
  desk.pictures.set('u1', await picture('#884422', 128));
  desk.pictures.set('u2', await picture('#224488', 128));
  const outputs = await engine.run(frame({ params: {}, width: 128, height: 128, ...request }), desk);
  return sharp(await bytesOf(outputs[0])).metadata();
}

it('offers all of them', () => {
  const offered = engine.families().filter(({ id }) => engine.missing(id).length === 0);
  expect(offered.map(({ id }) => id)).toEqual(families.map(({ spec }) => spec.id));
});

const control = ControlNet.parse({ type: 'canny', image: 'u2', strength: 0.7 });
const cases: [string, Partial<FrameRecipe> & { kind: TaskKind }][] = [
  ['flux-schnell', { kind: 'generation', type: 'txt2img' }],
  ['flux-schnell', { kind: 'generation', type: 'img2img', input_image: 'u1', params: { denoise: 0.6 } }],
  ['flux-schnell', { kind: 'generation', type: 'inpaint', input_image: 'u1', mask_image: 'u2' }],
  ['flux-schnell', { kind: 'generation', type: 'txt2img', controlnet: control }],
  ['flux-kontext', { kind: 'edit', type: null, references: ['u1'] }],
  ['flux-kontext', { kind: 'edit', type: null, references: ['u1', 'u2'] }],
  ['sdxl', { kind: 'generation', type: 'txt2img' }],
  ['sd15', { kind: 'generation', type: 'txt2img' }],
  ...['z-image', 'flux2-klein', 'flux2-dev', 'qwen-image', 'flux-dev', 'krea2', 'sd35'].map(
    (id): (typeof cases)[number] => [id, { kind: 'generation', type: 'txt2img' }],
  ),
  ['qwen-image-layered', { kind: 'generation', type: 'txt2img' }],
  ['qwen-image-layered', { kind: 'generation', type: 'img2img', input_image: 'u1', prompt: '' }],
  ['z-image', { kind: 'generation', type: 'txt2img', controlnet: control }],
  ['flux2-klein', { kind: 'generation', type: 'inpaint', input_image: 'u1', mask_image: 'u2' }],
  ['flux-fill', { kind: 'generation', type: 'inpaint', input_image: 'u1', mask_image: 'u2' }],
  ...['flux2-klein-edit', 'flux2-dev-edit', 'qwen-image-edit'].map((id): (typeof cases)[number] => [
    id,
    { kind: 'edit', type: null, references: ['u1', 'u2'] },
  ]),
];

it.each(cases)('%s paints %o', async (family, request) => {
  expect((await paint({ family, ...request })).format).toBe('png');
});

const worked: [string, TaskKind][] = families
  .filter(({ spec }) => ['remove_bg', 'control_preview', 'upscale'].includes(spec.kind))
  .map(({ spec }) => [spec.id, spec.kind]);

it.each(worked)('%s works on a picture', async (family, kind) => {
  const request = { family, kind, type: null, width: null, height: null, input_image: 'u1' };
  const controlnet = kind === 'control_preview' ? { ...control, image: 'u1' } : null;
  expect((await paint({ ...request, controlnet })).format).toBe('png');
});
