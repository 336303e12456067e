/** Every family of the product, through the engine, on two servers: an old ComfyUI, and a 0.33 with the newer models. */
import { ControlNet, type FrameRecipe, RecipeVideo, type TaskKind } from '@limner/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { comfyFamilies } from '../src/engines/comfy/families/index.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, picture, until } from './fake-comfy/fake-frames.ts';
import { newerObjectInfo } from './fake-comfy/fake-object-info.ts';

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

const newServer = () => FakeComfy.start({ nodes: newerObjectInfo() });

async function painted(request: Partial<FrameRecipe>) {
  const desk = new Desk();
  desk.pictures.set('u1', await picture('#884422', 128));
  desk.pictures.set('u2', await picture('#224488', 128));
  return engine.run(frame({ params: {}, width: 128, height: 128, ...request }), desk);
}

async function paint(request: Partial<FrameRecipe>) {
  return sharp(await bytesOf((await painted(request))[0])).metadata();
}

it('offers all of them', () => {
  const offered = engine.families().filter(({ id }) => engine.missing(id).length === 0);
  expect(offered.map(({ id }) => id)).toEqual(families.map(({ spec }) => spec.id));
});

it('a server that is too old for a model is told apart by its version, whatever nodes and files it has', async () => {
  const fake = await FakeComfy.start({ nodes: newerObjectInfo(), faults: { version: '0.3.64' } });
  const old = engineFor([fake], { families });
  await until(() => old.missing('qwen-image').length === 0);
  expect(old.missing('z-image')).toMatchObject([{ what: 'node', name: 'ComfyUI 0.3.75' }]);
  await old.close();
  await fake.close();
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

const video = RecipeVideo.parse({ frames: 17, keep_frames: true });
const films: [string, Partial<FrameRecipe>][] = families.flatMap(({ spec }) =>
  (spec.video?.types ?? []).map((type): (typeof films)[number] => [
    spec.id,
    {
      input_image: type === 'text_to_video' ? null : 'u1',
      video: { ...video, end_image: type === 'first_last' ? 'u2' : null },
    },
  ]),
);

it.each(films)('%s films %o, with a poster and all frames', async (family, request) => {
  const outputs = await painted({ family, kind: 'video', type: null, width: 256, height: 256, ...request });
  const [film, poster, ...stills] = outputs.map(({ mediaType, role }) => [mediaType, role]);
  expect([film, poster]).toEqual([
    ['video/mp4', 'main'],
    ['image/png', 'poster'],
  ]);
  expect(stills).toEqual(Array(17).fill(['image/png', 'still']));
  for (const { body } of outputs) if (!Buffer.isBuffer(body)) body.destroy();
});

it('extends a picture to its new size, and sends the server canvas and mask of that size', async () => {
  const desk = new Desk();
  const original = await noise(128, 96);
  desk.pictures.set('u1', original);
  const request = { kind: 'generation', type: 'inpaint', input_image: 'u1' } as const;
  const outpaint = { left: 64, top: 0, right: 0, bottom: 32, feather: 16 };
  const [output] = await engine.run(
    frame({ ...request, family: 'flux-fill', params: {}, width: null, height: null, outpaint }),
    desk,
  );
  const made = await sharp(await bytesOf(output))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(made.info).toMatchObject({ width: 192, height: 128, channels: 3 });
  const kept = { left: 16, top: 0, width: 112, height: 80 };
  const before = await sharp(await original.read())
    .extract(kept)
    .removeAlpha()
    .raw()
    .toBuffer();
  const after = await sharp(await bytesOf(output))
    .extract({ ...kept, left: 80 })
    .raw()
    .toBuffer();
  expect(after.equals(before)).toBe(true);
});

async function noise(width: number, height: number) {
  const rgb = Buffer.from(Array.from({ length: 3 * width * height }, (_, i) => (i * i * 31 + i * 7) % 256));
  const bytes = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return { sha256: 'noise', mediaType: 'image/png', width, height, read: async () => bytes };
}

const worked: [string, TaskKind][] = families
  .filter(({ spec }) => ['remove_bg', 'control_preview', 'upscale'].includes(spec.kind))
  .map(({ spec }) => [spec.id, spec.kind]);

it.each(worked)('%s works on a picture', async (family, kind) => {
  const request = { family, kind, type: null, width: null, height: null, input_image: 'u1' };
  const controlnet = kind === 'control_preview' ? { ...control, image: 'u1' } : null;
  expect((await paint({ ...request, controlnet })).format).toBe('png');
});
