/** Stable Diffusion checkpoints, model, text encoder and VAE in one file: SDXL and its kin, and SD 1.5. */
import { type Family, type FrameRecipe, promptOf } from '@limner/contract';
import { GraphBuilder } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { COMFY_MAX_SEED, graphSeed } from './graph-seed.ts';
import { lorasOf, withLorasAndClip } from './loras.ts';
import {
  cfgParam,
  denoiseParam,
  modelParam,
  negativeParam,
  noEffect,
  samplerParam,
  schedulerParam,
  stepsParam,
} from './params.ts';
import type { SizeLimits } from './pictures.ts';
import { lackedBy, sampleRequest } from './sample-request.ts';
import { makeCanvas, paintedWith, sampleAndSave, samplingChoices } from './sampling.ts';

interface Generation {
  id: 'sdxl' | 'sd15';
  label: string;
  /** Used if the request names none and the server has it. */
  checkpoint: string;
  /** Otherwise the server's first checkpoint of this generation, by metadata or by name. */
  architecture: RegExp;
  looksLike(file: string): boolean;
  size: SizeLimits;
  steps: number;
  cfg: number;
  licence: string;
}

const OTHER_MODEL = /flux|sd3|stable-?diffusion-?3|qwen|chroma|aura|hunyuan|video/i;
const SDXL = /xl|pony|illustrious|noob/i;

const GENERATIONS: readonly Generation[] = [
  {
    id: 'sdxl',
    label: 'SDXL',
    checkpoint: 'sd_xl_base_1.0.safetensors',
    architecture: /^stable-diffusion-xl/i,
    looksLike: (file) => SDXL.test(file) && !OTHER_MODEL.test(file),
    size: { default: 1024, min: 512, max: 2048, step: 8 },
    steps: 25,
    cfg: 6,
    licence: 'CreativeML Open RAIL++-M',
  },
  {
    id: 'sd15',
    label: 'Stable Diffusion 1.5',
    checkpoint: 'v1-5-pruned-emaonly-fp16.safetensors',
    architecture: /^stable-diffusion-v1/i,
    looksLike: (file) =>
      /v1-?5|sd-?v?1[-_.]?5|1\.5/i.test(file) && !SDXL.test(file) && !OTHER_MODEL.test(file),
    size: { default: 512, min: 256, max: 1024, step: 8 },
    steps: 25,
    cfg: 7,
    licence: 'CreativeML Open RAIL-M',
  },
];
const SAMPLER = 'dpmpp_2m';
const SCHEDULER = 'karras';
const STRENGTH = { img2img: 0.6, inpaint: 0.8 };

export const checkpointFamilies = (): ComfyFamily[] => GENERATIONS.map(checkpointFamily);

function checkpointFamily(generation: Generation): ComfyFamily {
  const buildOwn: ComfyFamily['build'] = (...asked) => build(generation, ...asked);
  return {
    spec: specOf(generation),
    alpha: 'flatten',
    missing: (info, request) =>
      lackedBy(buildOwn, request ?? sampleRequest('generation', generation.id, 'txt2img'), info),
    build: buildOwn,
    choices: (info) => ({
      model: modelsOf(info, 'checkpoints'),
      ...samplingChoices(info),
    }),
  };
}

const specOf = ({ id, label, size, steps, cfg, licence }: Generation): Family => ({
  id,
  kind: 'generation',
  label: { en: label, zh: label },
  description: {
    en: `Any ${label} checkpoint of the server: choose it under "model". Negative prompts and cfg work here.`,
    zh: `使用服务器上的任意 ${label} 模型，在“模型”中选择。支持反向提示词和 cfg。`,
  },
  experimental: false,
  types: ['txt2img', 'img2img', 'inpaint'],
  controls: [],
  size,
  references: 0,
  loras: true,
  max_seed: COMFY_MAX_SEED,
  params: [
    modelParam(null),
    stepsParam(steps, 100),
    cfgParam(cfg),
    samplerParam(SAMPLER),
    schedulerParam(SCHEDULER),
    denoiseParam(STRENGTH.img2img),
    negativeParam,
    noEffect('guidance', null, {
      en: 'Only Flux dev and Kontext read this number; here it is cfg that counts.',
      zh: '只有 Flux dev 和 Kontext 使用该数值；这里起作用的是 cfg。',
    }),
  ],
  licence,
});

function checkpointFor(generation: Generation, request: FrameRecipe, info: ServerInfo): string {
  const listed = modelsOf(info, 'checkpoints');
  const wanted = request.params.model ?? generation.checkpoint;
  const found = listedName(listed, wanted);
  if (found || request.params.model) return found ?? wanted;
  return listed.find((file) => isOf(generation, file, info)) ?? wanted;
}

function isOf({ architecture, looksLike }: Generation, file: string, info: ServerInfo): boolean {
  const said = info.architectures?.get(file);
  return said === undefined ? looksLike(file) : architecture.test(said);
}

function build(
  generation: Generation,
  request: FrameRecipe,
  inputs: UploadedInputs,
  info: ServerInfo,
): BuiltGraph {
  const b = new GraphBuilder();
  const { params } = request;
  const checkpoint = checkpointFor(generation, request, info);
  const loras = lorasOf(request);
  const loader = b.add('CheckpointLoaderSimple', 'checkpoint', { ckpt_name: checkpoint });
  const vae = loader.out(2);
  const { model, clip } = withLorasAndClip(b, { model: loader.out(0), clip: loader.out(1) }, loras, info);
  const positive = b.add('CLIPTextEncode', 'prompt', { text: promptOf(request), clip }).out();
  const negative = b.add('CLIPTextEncode', 'negative prompt', { text: request.negative_prompt, clip }).out();
  const steps = params.steps ?? generation.steps;
  const canvas = makeCanvas(b, request, inputs, vae, {
    limits: generation.size,
    emptyLatent: 'EmptyLatentImage',
    steps,
    strength: STRENGTH,
  });
  const { sampler, output } = sampleAndSave(b, canvas, {
    model,
    positive,
    negative,
    vae,
    seed: graphSeed(request.seed),
    cfg: params.cfg ?? generation.cfg,
    sampler: params.sampler ?? SAMPLER,
    scheduler: params.scheduler ?? SCHEDULER,
    prefix: 'limner/game_asset',
  });
  return {
    graph: b.graph,
    outputNodes: [output],
    weights: { [sampler]: 10 * canvas.schedule.steps },
    modelKey: checkpoint,
    summary: {
      en: `Painted by the ${generation.label} checkpoint ${checkpoint} in ${canvas.schedule.steps} steps.`,
      zh: `由 ${generation.label} 模型 ${checkpoint} 以 ${canvas.schedule.steps} 步绘制。`,
    },
    details: paintedWith(checkpoint, canvas, loras),
  };
}
