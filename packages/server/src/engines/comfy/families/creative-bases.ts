/** The models that can paint an enlarged picture again, and what holds each of them to it. */
import { sd15, sdxl } from './checkpoint.ts';
import type { FluxFiles } from './family.ts';
import { fluxTileControl } from './flux-control.ts';
import { fluxDev } from './flux-dev.ts';
import { fluxSchnell } from './flux-schnell.ts';
import { FLUX_DEV } from './licences.ts';
import { type Model, named } from './model.ts';
import { type TileControl, tileControl } from './tile-control.ts';
import { zImage } from './z-image.ts';

export interface Base {
  model: Model;
  /** Of the model and its ControlNet together. */
  licence: string;
  /** Null: the strength alone keeps it near the picture. */
  tile: TileControl | null;
  /** Side of the tiles in pixels. */
  sidePx: number;
}

export type Bases = readonly [Base, ...Base[]];

const licenceOf = ({ weights: [{ licence }] }: Model) => ({ licence });
const SDXL_TILE = tileControl({
  usual: 'controlnet-tile-sdxl-1.0.safetensors',
  matches: named(/tile.*(sdxl|xl)|(sdxl|xl).*tile/i),
});
const SD15_TILE = tileControl({
  usual: 'control_v11f1e_sd15_tile_fp16.safetensors',
  matches: named(/(sd15|sd1\.5|v11f1e).*tile|tile.*sd1\.?5/i),
});

/** In the order of preference; the first has the freest licence. */
export const basesOf = (files: FluxFiles): Bases => {
  const flux = { licence: FLUX_DEV, tile: fluxTileControl(files), sidePx: 1024 };
  return [
    { model: zImage, ...licenceOf(zImage), tile: null, sidePx: 1024 },
    { model: sdxl, ...licenceOf(sdxl), tile: SDXL_TILE, sidePx: 1024 },
    { model: sd15, ...licenceOf(sd15), tile: SD15_TILE, sidePx: 768 },
    { model: fluxDev(files), ...flux },
    { model: fluxSchnell(files), ...flux },
  ];
};
