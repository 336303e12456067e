/** Z-Image: turbo in eight steps, or the base model; control by a patch of the model. */

import { repacked, unpacked } from '../published-file.ts';
import { hasNode, modelsOf, type ServerInfo } from '../server-info.ts';
import { controlPicture } from './control-picture.ts';
import { chosenFile } from './files.ts';
import { APACHE } from './licences.ts';
import { type Control, type FileRule, type Model, named } from './model.ts';
import { QWEN_3_4B } from './shared-files.ts';
import { PAINTER, SEPARATE_FILES } from './shared-forms.ts';

const PATCH: FileRule = {
  usual: 'Z-Image-Turbo-Fun-Controlnet-Union.safetensors',
  matches: named(/z[-_ ]?image.*(fun|control)/i),
};
const patchFile = (info: ServerInfo): string => chosenFile(PATCH, modelsOf(info, 'model_patches'), info);

/** The first releases with Z-Image used the node of Qwen-Image for it. */
const patchNode = (info: ServerInfo): string =>
  hasNode(info, 'ZImageFunControlnet') || !hasNode(info, 'QwenImageDiffsynthControlnet')
    ? 'ZImageFunControlnet'
    : 'QwenImageDiffsynthControlnet';

/** One file for all kinds of control pictures, without a mode to select. */
const patchControl: Control = {
  types: ['canny', 'depth', 'pose'],
  strength: 1,
  hasRange: false,
  file: patchFile,
  apply(p, links, size, control) {
    const { b, info, vae } = p;
    const image = controlPicture(p, size, control);
    const patch = b.add('ModelPatchLoader', 'control model', { name: patchFile(info) }).out();
    const fields = { model: links.model, model_patch: patch, vae, strength: control.strength, image };
    return { ...links, model: b.add(patchNode(info), 'apply control', fields).out() };
  },
};

export const zImage: Model = {
  ...PAINTER,
  ...SEPARATE_FILES,
  id: 'z-image',
  label: 'Z-Image',
  description: {
    en: 'Photographs and drawings in eight steps with the turbo file, with text in English and Chinese; free for commercial use. The base file takes more steps and reads cfg and the negative prompt.',
    zh: 'turbo 模型八步出图，写实与绘画皆可，支持中英文文字，可商用。base 模型步数更多，可用 cfg 和反向提示词。',
  },
  since: '0.3.75',
  encoders: { type: 'lumina2', files: [QWEN_3_4B] },
  vae: { usual: 'ae.safetensors' },
  weights: [
    {
      usual: 'z_image_turbo_bf16.safetensors',
      matches: named(/z[-_ ]?image(?=.*turbo)(?!.*(control|fun|lora|omni|edit))/i),
      ...{ steps: 8, cfg: 1, licence: APACHE },
    },
    {
      usual: 'z_image_bf16.safetensors',
      matches: named(/z[-_ ]?image(?!.*(turbo|control|fun|lora|omni|edit))/i),
      ...{ steps: 25, cfg: 4, licence: APACHE },
    },
  ],
  published: [
    repacked('z_image_turbo', 'diffusion_models', 'z_image_turbo_bf16.safetensors', APACHE, 12.3),
    repacked('z_image', 'diffusion_models', 'z_image_bf16.safetensors'),
    repacked('z_image_turbo', 'text_encoders', 'qwen_3_4b.safetensors', APACHE, 8.04),
    unpacked('alibaba-pai/Z-Image-Turbo-Fun-Controlnet-Union', 'model_patches', PATCH.usual),
  ],
  sampler: 'res_multistep',
  strength: { img2img: 0.6, inpaint: 0.8 },
  patches: [{ classType: 'ModelSamplingAuraFlow', title: 'sigma shift', fields: { shift: 3 } }],
  control: patchControl,
};
