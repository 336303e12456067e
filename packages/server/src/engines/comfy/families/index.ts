/** The families Limner knows how to build for ComfyUI. A new one is one file here and one line below. */
import { checkpointFamilies } from './checkpoint.ts';
import { controlPreview } from './control-preview.ts';
import type { ComfyFamily, FluxFiles } from './family.ts';
import { fluxKontext } from './flux-kontext.ts';
import { fluxSchnell } from './flux-schnell.ts';
import { removeBackground } from './remove-background.ts';
import { upscale } from './upscale.ts';

export type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInput, UploadedInputs } from './family.ts';
export { specOn } from './family.ts';

export const comfyFamilies = (files: FluxFiles): ComfyFamily[] => [
  fluxSchnell(files),
  fluxKontext(files),
  ...checkpointFamilies(),
  removeBackground,
  controlPreview,
  upscale,
];
