/**
 * A painting whose opposite edges meet.
 *
 * Newer ComfyUI (after 0.33) has nodes for it: the model sees the latent moved by half as well, and the decoder sees it
 * continued. They refuse ControlNets. Everywhere else the edges are painted over, with nodes that every version has:
 *
 * 1. The painting is moved by half, so that its old edges become a cross in the middle. All new edges meet, because they
 *    lay beside each other before.
 * 2. The cross is painted over through a soft mask. Its arms fade out before the border, which must stay as it is.
 * 3. With both axes the ends of the arms are left. The painting is moved by a quarter, which brings them inside, and
 *    two spots are painted over.
 * 4. It is moved back.
 *
 * Only pixels under a mask change, so no step opens a seam that an earlier one has closed.
 */
import { type Size, type TiledAxes, tiledAxes } from '@limner/contract';
import type { Link, NodeRef } from '../graph.ts';
import { hasNode } from '../server-info.ts';
import type { Canvas, Links, Painting } from './model.ts';
import { scheduleFor } from './strength.ts';

/** How a painting gets edges that meet. */
export interface Tiling {
  axes: TiledAxes;
  by: 'nodes' | 'repainting';
}

/** Of a mask: the part of a side that is painted over around a seam. */
const BAND = 1 / 4;
/** The arms of the cross are whole up to this distance from the border, and end at half of it. */
const ARM_END = 1 / 8;
/** Enough to join what does not fit, with the colours that are there. */
const STRENGTH = 0.75;
/** Latent pixels that the nodes blend and continue; their default. */
const CONTEXT = 8;

type Sample = (p: Painting, links: Links, canvas: Canvas) => NodeRef;

/** Null: the request asks for no such edges, or within a mask, where they cannot change. */
export function tilingOf({ request, model, info }: Painting): Tiling | null {
  const axes = tiledAxes(request.params.tileable);
  if (!axes || !canTile(model) || request.type === 'inpaint') return null;
  const own = hasNode(info, 'ModelPatchSeamlessTiling') && hasNode(info, 'VAEDecodeSeamlessTiling');
  return { axes, by: own && !request.controlnet ? 'nodes' : 'repainting' };
}

/** Painting over needs a model that paints over a picture with a strength. */
export const canTile = ({ kind, strength, layers }: Painting['model']): boolean =>
  kind === 'generation' && strength !== null && layers === undefined;

const wordOf = (axes: TiledAxes): string => (axes === 'both' ? 'x and y' : axes);

export const tilingModel = ({ b }: Painting, model: Link, { axes }: Tiling): Link =>
  b
    .add('ModelPatchSeamlessTiling', 'edges that meet', {
      model,
      tiling: wordOf(axes),
      context_size: CONTEXT,
    })
    .out();

export const tilingDecode = ({ b, vae }: Painting, samples: Link, { axes }: Tiling): Link =>
  b
    .add('VAEDecodeSeamlessTiling', 'decode', { samples, vae, tiling: wordOf(axes), context_size: CONTEXT })
    .out();

/** Paints over the seams of a finished painting. */
export function withoutSeams(
  p: Painting,
  links: Links,
  { image, size, axes }: { image: Link; size: Size; axes: TiledAxes },
  sample: Sample,
): Link {
  const soft = { model: links.model, strength: 1 };
  const ready = { ...links, model: p.b.add('DifferentialDiffusion', 'soft seams', soft).out() };
  const along = { x: axes !== 'y', y: axes !== 'x' };
  const half = moveBy(size, along, 1 / 2);
  const cross = moved(p, image, size, half);
  const joined = paintedOver(p, ready, cross, maskOf(p, size, crossOf(size, axes)), size, sample);
  if (axes !== 'both') return moved(p, joined, size, half);
  const quarter = moveBy(size, along, 1 / 4);
  const ends = moved(p, joined, size, quarter);
  const whole = paintedOver(p, ready, ends, maskOf(p, size, endsOf(size)), size, sample);
  return moved(p, whole, size, quarter);
}

const moveBy = ({ width, height }: Size, along: { x: boolean; y: boolean }, share: number) => ({
  x: along.x ? Math.round(width * share) : 0,
  y: along.y ? Math.round(height * share) : 0,
});

/** To the right and down, around the edges. The sides are multiples of 8, so that four quarters are the whole. */
function moved(p: Painting, image: Link, size: Size, { x, y }: { x: number; y: number }): Link {
  const across = x === 0 ? image : movedAlong(p, image, size, { x, y: 0 });
  return y === 0 ? across : movedAlong(p, across, size, { x: 0, y });
}

function movedAlong(
  { b }: Painting,
  image: Link,
  { width, height }: Size,
  { x, y }: { x: number; y: number },
): Link {
  const over = x > 0 ? { x: width - x, y: 0, width: x, height } : { x: 0, y: height - y, width, height: y };
  const beyond = b.add('ImageCrop', 'part beyond the edge', { image, ...over }).out();
  const fields = { resize_source: false };
  const shifted = b.add('ImageCompositeMasked', 'move', {
    destination: image,
    source: image,
    x,
    y,
    ...fields,
  });
  return b
    .add('ImageCompositeMasked', 'continue at the other edge', {
      destination: shifted.out(),
      source: beyond,
      ...{ x: 0, y: 0, ...fields },
    })
    .out();
}

/** A rectangle of a mask that fades out over `fade` pixels. */
interface Patch extends Size {
  x: number;
  y: number;
  fade: { x: number; y: number };
}

function crossOf({ width, height }: Size, axes: TiledAxes): Patch[] {
  const [bandX, bandY] = [Math.round(width * BAND), Math.round(height * BAND)];
  // Along a single axis the seam ends at edges that need not meet.
  const end = (side: number) => (axes === 'both' ? Math.round((side * ARM_END) / 2) : 0);
  const [endX, endY] = [end(width), end(height)];
  const upright: Patch = {
    ...{ x: Math.round((width - bandX) / 2), y: endY, width: bandX, height: height - 2 * endY },
    fade: { x: Math.round(bandX * 0.375), y: endY },
  };
  const level: Patch = {
    ...{ x: endX, y: Math.round((height - bandY) / 2), width: width - 2 * endX, height: bandY },
    fade: { x: endX, y: Math.round(bandY * 0.375) },
  };
  return [...(axes === 'y' ? [] : [upright]), ...(axes === 'x' ? [] : [level])];
}

/** After the move by a quarter: where the arms of the cross have faded out, and a little before. */
function endsOf({ width, height }: Size): Patch[] {
  const [bandX, bandY] = [Math.round(width * BAND), Math.round(height * BAND)];
  const [endX, endY] = [Math.round(width * ARM_END), Math.round(height * ARM_END)];
  return [
    {
      ...{ x: Math.round(0.75 * width - bandX / 2), y: 0, width: bandX, height: Math.round(height / 2) },
      fade: { x: Math.round(bandX * 0.375), y: endY },
    },
    {
      ...{ x: 0, y: Math.round(0.75 * height - bandY / 2), width: Math.round(width / 2), height: bandY },
      fade: { x: endX, y: Math.round(bandY * 0.375) },
    },
  ];
}

function maskOf({ b }: Painting, { width, height }: Size, patches: Patch[]): Link {
  const nothing = b.add('SolidMask', 'paint over nothing', { value: 0, width, height }).out();
  return patches.reduce<Link>((destination, patch) => {
    const solid = b.add('SolidMask', 'paint over here', {
      ...{ value: 1, width: patch.width, height: patch.height },
    });
    const { x: left, y: top } = patch.fade;
    const sides = { left, top, right: left, bottom: top };
    const source = b.add('FeatherMask', 'soft edge', { mask: solid.out(), ...sides }).out();
    const fields = { destination, source, x: patch.x, y: patch.y, operation: 'add' };
    return b.add('MaskComposite', 'seam', fields).out();
  }, nothing);
}

function paintedOver(p: Painting, links: Links, image: Link, mask: Link, size: Size, sample: Sample): Link {
  const { b, vae, numbers } = p;
  const samples = b.add('VAEEncode', 'encode', { pixels: image, vae }).out();
  const latent = b.add('SetLatentNoiseMask', 'mask latent', { samples, mask }).out();
  const schedule = scheduleFor(numbers.steps, STRENGTH);
  const sampler = sample(p, links, { latent, size, schedule, isMasked: false });
  const source = b.add('VAEDecode', 'decode', { samples: sampler.out(), vae }).out();
  const fields = { destination: image, source, x: 0, y: 0, resize_source: true, mask };
  return b.add('ImageCompositeMasked', 'keep untouched pixels', fields).out();
}
