/** Qwen-Image-Edit 2509 and 2511: the text encoder sees the pictures too. */
import type { Link } from '../graph.ts';
import { repacked, unpacked } from '../published-file.ts';
import { choicesOf } from '../server-info.ts';
import { APACHE } from './licences.ts';
import { type Conditioning, type Model, named, type Painting } from './model.ts';
import { loadPicture } from './pictures.ts';
import { lightning, QWEN, SHIFT } from './qwen-shared.ts';
import { byWords } from './style-pictures.ts';

const METHOD = 'index_timestep_zero';

export const qwenImageEdit: Model = {
  ...QWEN,
  id: 'qwen-image-edit',
  kind: 'edit',
  label: 'Qwen-Image-Edit',
  description: {
    en: 'Changes up to three reference pictures by instruction, and keeps faces and text well; call them "picture 1" and "picture 2". Free for commercial use. Forty steps; four with a Lightning LoRA under "speed".',
    zh: '按文字指令修改最多三张参考图，人物和文字保持较好；可用“图1”“图2”指代。可商用。默认四十步，在“加速”中选择 Lightning LoRA 后只需四步。',
  },
  types: [],
  references: 3,
  style: { most: 2, ways: [byWords('Picture')] },
  weights: [
    {
      usual: 'qwen_image_edit_2511_bf16.safetensors',
      matches: named(/qwen[-_ ]?image[-_ ]?edit.*2511/i),
      ...{ steps: 40, cfg: 4, licence: APACHE },
    },
    {
      usual: 'qwen_image_edit_2509_fp8_e4m3fn.safetensors',
      matches: named(/qwen[-_ ]?image[-_ ]?edit.*2509/i),
      ...{ steps: 20, cfg: 4, licence: APACHE },
    },
  ],
  speeds: [
    lightning(4, {
      usual: 'Qwen-Image-Edit-2511-Lightning-4steps-V1.0-bf16.safetensors',
      matches: named(/qwen[-_]image[-_]edit.*lightning.*4[-_]?steps/i),
    }),
  ],
  published: [
    repacked('Qwen-Image-Edit_ComfyUI', 'diffusion_models', 'qwen_image_edit_2511_bf16.safetensors'),
    repacked('Qwen-Image-Edit_ComfyUI', 'diffusion_models', 'qwen_image_edit_2509_fp8_e4m3fn.safetensors'),
    unpacked(
      'lightx2v/Qwen-Image-Edit-2511-Lightning',
      'loras',
      'Qwen-Image-Edit-2511-Lightning-4steps-V1.0-bf16.safetensors',
    ),
  ],
  strength: null,
  patches: [SHIFT, { classType: 'CFGNorm', title: 'even out cfg', fields: { strength: 1, pre_cfg: false } }],
  prompts: promptsWithPictures,
};

function promptsWithPictures(p: Painting): Conditioning {
  const { b, request, clip, vae, numbers, references } = p;
  const pictures = references.map((input, i) => loadPicture(b, input, `reference ${i + 1}`).image);
  const images = Object.fromEntries(pictures.map((image, i) => [`image${i + 1}`, image]));
  const encode = (title: string, prompt: string): Link =>
    placed(p, b.add('TextEncodeQwenImageEditPlus', title, { clip, prompt, vae, ...images }).out());
  const positive = encode('instruction', p.prompt);
  if (numbers.cfg > 1) return { positive, negative: encode('negative prompt', request.negative_prompt) };
  return {
    positive,
    negative: b.add('ConditioningZeroOut', 'empty negative', { conditioning: positive }).out(),
  };
}

/** 2511 was trained with references at time zero; a repack without ComfyUI's metadata does not say so itself. */
function placed({ b, file, info }: Painting, conditioning: Link): Link {
  const node = 'FluxKontextMultiReferenceLatentMethod';
  const input = 'reference_latents_method';
  if (!/2511/.test(file) || !choicesOf(info, node, input).includes(METHOD)) return conditioning;
  return b.add(node, 'references at time zero', { conditioning, [input]: METHOD }).out();
}
