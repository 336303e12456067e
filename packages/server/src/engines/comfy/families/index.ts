/**
 * The families Limner knows how to build for ComfyUI, in the order in which they are preferred: where several can do a
 * task, one whose licence allows any use comes first. A new model is one file here and one line below.
 */
import { sd15, sdxl } from './checkpoint.ts';
import { controlPreview } from './control-preview.ts';
import type { ComfyFamily, FluxFiles } from './family.ts';
import { fluxDev } from './flux-dev.ts';
import { fluxFill } from './flux-fill.ts';
import { fluxKontext } from './flux-kontext.ts';
import { fluxSchnell } from './flux-schnell.ts';
import type { Model } from './model.ts';
import { modelFamily } from './model-family.ts';
import { removeBackground } from './remove-background.ts';
import { upscale } from './upscale.ts';

export type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInput, UploadedInputs } from './family.ts';
export { specOn } from './family.ts';

const models = (files: FluxFiles): Model[] => [
  fluxSchnell(files),
  fluxKontext(files),
  sdxl,
  sd15,
  fluxDev(files),
  fluxFill(files),
];

export const comfyFamilies = (files: FluxFiles): ComfyFamily[] => [
  ...models(files).map(modelFamily),
  removeBackground,
  controlPreview,
  upscale,
];
