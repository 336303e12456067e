/**
 * Qwen-Image-Layered: paints a picture as RGBA layers, or takes one apart into them. Its latent has a third dimension: first
 * the whole picture once more, then the layers, the lowest first. The first is cut off: the whole is stacked from the layers.
 */

import { repacked } from '../published-file.ts';
import { emptyCanvas } from './canvas.ts';
import { encoded, withLatent } from './conditioning.ts';
import { APACHE } from './licences.ts';
import { type Canvas, type Links, type Model, named, type Painting } from './model.ts';
import { loadPicture, pictureOf, scaledTo, workingSize } from './pictures.ts';
import { QWEN, shifted } from './qwen-shared.ts';

export const qwenImageLayered: Model = {
  ...QWEN,
  id: 'qwen-image-layered',
  kind: 'generation',
  label: 'Qwen-Image-Layered',
  description: {
    en: 'Paints a picture as two to eight transparent layers, or takes your picture apart into them: choose image to image, and describe the whole picture or leave the prompt empty. Export them as PSD, ORA or PNGs. Free for commercial use. Needs ComfyUI 0.6 or newer; best at about 640 × 640.',
    zh: '把画面直接绘制成二至八个透明图层，或将已有图片拆分为图层：选择图生图，提示词描述整幅画面，也可留空。可导出 PSD、ORA 或 PNG。可商用。需要 ComfyUI 0.6 或更新版本；在约 640 × 640 时效果最佳。',
  },
  types: ['txt2img', 'img2img'],
  size: { default: 640, min: 256, max: 1536, step: 16 },
  weights: [
    {
      usual: 'qwen_image_layered_bf16.safetensors',
      matches: named(/qwen[-_ ]?image[-_ ]?layered(?!.*(vae|lora|control))/i),
      ...{ steps: 20, cfg: 2.5, licence: APACHE },
    },
  ],
  vae: {
    usual: 'qwen_image_layered_vae.safetensors',
    matches: named(/qwen[-_ ]?image[-_ ]?layered[-_ ]?vae/i),
  },
  published: [
    repacked('Qwen-Image-Layered_ComfyUI', 'diffusion_models', 'qwen_image_layered_bf16.safetensors'),
    repacked('Qwen-Image-Layered_ComfyUI', 'vae', 'qwen_image_layered_vae.safetensors'),
  ],
  strength: null,
  layers: 4,
  emptyLatent: 'EmptyQwenImageLayeredLatentImage',
  patches: [shifted(1)],
  compose,
};

function compose(p: Painting, links: Links): { canvas: Canvas; links: Links } {
  const { b, request, inputs, model } = p;
  if (request.type !== 'img2img')
    return { canvas: emptyCanvas(p, workingSize(request, null, model.size)), links };
  const source = loadPicture(b, pictureOf(inputs, request.input_image), 'picture to take apart');
  const size = workingSize(request, source, model.size);
  const latent = encoded(p, scaledTo(b, source, size, 'working size'));
  const positive = withLatent(p, links.positive, latent);
  const negative = withLatent(p, links.negative, latent);
  return { canvas: emptyCanvas(p, size), links: { ...links, positive, negative } };
}
