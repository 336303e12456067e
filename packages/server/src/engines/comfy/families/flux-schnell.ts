/** FLUX.1 schnell: text to image, image to image, inpainting; each with any LoRAs and a union ControlNet. */
import { type Family, type FrameRecipe, promptOf } from '@limner/contract';
import { GraphBuilder } from '../graph.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInputs } from './family.ts';
import { missingMode, withControl } from './flux-control.ts';
import { fluxSampling, loadFlux } from './flux-loaders.ts';
import { COMFY_MAX_SEED, graphSeed } from './graph-seed.ts';
import { lorasOf, withLoras } from './loras.ts';
import {
  denoiseParam,
  modelParam,
  NO_CFG,
  NO_GUIDANCE,
  NO_NEGATIVE,
  noEffect,
  rangeParam,
  samplerParam,
  schedulerParam,
  stepsParam,
  strengthParam,
} from './params.ts';
import { lackedBy, sampleRequest } from './sample-request.ts';
import { makeCanvas, paintedWith, sampleAndSave, samplingChoices } from './sampling.ts';

const SIZE = { default: 1024, min: 256, max: 2048, step: 16 };
const STEPS = 4;
/** A seamless inpainting needs a few more steps. */
const INPAINT_STEPS = 6;
const SCHNELL_LISTS = ['unet_gguf', 'diffusion_models', 'checkpoints'] as const;
const STRENGTH = { img2img: 0.6, inpaint: 0.8 };

const spec = (files: FluxFiles): Family => ({
  id: 'flux-schnell',
  kind: 'generation',
  label: { en: 'FLUX.1 schnell', zh: 'FLUX.1 schnell' },
  description: {
    en: 'Fast, free for commercial use: a picture in four steps. With ControlNet, LoRAs and inpainting. The union ControlNets were trained for FLUX.1 dev and are non-commercial; start at a strength of 0.7.',
    zh: '速度快、可商用：四步出图。支持 ControlNet、LoRA 和局部重绘。联合 ControlNet 为 FLUX.1 dev 训练，仅限非商业用途；建议强度从 0.7 开始。',
  },
  experimental: false,
  types: ['txt2img', 'img2img', 'inpaint'],
  controls: ['canny', 'depth', 'tile', 'blur', 'pose'],
  control_preview: 'control-preview',
  size: SIZE,
  references: 0,
  loras: true,
  max_seed: COMFY_MAX_SEED,
  params: [
    modelParam(files.unet),
    stepsParam(STEPS, 20),
    samplerParam('euler'),
    schedulerParam('simple'),
    denoiseParam(STRENGTH.img2img),
    strengthParam(0.7),
    rangeParam,
    noEffect('cfg', 1, NO_CFG),
    noEffect('guidance', 3.5, NO_GUIDANCE),
    noEffect('negative_prompt', null, NO_NEGATIVE),
  ],
  licence: 'Apache-2.0',
});

export function fluxSchnell(files: FluxFiles): ComfyFamily {
  const buildHere: ComfyFamily['build'] = (...asked) => build(...asked, files);
  return {
    spec: spec(files),
    alpha: 'flatten',
    missing(info, request) {
      const asked = request ?? sampleRequest('generation', 'flux-schnell', 'txt2img');
      const mode = asked.controlnet ? missingMode(asked.controlnet.type, files, info) : [];
      return [...lackedBy(buildHere, asked, info), ...mode];
    },
    build: buildHere,
    choices: (info) => ({
      model: SCHNELL_LISTS.flatMap((list) => modelsOf(info, list)).filter((name) => /schnell/i.test(name)),
      ...samplingChoices(info),
    }),
  };
}

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo, files: FluxFiles): BuiltGraph {
  const b = new GraphBuilder();
  const { params } = request;
  const unet = params.model ?? files.unet;
  const loras = lorasOf(request);
  const loaded = loadFlux(b, files, unet, info);
  const model = withLoras(b, loaded.model, loras, info);
  const positive = b.add('CLIPTextEncode', 'prompt', { text: promptOf(request), clip: loaded.clip }).out();
  const negative = b.add('ConditioningZeroOut', 'empty negative', { conditioning: positive }).out();
  const steps = params.steps ?? (request.type === 'inpaint' ? INPAINT_STEPS : STEPS);
  const canvas = makeCanvas(b, request, inputs, loaded.vae, {
    limits: SIZE,
    emptyLatent: 'EmptySD3LatentImage',
    steps,
    strength: STRENGTH,
  });
  const control = request.controlnet;
  const conditioning = control
    ? withControl(
        b,
        { positive, negative },
        { control, inputs, size: canvas.size, vae: loaded.vae, files, info },
      )
    : { positive, negative };
  const { sampler, output } = sampleAndSave(b, canvas, {
    model,
    ...conditioning,
    vae: loaded.vae,
    seed: graphSeed(request.seed),
    ...fluxSampling(params),
    prefix: 'limner/game_asset',
  });
  return {
    graph: b.graph,
    outputNodes: [output],
    weights: { [sampler]: 10 * canvas.schedule.steps },
    modelKey: unet,
    summary: {
      en: `Painted by FLUX.1 schnell in ${canvas.schedule.steps} steps.`,
      zh: `由 FLUX.1 schnell 以 ${canvas.schedule.steps} 步绘制。`,
    },
    details: {
      ...paintedWith(unet, canvas, loras),
      ...(control
        ? { controlnet: { model: files.controlnet, type: control.type, strength: control.strength } }
        : {}),
    },
  };
}
