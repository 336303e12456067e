/**
 * The models Limner knows how to run on ComfyUI, in the order in which they are preferred: where several can do a task,
 * one whose licence allows any use comes first. A new model is one file here and one line below.
 */

import type { ModelFile } from '../published-file.ts';
import { sd15, sdxl } from './checkpoint.ts';
import { ernieImage } from './ernie-image.ts';
import type { FluxFiles } from './family.ts';
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
import { qwenImage } from './qwen-image.ts';
import { qwenImageEdit } from './qwen-image-edit.ts';
import { qwenImageLayered } from './qwen-image-layered.ts';
import { sd35 } from './sd35.ts';
import { wan22Small } from './wan22-5b.ts';
import { wan22LargeImage, wan22LargeText } from './wan22-14b.ts';
import { zImage } from './z-image.ts';

export const models = (files: FluxFiles): Model[] => [
  zImage,
  ...flux2Klein,
  qwenImage,
  qwenImageEdit,
  qwenImageLayered,
  ernieImage,
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

const NOTHING_NAMED: FluxFiles = { unet: '', clipL: '', t5xxl: '', vae: '', controlnet: '' };

/** Where the files of all models are published, each once. */
export const publishedFiles = (): ModelFile[] => {
  const all = models(NOTHING_NAMED).flatMap(({ published = [] }) => published);
  return [...new Map(all.map((file) => [file.file, file])).values()];
};
