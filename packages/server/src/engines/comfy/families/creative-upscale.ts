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
  seedPlus,
} from '@limner/contract';
import { PICTURE_IN } from '../../picture-family.ts';
import { DEFAULT_FACTOR } from '../../upscale-limit.ts';
import { GraphBuilder, type Link } from '../graph.ts';
import { tooOldFor } from '../preflight.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { begun } from './begun.ts';
import { sd15, sdxl } from './checkpoint.ts';
import { withGuidance, wordPrompts } from './conditioning.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from './family.ts';
import { chosenFile, filesOf } from './files.ts';
import { COMFY_MAX_SEED } from './graph-seed.ts';
import { type FileRule, type Links, type Model, named, type Painting } from './model.ts';
import { loadPicture, pictureOf } from './pictures.ts';
import { lackedBy, sampleGraph, sampleRequest } from './sample-request.ts';
import { sampleOf, samplerWeights } from './sampling.ts';
import { type Schedule, scheduleFor } from './strength.ts';
import { type Tile, tilesOf } from './tiles.ts';
import { enlargedBy, enlargedSize, savedWithAlpha, scaledExactly, usualUpscaler } from './upscale.ts';
import { zImage } from './z-image.ts';

interface Base {
  model: Model;
  /** Its tile ControlNet; null: the strength alone keeps it near the picture. */
  tile: FileRule | null;
  /** Side of the tiles in pixels. */
  sidePx: number;
}

/** In the order of preference; the first has the freest licence. */
const BASES: readonly [Base, ...Base[]] = [
  { model: zImage, tile: null, sidePx: 1024 },
  {
    model: sdxl,
    tile: {
      usual: 'controlnet-tile-sdxl-1.0.safetensors',
      matches: named(/tile.*(sdxl|xl)|(sdxl|xl).*tile/i),
    },
    sidePx: 1024,
  },
  {
    model: sd15,
    tile: {
      usual: 'control_v11f1e_sd15_tile_fp16.safetensors',
      matches: named(/(sd15|sd1\.5|v11f1e).*tile|tile.*sd1\.?5/i),
    },
    sidePx: 768,
  },
];
const STRENGTH = { default: CREATIVITY.usual, min: CREATIVITY.min, max: CREATIVITY.max, step: 0.05 };
const TILE_CONTROL = 0.7;
/** Painted where the request has no words. */
const WORDS = 'sharp, detailed, high quality';

const choiceOf = ({ model }: Base): ParamChoice => ({
  value: model.id,
  label: { en: model.label, zh: model.label },
  ...(isPermissive(model.weights[0].licence) ? {} : { licence: model.weights[0].licence }),
});

const specWith = (bases: readonly Base[], usual: Base): Family => ({
  id: 'creative-upscale',
  kind: 'upscale',
  label: { en: 'Upscale with new detail', zh: '放大并补充细节' },
  description: {
    en: 'Enlarges the picture, then a picture model paints it again, faithful at a low strength, creative at a high one. Large pictures are painted tile by tile. Z-Image needs no ControlNet; SDXL and Stable Diffusion 1.5 use their tile ControlNet.',
    zh: '先放大图片，再由绘画模型重绘：强度低则忠实，强度高则更有创意。大图分块重绘。Z-Image 无需 ControlNet；SDXL 和 Stable Diffusion 1.5 使用各自的分块（tile）ControlNet。',
  },
  ...PICTURE_IN,
  repaints: true,
  max_seed: COMFY_MAX_SEED,
  params: [
    { key: 'factor', type: 'integer', default: DEFAULT_FACTOR, min: 2, max: 4, step: 1, effect: true },
    { key: 'model', type: 'choice', default: usual.model.id, choices: bases.map(choiceOf), effect: true },
    { key: 'denoise', type: 'number', ...STRENGTH, effect: true },
  ],
  licence: usual.model.weights[0].licence,
});

const spec = specWith(BASES, BASES[0]);
const sample = { ...sampleRequest('upscale', spec.id), input_image: 'input' };

export const creativeUpscale: ComfyFamily = {
  spec,
  specOn(servers) {
    const able = BASES.filter((base) => servers.some((info) => lackOf(base, info).length === 0));
    const [first] = able;
    return first ? specWith(able, first) : spec;
  },
  alpha: 'keep',
  missing: (info, request = sample) => [
    ...tooOldFor(baseFor(request, info).model, info),
    ...lackedBy(build, request, info),
  ],
  plainGraph: (info) => sampleGraph(build, sample, info),
  build,
};

const lackOf = ({ model }: Base, info: ServerInfo) =>
  creativeUpscale.missing(info, { ...sample, params: { model: model.id } });

/** The requested one; otherwise the first whose files the server has. */
function baseFor({ params }: FrameRecipe, info: ServerInfo): Base {
  const wanted = BASES.find(({ model }) => model.id === params.model);
  const hasFiles = ({ model, tile }: Base) =>
    tooOldFor(model, info).length === 0 &&
    filesOf(model, info).length > 0 &&
    (tile === null || modelsOf(info, 'controlnet').includes(tileFile(tile, info)));
  return wanted ?? BASES.find(hasFiles) ?? BASES[0];
}

const tileFile = (tile: FileRule, info: ServerInfo): string =>
  chosenFile(tile, modelsOf(info, 'controlnet'), info);

function build(request: FrameRecipe, inputs: UploadedInputs, info: ServerInfo): BuiltGraph {
  const b = new GraphBuilder();
  const { factor = DEFAULT_FACTOR, denoise = STRENGTH.default } = request.params;
  const base = baseFor(request, info);
  const picture = loadPicture(b, pictureOf(inputs, request.input_image), 'picture');
  const exact = enlargedSize(picture, factor);
  const size = latentSize(exact, base.model.size.step);
  const upscaler = usualUpscaler(info);
  const enlarged = upscaler ? enlargedBy(b, upscaler, picture.image).out() : picture.image;
  const start = scaledExactly(b, enlarged, size, 'working size');
  const { p, own, loras } = begun(base.model, {
    ...{ b, request: { ...request, params: {} }, inputs, info, references: [], styles: [] },
    prompt: promptOf(request) || WORDS,
  });
  const links = { model: own, ...withGuidance(p, wordPrompts(p)) };
  const control =
    base.tile && b.add('ControlNetLoader', 'tile control', { control_net_name: tileFile(base.tile, info) });
  const tiles = tilesOf(size, base.sidePx);
  const schedule = scheduleFor(p.numbers.steps, denoise);
  const painted = tiles.reduce<Link>(
    (image, tile, index) =>
      paintedTile(
        p,
        links,
        control?.out() ?? null,
        { image, tile, index, isAlone: tiles.length === 1 },
        schedule,
      ),
    start,
  );
  const image = isSame(size, exact) ? painted : scaledExactly(b, painted, exact, 'exact size');
  const count = tiles.length;
  return {
    graph: b.graph,
    outputNodes: [savedWithAlpha(b, image, picture)],
    weights: samplerWeights(b.graph, schedule.steps),
    modelKey: p.file,
    summary: {
      en: `Enlarged ${factor} times and painted again by ${base.model.label} at strength ${denoise}${count > 1 ? `, in ${count} tiles` : ''}.`,
      zh: `放大 ${factor} 倍，并由 ${base.model.label} 以强度 ${denoise} 重绘${count > 1 ? `，分 ${count} 块` : ''}。`,
    },
    details: {
      ...{ model: p.file, factor, strength: schedule.effective, tiles: count },
      ...(upscaler ? { upscale_model: upscaler } : {}),
      ...(base.tile
        ? { controlnet: { model: tileFile(base.tile, info), type: 'tile', strength: TILE_CONTROL } }
        : {}),
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

function paintedTile(
  p: Painting,
  links: Links,
  control: Link | null,
  { image, tile, index, isAlone }: { image: Link; tile: Tile; index: number; isAlone: boolean },
  schedule: Schedule,
): Link {
  const { b, vae, model } = p;
  const { x, y, width, height } = tile;
  const pixels = isAlone
    ? image
    : b.add('ImageCrop', `tile ${index + 1}`, { image, x, y, width, height }).out();
  const held = control ? heldTo(p, links, control, pixels) : links;
  const latent = b.add('VAEEncode', 'encode', { pixels, vae }).out();
  // Equal noise in every tile would show as a pattern.
  const request = { ...p.request, seed: seedPlus(p.request.seed, index, COMFY_MAX_SEED) };
  const canvas = { latent, size: { width, height }, schedule, isMasked: false };
  const sampler = sampleOf(model)({ ...p, request }, held, canvas);
  const source = b.add('VAEDecode', 'decode', { samples: sampler.out(), vae }).out();
  return isAlone ? source : laidOver(p, image, source, tile);
}

function heldTo({ b, vae }: Painting, links: Links, control_net: Link, image: Link): Links {
  const { positive, negative } = links;
  const range = { start_percent: 0, end_percent: 1 };
  const fields = { positive, negative, control_net, image, vae, strength: TILE_CONTROL, ...range };
  const applied = b.add('ControlNetApplyAdvanced', 'hold to the picture', fields);
  return { ...links, positive: applied.out(0), negative: applied.out(1) };
}

/** Soft towards the tiles that are painted already. */
function laidOver({ b }: Painting, destination: Link, source: Link, tile: Tile): Link {
  const { x, y, width, height, over } = tile;
  const solid = b.add('SolidMask', 'tile', { value: 1, width, height }).out();
  const sides = { left: over.left, top: over.top, right: 0, bottom: 0 };
  const mask = b.add('FeatherMask', 'soft edge', { mask: solid, ...sides }).out();
  return b
    .add('ImageCompositeMasked', 'lay over', { destination, source, x, y, resize_source: false, mask })
    .out();
}
