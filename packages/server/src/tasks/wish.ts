/** From what was asked to what an engine must be found for. Pure: pictures and style are resolved before. */
import type {
  ControlPreviewRequest,
  EditRequest,
  GenerateRequest,
  RemoveBgRequest,
  Style,
  UpscaleRequest,
} from '@limner/contract';
import type { Wish } from '../engines/engines.ts';
import { withTriggerWords } from './plan.ts';

const PLAIN: Omit<Wish, 'kind' | 'family'> = {
  type: null,
  prompt: '',
  negativePrompt: '',
  params: {},
  style: null,
  loras: [],
  inputImage: null,
  maskImage: null,
  references: [],
  controlnet: null,
  width: null,
  height: null,
};

const styleOf = (style: Style | null): Wish['style'] =>
  style && { id: style.id, name: style.name, loraPath: style.lora_path };

export interface GenerationPictures {
  input: string | null;
  mask: string | null;
  control: string | null;
}

export function generationWish(
  request: GenerateRequest,
  style: Style | null,
  pictures: GenerationPictures,
): Wish {
  const { controlnet } = request;
  return {
    ...PLAIN,
    kind: 'generation',
    family: request.family ?? null,
    type: request.type,
    prompt: withTriggerWords(request.prompt, style?.trigger_words ?? ''),
    negativePrompt: request.negative_prompt,
    params: request.params,
    style: styleOf(style),
    loras: request.loras,
    inputImage: pictures.input,
    maskImage: pictures.mask,
    controlnet: controlnet && pictures.control ? { ...controlnet, image: pictures.control } : null,
    width: request.width ?? null,
    height: request.height ?? null,
  };
}

export const editWish = (request: EditRequest, style: Style | null, references: string[]): Wish => ({
  ...PLAIN,
  kind: 'edit',
  family: request.family ?? null,
  prompt: withTriggerWords(request.prompt, style?.trigger_words ?? ''),
  params: request.params,
  style: styleOf(style),
  loras: request.loras,
  references,
  width: request.width ?? null,
  height: request.height ?? null,
});

export const removeBgWish = (request: RemoveBgRequest, inputImage: string): Wish => ({
  ...PLAIN,
  kind: 'remove_bg',
  family: 'remove-background',
  params: { model: request.model },
  inputImage,
});

export const upscaleWish = (request: UpscaleRequest, inputImage: string): Wish => ({
  ...PLAIN,
  kind: 'upscale',
  family: null,
  params: { factor: request.factor, model: request.model },
  inputImage,
});

export const controlPreviewWish = (request: ControlPreviewRequest, image: string): Wish => ({
  ...PLAIN,
  kind: 'control_preview',
  family: null,
  controlnet: { type: request.type, image, strength: 1, start: 0, end: 1 },
  width: request.width ?? null,
  height: request.height ?? null,
});
