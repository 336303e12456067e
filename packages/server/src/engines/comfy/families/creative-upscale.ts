/**
 * Enlarges a picture and paints it again: a picture model adds detail that no enlarging network can, more of it the greater
 * the strength. A tile ControlNet, where the model has one, holds it to what is there.
 *
 * A large picture is painted tile by tile. Each tile is cut from the picture as painted so far, so it continues the
 * tiles before it, and is laid over them with soft edges.
 */
import {
  CREATIVITY,
  type Family,
  type FrameRecipe,
  isPermissive,
  type ParamChoice,
  promptOf,
  type Size,
} from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { DEFAULT_FACTOR } from '../../upscale-limit.ts';
import { GraphBuilder, type Link } from '../graph.ts';
import { tooOldFor } from '../preflight.ts';
import type { ServerInfo } from '../server-info.ts';
import { begun } from './begun.ts';
import { withGuidance, wordPrompts } from './conditioning.ts';
import { type Base, type Bases, basesOf } from './creative-bases.ts';
import type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInputs } from './family.ts';
import { COMFY_MAX_SEED } from './graph-seed.ts';
import { loadPicture, pictureOf } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';
import { samplerWeights } from './sampling.ts';
import { scheduleFor } from './strength.ts';
import { paintedTile, TILE_STRENGTH } from './tile-painting.ts';
import { tilesOf } from './tiles.ts';
import { enlargedBy, enlargedSize, savedWithAlpha, scaledExactly, usualUpscaler } from './upscale.ts';

const STRENGTH = { default: CREATIVITY.usual, min: CREATIVITY.min, max: CREATIVITY.max, step: 0.05 };
/** Painted where the request has no words. */
const WORDS = 'sharp, detailed, high quality';

const choiceOf = ({ model, licence }: Base): ParamChoice => ({
  value: model.id,
  label: { en: model.label, zh: model.label },
  ...(isPermissive(licence) ? {} : { licence }),
});

const specWith = ([usual, ...others]: Bases): Family => ({
  id: 'creative-upscale',
  kind: 'upscale',
  label: { en: 'Upscale with new detail', zh: '放大并补充细节' },
  description: {
    en: 'Enlarges the picture, then a picture model paints it again, faithful at a low strength, creative at a high one. Large pictures are painted tile by tile. Z-Image needs no ControlNet; SDXL, Stable Diffusion 1.5 and FLUX.1 use their tile ControlNet.',
    zh: '先放大图片，再由绘画模型重绘：强度低则忠实，强度高则更有创意。大图分块重绘。Z-Image 无需 ControlNet；SDXL、Stable Diffusion 1.5 和 FLUX.1 使用各自的分块（tile）ControlNet。',
  },
  ...PICTURE_IN,
  repaints: true,
  max_seed: COMFY_MAX_SEED,
  params: [
    { key: 'factor', type: 'integer', default: DEFAULT_FACTOR, min: 2, max: 4, step: 1, effect: true },
    {
      key: 'model',
      type: 'choice',
      default: usual.model.id,
      choices: [usual, ...others].map(choiceOf),
      effect: true,
    },
    { key: 'denoise', type: 'number', ...STRENGTH, effect: true },
  ],
  licence: usual.licence,
});

export function creativeUpscale(files: FluxFiles): ComfyFamily {
  const bases = basesOf(files);
  const spec = specWith(bases);
  const sample = { ...sampleRequest('upscale', spec.id), input_image: 'input' };
  const lackOf = (base: Base, request: FrameRecipe, info: ServerInfo) => [
    ...tooOldFor(base.model, info),
    ...lackedBy((asked, inputs) => enlarged(base, asked, inputs, info), request, info),
  ];
  const isAble = (base: Base, info: ServerInfo) => lackOf(base, sample, info).length === 0;
  /** The requested one; otherwise the first that the server can run. */
  const baseFor = ({ params }: FrameRecipe, info: ServerInfo): Base =>
    bases.find(({ model }) => model.id === params.model) ??
    bases.find((base) => isAble(base, info)) ??
    bases[0];
  const build: ComfyFamily['build'] = (request, inputs, info) =>
    enlarged(baseFor(request, info), request, inputs, info);
  return {
    spec,
    specOn(servers) {
      const [first, ...others] = bases.filter((base) => servers.some((info) => isAble(base, info)));
      return first ? specWith([first, ...others]) : spec;
    },
    alpha: 'keep',
    missing: (info, request = sample) => lackOf(baseFor(request, info), request, info),
    plainGraph: (info) => sampleGraph(build, sample, info),
    build,
  };
}

function enlarged(base: Base, request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const { factor = DEFAULT_FACTOR, denoise = STRENGTH.default } = request.params;
  const { model, tile } = base;
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const exact = enlargedSize(picture, factor);
  const size = latentSize(exact, model.size.step);
  const upscaler = usualUpscaler(info);
  const large = upscaler ? enlargedBy(b, upscaler, picture.image).out() : picture.image;
  const start = scaledExactly(b, large, size, 'working size');
  const { p, own, loras } = begun(model, {
    ...{ b, request: { ...request, params: {} }, inputs, info, references: [], styles: [] },
    prompt: promptOf(request) || WORDS,
  });
  const links = { model: own, ...withGuidance(p, wordPrompts(p)) };
  const control = tile?.load(b, info) ?? null;
  const tiles = tilesOf(size, base.sidePx);
  const count = tiles.length;
  const schedule = scheduleFor(p.numbers.steps, denoise);
  const painted = tiles.reduce<Link>(
    (image, tile, index) =>
      paintedTile(p, links, control, { image, tile, index, isAlone: count === 1 }, schedule),
    start,
  );
  const image = isSame(size, exact) ? painted : scaledExactly(b, painted, exact, 'exact size');
  return {
    graph: b.graph,
    outputNodes: [savedWithAlpha(b, image, picture)],
    weights: samplerWeights(b.graph, schedule.steps),
    modelKey: p.file,
    summary: {
      en: `Enlarged ${factor} times and painted again by ${model.label} at strength ${denoise}${count > 1 ? `, in ${count} tiles` : ''}.`,
      zh: `放大 ${factor} 倍，并由 ${model.label} 以强度 ${denoise} 重绘${count > 1 ? `，分 ${count} 块` : ''}。`,
    },
    details: {
      ...{ model: p.file, factor, strength: schedule.effective, tiles: count },
      ...(upscaler ? { upscale_model: upscaler } : {}),
      ...(tile ? { controlnet: { model: tile.file(info), type: 'tile', strength: TILE_STRENGTH } } : {}),
      ...(loras.length > 0 ? { loras } : {}),
    },
  };
}

/** Sides that the latent can have, at most a step larger. */
const latentSize = ({ width, height }: Size, step: number): Size => ({
  width: step * Math.ceil(width / step),
  height: step * Math.ceil(height / step),
});
const isSame = (a: Size, b: Size): boolean => a.width === b.width && a.height === b.height;
