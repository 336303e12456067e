/**
 * The families Limner knows how to build for ComfyUI, in the order in which they are preferred: where several can do a
 * task, one whose licence allows any use comes first. A new model is one file here and one line below.
 */
import { sd15, sdxl } from './checkpoint.ts';
import { controlPreview } from './control-preview.ts';
import { creativeUpscale } from './creative-upscale.ts';
import type { ComfyFamily, FluxFiles } from './family.ts';
import { fluxDev } from './flux-dev.ts';
import { fluxFill } from './flux-fill.ts';
import { fluxKontext } from './flux-kontext.ts';
import { fluxSchnell } from './flux-schnell.ts';
import { flux2Dev } from './flux2-dev.ts';
import { flux2Klein } from './flux2-klein.ts';
import { hunyuanVideoImage, hunyuanVideoText } from './hunyuan-video.ts';
import { krea2 } from './krea2.ts';
import { ltx } from './ltx.ts';
import type { Model } from './model.ts';
import { modelFamily } from './model-family.ts';
import { qwenImage } from './qwen-image.ts';
import { qwenImageEdit } from './qwen-image-edit.ts';
import { qwenImageLayered } from './qwen-image-layered.ts';
import { removeBackground } from './remove-background.ts';
import { sd35 } from './sd35.ts';
import { upscale } from './upscale.ts';
import { wan22Small } from './wan22-5b.ts';
import { wan22LargeImage, wan22LargeText } from './wan22-14b.ts';
import { zImage } from './z-image.ts';

export type {
  BuiltGraph,
  ComfyFamily,
  FinishStep,
  FluxFiles,
  UploadedInput,
  UploadedInputs,
} from './family.ts';
export { specOn } from './family.ts';

export const models = (files: FluxFiles): Model[] => [
  zImage,
  ...flux2Klein,
  qwenImage,
  qwenImageEdit,
  qwenImageLayered,
  fluxSchnell(files),
  sdxl,
  sd15,
  fluxKontext(files),
  fluxDev(files),
  fluxFill(files),
  ...flux2Dev,
  sd35,
  krea2,
  wan22Small,
  wan22LargeText,
  wan22LargeImage,
  ltx,
  hunyuanVideoText,
  hunyuanVideoImage,
];

export const comfyFamilies = (files: FluxFiles): ComfyFamily[] => [
  ...models(files).map(modelFamily),
  removeBackground,
  controlPreview,
  upscale,
  creativeUpscale(files),
];
