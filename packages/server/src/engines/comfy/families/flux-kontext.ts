/** FLUX.1 Kontext dev: an instruction in words changes one or several reference pictures. */

import type { GraphBuilder, Link } from '../graph.ts';
import { published } from '../published-file.ts';
import { encoded, withLatent } from './conditioning.ts';
import type { FluxFiles } from './family.ts';
import { fluxOne } from './flux-one.ts';
import { nearestSize } from './kontext-size.ts';
import { FLUX_DEV } from './licences.ts';
import { type Conditioning, type Model, named, type Painting } from './model.ts';
import { loadPicture } from './pictures.ts';

export const fluxKontext = (files: FluxFiles): Model => ({
  ...fluxOne(files),
  id: 'flux-kontext',
  kind: 'edit',
  label: 'FLUX.1 Kontext',
  description: {
    en: 'Changes reference pictures by instruction: "make the armour golden", "put both into one room". The result has one of seventeen sizes of about a megapixel, the nearest in shape. Non-commercial licence.',
    zh: '按文字指令修改参考图，例如“把盔甲改成金色”“让两个角色同处一室”。输出为约一百万像素的十七种尺寸中比例最接近的一种。仅限非商业用途。',
  },
  types: [],
  size: { default: 1024, min: 672, max: 1568, step: 16 },
  references: 4,
  hasReferenceMode: true,
  lists: ['diffusion_models', 'unet_gguf'],
  weights: [
    {
      usual: 'flux1-dev-kontext_fp8_scaled.safetensors',
      matches: named(/kontext/i),
      steps: 20,
      cfg: 1,
      guidance: 2.5,
      licence: FLUX_DEV,
    },
  ],
  published: [
    published(
      'Comfy-Org/flux1-kontext-dev_ComfyUI',
      'models/diffusion_models',
      'flux1-dev-kontext_fp8_scaled.safetensors',
      11.9,
      FLUX_DEV,
      'split_files/diffusion_models/flux1-dev-kontext_fp8_scaled.safetensors',
    ),
    published(
      'QuantStack/FLUX.1-Kontext-dev-GGUF',
      'models/unet',
      'flux1-kontext-dev-Q5_K_S.gguf',
      8.3,
      FLUX_DEV,
    ),
  ],
  strength: null,
  attach: stitchedOrChained,
  sizeOf: ({ width, height }, first) =>
    nearestSize(width && height ? { width, height } : (first ?? { width: 1, height: 1 })),
});

function stitchedOrChained(p: Painting, { positive, negative }: Conditioning): Conditioning {
  const images = p.references.map((input, i) => loadPicture(p.b, input, `reference ${i + 1}`).image);
  const mode = p.request.params.reference_mode ?? 'stitched';
  const separate = mode === 'chained' ? images : [images.reduce((left, right) => stitched(p.b, left, right))];
  const attach = (conditioning: Link, image: Link): Link => {
    const pixels = p.b.add('FluxKontextImageScale', 'preferred size', { image }).out();
    return withLatent(p, conditioning, encoded(p, pixels));
  };
  return { positive: separate.reduce(attach, positive), negative };
}

function stitched(b: GraphBuilder, image1: Link, image2: Link): Link {
  const fields = {
    image1,
    image2,
    direction: 'right',
    match_image_size: true,
    spacing_width: 0,
    spacing_color: 'white',
  };
  return b.add('ImageStitch', 'side by side', fields).out();
}
