/** The families Limner knows how to build for ComfyUI: those of its models, and the tools. */
import { controlPreview } from './control-preview.ts';
import { creativeUpscale } from './creative-upscale.ts';
import type { ComfyFamily, FluxFiles } from './family.ts';
import { modelFamily } from './model-family.ts';
import { models } from './models.ts';
import { removeBackground } from './remove-background.ts';
import { upscale } from './upscale.ts';

export type {
  BuiltGraph,
  ComfyFamily,
  FinishStep,
  FluxFiles,
  UploadedInput,
  UploadedInputs,
} from './family.ts';
export { specOn } from './family.ts';
export { models };

export const comfyFamilies = (files: FluxFiles): ComfyFamily[] => [
  ...models(files).map(modelFamily),
  removeBackground,
  controlPreview,
  upscale,
  creativeUpscale(files),
];
