/** ERNIE-Image: text in pictures, posters and panels; turbo in eight steps, or the base model. */
import { published } from '../published-file.ts';
import { APACHE } from './licences.ts';
import { type Model, named } from './model.ts';
import { bothWays } from './pictures.ts';
import { PAINTER, SEPARATE_FILES } from './shared-forms.ts';

const file = (folder: string, name: string) =>
  published('Comfy-Org/ERNIE-Image', `models/${folder}`, name, undefined, APACHE, `${folder}/${name}`);

export const ernieImage: Model = {
  ...PAINTER,
  ...SEPARATE_FILES,
  id: 'ernie-image',
  label: 'ERNIE-Image',
  description: {
    en: 'Follows long prompts and sets much text, posters and comic panels, in English and Chinese; in eight steps with the turbo file. Free for commercial use. The base file takes twenty steps and reads cfg and the negative prompt.',
    zh: '擅长长提示词、大段中英文文字、海报和分镜；turbo 模型八步出图，可商用。base 模型需二十步，可用 cfg 和反向提示词。',
  },
  size: {
    ...{ default: 1024, min: 512, max: 1536, step: 16 },
    liked: bothWays([1264, 848], [1376, 768], [1200, 896]),
  },
  since: '0.19.0',
  encoders: {
    type: 'flux2',
    files: [{ usual: 'ministral-3-3b.safetensors', matches: named(/ministral[-_]?3[-_]?3b/i) }],
  },
  vae: { usual: 'flux2-vae.safetensors', matches: named(/flux[-_. ]?2[-_. ]?vae/i) },
  weights: [
    {
      usual: 'ernie-image-turbo.safetensors',
      matches: named(/ernie[-_ ]?image(?=.*turbo)(?!.*(lora|enhancer))/i),
      ...{ steps: 8, cfg: 1, licence: APACHE },
    },
    {
      usual: 'ernie-image.safetensors',
      matches: named(/ernie[-_ ]?image(?!.*(turbo|lora|enhancer))/i),
      ...{ steps: 20, cfg: 4, licence: APACHE },
    },
  ],
  published: [
    file('diffusion_models', 'ernie-image-turbo.safetensors'),
    file('diffusion_models', 'ernie-image.safetensors'),
    file('text_encoders', 'ministral-3-3b.safetensors'),
  ],
  emptyLatent: 'EmptyFlux2LatentImage',
  strength: { img2img: 0.6, inpaint: 0.8 },
};
