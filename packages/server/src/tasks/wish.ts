/** From what was asked to what an engine must be found for. Pure: pictures and style are resolved before. */
import {
  type Bilingual,
  type ControlPreviewRequest,
  type EditRequest,
  type GenerateRequest,
  type RemoveBgRequest,
  StudioError,
  type Style,
  type TrainingParams,
  type TrainingRequest,
  type UpscaleRequest,
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
  style && {
    id: style.id,
    name: style.name,
    loraPath: style.lora_path,
    family: style.family,
    triggerWords: style.trigger_words,
  };

/**
 * A style trained here works with one family alone, which need not be named then.
 * @throws StudioError `style_family` where another is named.
 */
function familyFor(asked: string | null | undefined, style: Style | null, labelOf: LabelOf): string | null {
  const bound = style?.family ?? null;
  if (bound !== null && asked != null && asked !== bound) throw boundElsewhere(style, labelOf, 'family');
  return asked ?? bound;
}

/** What is trained here paints and does not edit. */
function editFamilyFor(
  asked: string | null | undefined,
  style: Style | null,
  labelOf: LabelOf,
): string | null {
  if (style?.family) throw boundElsewhere(style, labelOf, 'style_id');
  return asked ?? null;
}

const boundElsewhere = (style: Style | null, labelOf: LabelOf, field: string) =>
  new StudioError('style_family', {
    data: { style: style?.name, family: labelOf(style?.family ?? '') },
    field,
  });

/** What people call a family. */
export type LabelOf = (family: string) => Bilingual | string;

export interface GenerationPictures {
  input: string | null;
  mask: string | null;
  control: string | null;
}

export function generationWish(
  request: GenerateRequest,
  style: Style | null,
  pictures: GenerationPictures,
  labelOf: LabelOf,
): Wish {
  const { controlnet } = request;
  return {
    ...PLAIN,
    kind: 'generation',
    family: familyFor(request.family, style, labelOf),
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

export const editWish = (
  request: EditRequest,
  style: Style | null,
  references: string[],
  labelOf: LabelOf,
): Wish => ({
  ...PLAIN,
  kind: 'edit',
  family: editFamilyFor(request.family, style, labelOf),
  prompt: withTriggerWords(request.prompt, style?.trigger_words ?? ''),
  params: request.params,
  style: styleOf(style),
  loras: request.loras,
  references,
  width: request.width ?? null,
  height: request.height ?? null,
});

/** `trainer` is the id of its family too. */
export const trainingWish = (
  request: TrainingRequest,
  trainer: string,
  params: TrainingParams,
  references: string[],
): Wish => ({
  ...PLAIN,
  kind: 'training',
  family: trainer,
  references,
  training: {
    styleName: request.style_name,
    styleType: request.style_type,
    triggerWords: request.trigger_words,
    captions: request.images.map(({ caption }) => caption),
    params,
  },
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
  family: request.family ?? null,
  controlnet: { type: request.type, image, strength: 1, start: 0, end: 1 },
  width: request.width ?? null,
  height: request.height ?? null,
});
