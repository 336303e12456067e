/** FLUX.1 Kontext dev: an instruction in words changes one or several reference pictures. */
import { type Family, type FrameRecipe, promptOf, type Size, StudioError } from '@limner/contract';
import { GraphBuilder, type Link } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInput, UploadedInputs } from './family.ts';
import { fluxSampling, loadFlux } from './flux-loaders.ts';
import { COMFY_MAX_SEED, graphSeed } from './graph-seed.ts';
import { nearestSize } from './kontext-size.ts';
import { lorasOf, withLoras } from './loras.ts';
import {
  modelParam,
  NO_CFG,
  NO_NEGATIVE,
  noEffect,
  samplerParam,
  schedulerParam,
  stepsParam,
} from './params.ts';
import { loadPicture } from './pictures.ts';
import { lackedBy, sampleRequest } from './sample-request.ts';
import { paintedWith, pictureOf, sampleAndSave, samplingChoices } from './sampling.ts';
import { scheduleFor } from './strength.ts';

const MODEL = 'flux1-dev-kontext_fp8_scaled.safetensors';
const STEPS = 20;
const GUIDANCE = 2.5;
const MOST_REFERENCES = 4;

const spec: Family = {
  id: 'flux-kontext',
  kind: 'edit',
  label: { en: 'FLUX.1 Kontext', zh: 'FLUX.1 Kontext' },
  description: {
    en: 'Changes reference pictures by instruction: "make the armour golden", "put both into one room". The result has one of seventeen sizes of about a megapixel, the nearest in shape. Non-commercial licence.',
    zh: '按文字指令修改参考图，例如“把盔甲改成金色”“让两个角色同处一室”。输出为约一百万像素的十七种尺寸中比例最接近的一种。仅限非商业用途。',
  },
  experimental: false,
  types: [],
  controls: [],
  size: { default: 1024, min: 672, max: 1568, step: 16 },
  references: MOST_REFERENCES,
  loras: true,
  max_seed: COMFY_MAX_SEED,
  params: [
    modelParam(null),
    stepsParam(STEPS, 60),
    { key: 'guidance', type: 'number', default: GUIDANCE, min: 0, max: 10, step: 0.1, effect: true },
    {
      key: 'reference_mode',
      type: 'choice',
      default: 'stitched',
      effect: true,
      choices: [
        { value: 'stitched', label: { en: 'Side by side in one picture', zh: '拼接为一张图' } },
        { value: 'chained', label: { en: 'Each on its own', zh: '逐张参考' } },
      ],
    },
    samplerParam('euler'),
    schedulerParam('simple'),
    noEffect('cfg', 1, NO_CFG),
    noEffect('negative_prompt', null, NO_NEGATIVE),
  ],
  licence: 'FLUX.1 [dev] Non-Commercial License',
};

export function fluxKontext(files: FluxFiles): ComfyFamily {
  const buildHere: ComfyFamily['build'] = (...asked) => build(...asked, files);
  const sample = { ...sampleRequest('edit', spec.id), references: ['reference'] };
  return {
    spec,
    alpha: 'flatten',
    missing: (info, request) => lackedBy(buildHere, request ?? sample, info),
    build: buildHere,
    choices: (info) => ({
      model: kontextModels(info),
      ...samplingChoices(info),
    }),
  };
}

const kontextModels = (info: ServerInfo): string[] =>
  [...modelsOf(info, 'diffusion_models'), ...modelsOf(info, 'unet_gguf')].filter((name) =>
    /kontext/i.test(name),
  );

/** No setting names this file, so any Kontext file of the server is used, the usual one first. */
const modelFor = (request: FrameRecipe, info: ServerInfo): string =>
  request.params.model ?? listedName(kontextModels(info), MODEL) ?? kontextModels(info)[0] ?? MODEL;

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo, files: FluxFiles): BuiltGraph {
  const b = new GraphBuilder();
  const { params } = request;
  const unet = modelFor(request, info);
  const references = referencesOf(request, inputs);
  const size = nearestSize(sizeAsked(request) ?? references[0] ?? { width: 1, height: 1 });
  const loaded = loadFlux(b, files, unet, info);
  const loras = lorasOf(request);
  const model = withLoras(b, loaded.model, loras, info);
  const prompt = b.add('CLIPTextEncode', 'instruction', { text: promptOf(request), clip: loaded.clip }).out();
  const negative = b.add('ConditioningZeroOut', 'empty negative', { conditioning: prompt }).out();
  const referred = withReferences(b, prompt, references, loaded.vae, params.reference_mode ?? 'stitched');
  const guidance = params.guidance ?? GUIDANCE;
  const positive = b.add('FluxGuidance', 'guidance', { conditioning: referred, guidance }).out();
  const steps = params.steps ?? STEPS;
  const latent = b.add('EmptySD3LatentImage', 'size', { ...size, batch_size: 1 }).out();
  const canvas = { latent, size, schedule: scheduleFor(steps, 1), repaint: null };
  const { sampler, output } = sampleAndSave(b, canvas, {
    model,
    positive,
    negative,
    vae: loaded.vae,
    seed: graphSeed(request.seed),
    ...fluxSampling(params),
    prefix: 'limner/edit',
  });
  return {
    graph: b.graph,
    outputNodes: [output],
    weights: { [sampler]: 10 * steps },
    modelKey: unet,
    summary: {
      en: `Changed by FLUX.1 Kontext in ${steps} steps, after ${references.length} reference ${references.length === 1 ? 'picture' : 'pictures'}.`,
      zh: `由 FLUX.1 Kontext 参考 ${references.length} 张图，以 ${steps} 步修改。`,
    },
    details: { ...paintedWith(unet, canvas, loras), guidance, ...size },
  };
}

function referencesOf(request: FrameRecipe, inputs: UploadedInputs): UploadedInput[] {
  const ids = [request.input_image, ...request.references].filter((id): id is string => id !== null);
  if (ids.length === 0) throw new StudioError('input_image_missing');
  const different = [...new Set(ids)];
  if (different.length > MOST_REFERENCES) throw tooMany();
  return different.map((id) => pictureOf(inputs, id));
}

const tooMany = (): StudioError =>
  new StudioError('unsupported', {
    field: 'references',
    data: {
      family: spec.label,
      reason: {
        en: `it takes at most ${MOST_REFERENCES} reference pictures.`,
        zh: `最多支持 ${MOST_REFERENCES} 张参考图。`,
      },
    },
  });

function withReferences(
  b: GraphBuilder,
  prompt: Link,
  references: UploadedInput[],
  vae: Link,
  mode: 'stitched' | 'chained',
): Link {
  const images = references.map((input, i) => loadPicture(b, input, `reference ${i + 1}`).image);
  const separate = mode === 'chained' ? images : [images.reduce((left, right) => stitched(b, left, right))];
  return separate.reduce((conditioning, image) => attached(b, conditioning, image, vae), prompt);
}

function stitched(b: GraphBuilder, image1: Link, image2: Link): Link {
  const fields = {
    image1,
    image2,
    direction: 'right',
    match_image_size: true,
    spacing_width: 0,
    spacing_color: 'white',
  };
  return b.add('ImageStitch', 'side by side', fields).out();
}

function attached(b: GraphBuilder, conditioning: Link, image: Link, vae: Link): Link {
  const pixels = b.add('FluxKontextImageScale', 'preferred size', { image }).out();
  const latent = b.add('VAEEncode', 'encode reference', { pixels, vae }).out();
  return b.add('ReferenceLatent', 'attach reference', { conditioning, latent }).out();
}

const sizeAsked = ({ width, height }: FrameRecipe): Size | undefined =>
  width && height ? { width, height } : undefined;
