/** Tools that make pictures. */
import {
  ControlType,
  Creativity,
  type GenerateInput,
  MAX_FAMILY_CHARS,
  MAX_MARGIN_PX,
  MAX_PROMPT_CHARS,
  MAX_REFERENCES,
  MAX_STYLE_IMAGES,
  Outpaint,
  Seed,
  SidePx,
  StudioError,
  type StyleImage,
  TaskId,
  TILED_AXES,
} from '@limner/contract';
import { z } from 'zod';
import { cutOutTask, madeTask } from '../made-task.ts';
import { TaskFacts } from '../output.ts';
import { PictureInput, pictureRef } from '../picture-input.ts';
import { Refusal } from '../result.ts';
import { styleId } from '../style-input.ts';
import { transparent, waiting } from '../task-result.ts';
import { MAKES, type ToolCall, tool } from '../tool.ts';

const MAX_COUNT = 4;

const Prompt = z.string().trim().min(1).max(MAX_PROMPT_CHARS);
const negative_prompt = z.string().max(MAX_PROMPT_CHARS).optional();
const painted = {
  width: SidePx.optional(),
  height: SidePx.optional(),
  count: z.number().int().min(1).max(MAX_COUNT).default(1),
  seed: Seed.optional(),
  family: z.string().max(MAX_FAMILY_CHARS).optional(),
  style: z.string().max(100).optional(),
  transparent,
};

const Control = z.strictObject({
  type: ControlType,
  image: PictureInput,
  strength: z.number().min(0).max(2).default(1),
  start: z.number().min(0).max(1).default(0),
  end: z.number().min(0).max(1).default(1),
});

async function controlOf(control: z.output<typeof Control> | undefined, call: ToolCall) {
  return control && { ...control, enabled: true, image: await pictureRef(control.image, call) };
}

async function styleImagesOf(images: string[] = [], strength: number | null = null, call: ToolCall) {
  const refs: StyleImage[] = [];
  for (const image of images) refs.push({ image: await pictureRef(image, call), strength });
  return refs;
}

/** Where a picture to begin with is given and no strength. */
const VARIATION_STRENGTH = 0.65;

export const generateImage = tool({
  name: 'generate_image',
  title: 'Generate pictures',
  description:
    'Paints from words. Defaults: the best family, its own size; see list_families, list_styles (by name). transparent: real alpha, by a cut-out where the family paints none. tileable: opposite edges meet (x: left and right, y: above and below). image: begin with this picture; strength 0…1: how much changes. control: ControlNet. style_images: paint in their style, by style_strength 0…1.',
  input: z.strictObject({
    prompt: Prompt,
    negative_prompt,
    ...painted,
    image: PictureInput.optional(),
    strength: z.number().min(0).max(1).optional(),
    control: Control.optional(),
    style_images: z.array(PictureInput).max(MAX_STYLE_IMAGES).optional(),
    style_strength: z.number().min(0).max(1).optional(),
    tileable: z.enum(TILED_AXES).optional(),
    ...waiting,
  }),
  output: TaskFacts,
  annotations: MAKES,
  async run(
    {
      count,
      style,
      style_images,
      style_strength,
      image,
      strength,
      control,
      tileable,
      transparent,
      wait_seconds,
      return: shown,
      ...fields
    },
    call,
  ) {
    if (strength !== undefined && image === undefined) throw new Refusal(call.words.strengthAlone);
    const style_id = await styleId(style, call);
    const begins = image === undefined ? null : await beginning(image, strength, call);
    const params = { ...begins?.params, tileable };
    const controlnet = await controlOf(control, call);
    const styled = await styleImagesOf(style_images, style_strength, call);
    const made = await call.studio.client.call('generate', {
      body: { ...fields, ...begins, params, style_id, style_images: styled, controlnet, batch_size: count },
    });
    return madeTask(made, { wait_seconds, return: shown, transparent }, call);
  },
});

const beginning = async (image: string, strength = VARIATION_STRENGTH, call: ToolCall) => ({
  type: 'img2img' as const,
  input_image: await pictureRef(image, call),
  params: { denoise: strength },
});

const EditInput = z.strictObject({
  images: z.array(PictureInput).min(1).max(MAX_REFERENCES),
  prompt: Prompt,
  mask: PictureInput.optional().describe('White where the first image may change'),
  outpaint: z.partialRecord(Outpaint.keyof(), z.number().int().min(0).max(MAX_MARGIN_PX)).optional(),
  negative_prompt: negative_prompt.describe('Only with mask or outpaint'),
  ...painted,
  ...waiting,
});

interface Edit extends Pick<z.output<typeof EditInput>, 'prompt' | 'width' | 'height' | 'seed' | 'family'> {
  style_id: number | null;
  batch_size: number;
}

export const editImage = tool({
  name: 'edit_image',
  title: 'Edit pictures',
  description: `Changes a picture by instruction, or makes a new one from up to ${MAX_REFERENCES} reference images (list_families tells each limit). With mask only the white part of the first image is repainted; outpaint extends it by pixels: left, top, right, bottom. Images: picture id (12_0), upload id, http(s) URL or data URL up to 10 MB; local paths over stdio.`,
  input: EditInput,
  output: TaskFacts,
  annotations: MAKES,
  async run(input, call) {
    const {
      images,
      mask,
      outpaint,
      negative_prompt,
      count,
      style,
      transparent,
      wait_seconds,
      return: shown,
      ...fields
    } = input;
    const edit: Edit = { ...fields, style_id: await styleId(style, call), batch_size: count };
    const refs: string[] = [];
    for (const image of images) refs.push(await pictureRef(image, call));
    const inpaints = mask !== undefined || outpaint !== undefined;
    const mask_image = mask && (await pictureRef(mask, call));
    const made = inpaints
      ? await repaint({ ...edit, negative_prompt, mask_image, outpaint }, refs, call)
      : await editByWords(edit, refs, call);
    const ignored = !inpaints && negative_prompt ? call.words.withoutEffect(['negative_prompt']) : null;
    const notes = [made.note, ignored].filter((note) => note !== null);
    return madeTask(made, { wait_seconds, return: shown, transparent }, call, notes.join(' ') || null);
  },
});

interface Made {
  id: number;
  note: string | null;
}

const repaint = async (
  edit: Edit & Pick<GenerateInput, 'negative_prompt' | 'mask_image' | 'outpaint'>,
  [first]: string[],
  { studio }: ToolCall,
): Promise<Made> => ({
  id: (
    await studio.client.call('generate', {
      body: { ...edit, type: 'inpaint', input_image: first },
    })
  ).id,
  note: null,
});

/** Paints over the first image where no family for edits is ready. */
async function editByWords(edit: Edit, images: string[], { studio, words }: ToolCall): Promise<Made> {
  try {
    return { id: (await studio.client.call('edit', { body: { ...edit, images } })).id, note: null };
  } catch (error) {
    if (!isWithoutModel(error) || edit.family !== undefined) throw error;
    const body = { ...edit, type: 'img2img' as const, input_image: images[0] };
    return { id: (await studio.client.call('generate', { body })).id, note: words.noEditModel };
  }
}

const isWithoutModel = (error: unknown): boolean =>
  error instanceof StudioError && ['models_missing', 'family_not_found', 'unsupported'].includes(error.code);

export const removeBackground = tool({
  name: 'remove_background',
  title: 'Remove the background',
  description:
    'Cuts the subject of a picture out: a PNG with transparent background. image as in edit_image. task instead: waits for that task, then cuts out each of its opaque pictures once.',
  input: z.strictObject({
    image: PictureInput.optional(),
    task: TaskId.optional(),
    model: z.string().min(1).max(100).optional(),
    ...waiting,
  }),
  output: TaskFacts,
  annotations: MAKES,
  async run({ image, task, model, ...options }, call) {
    if ((image === undefined) === (task === undefined)) throw new Refusal(call.words.imageOrTask);
    if (task !== undefined) return cutOutTask(task, options, call);
    const input_image = await pictureRef(image as string, call);
    const made = await call.studio.client.call('removeBg', { body: { input_image, model } });
    return madeTask(made, options, call);
  },
});

export const upscaleImage = tool({
  name: 'upscale_image',
  title: 'Enlarge a picture',
  description:
    'Enlarges a picture 2 to 4 times. image as in edit_image. creativity: a picture model paints it again with more detail; prompt says what it shows.',
  input: z.strictObject({
    image: PictureInput,
    factor: z.number().int().min(2).max(4).default(2),
    model: z.string().max(200).optional(),
    creativity: Creativity.describe('0.1 faithful … 0.6 creative').optional(),
    prompt: z.string().max(MAX_PROMPT_CHARS).optional(),
    ...waiting,
  }),
  output: TaskFacts,
  annotations: MAKES,
  async run({ image, factor, model, creativity, prompt, ...options }, call) {
    const input_image = await pictureRef(image, call);
    const made = await call.studio.client.call('upscale', {
      body: { input_image, factor, model, creativity, prompt },
    });
    return madeTask(made, options, call);
  },
});
