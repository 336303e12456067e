/** Paints one tile of a picture again and lays it over the picture. */
import { seedPlus } from '@limner/contract';
import type { Link } from '../graph.ts';
import { withControlNet } from './control-net.ts';
import { COMFY_MAX_SEED } from './graph-seed.ts';
import type { Links, Painting } from './model.ts';
import { sampleOf } from './sampling.ts';
import type { Schedule } from './strength.ts';
import type { Tile } from './tiles.ts';

export const TILE_STRENGTH = 0.7;

export interface PlacedTile {
  /** The whole picture, as painted so far. */
  image: Link;
  tile: Tile;
  index: number;
  /** The tile is the whole picture. */
  isAlone: boolean;
}

/** The whole picture with the tile painted. */
export function paintedTile(
  p: Painting,
  links: Links,
  controlNet: Link | null,
  { image, tile, index, isAlone }: PlacedTile,
  schedule: Schedule,
): Link {
  const { b, vae, model } = p;
  const { x, y, width, height } = tile;
  const pixels = isAlone
    ? image
    : b.add('ImageCrop', `tile ${index + 1}`, { image, x, y, width, height }).out();
  const hold = { title: 'hold to the picture', image: pixels, strength: TILE_STRENGTH };
  const held = controlNet ? withControlNet(p, links, { ...hold, controlNet }) : links;
  const latent = b.add('VAEEncode', 'encode', { pixels, vae }).out();
  // Equal noise in every tile would show as a pattern.
  const request = { ...p.request, seed: seedPlus(p.request.seed, index, COMFY_MAX_SEED) };
  const canvas = { latent, size: { width, height }, schedule, isMasked: false };
  const sampler = sampleOf(model)({ ...p, request }, held, canvas);
  const source = b.add('VAEDecode', 'decode', { samples: sampler.out(), vae }).out();
  return isAlone ? source : laidOver(p, image, source, tile);
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
