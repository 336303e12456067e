/** Tools that make pictures. */
import {
  MAX_FAMILY_CHARS,
  MAX_PROMPT_CHARS,
  MAX_REFERENCES,
  Seed,
  SidePx,
  StudioError,
} from '@limner/contract';
import { z } from 'zod';
import { PictureInput, pictureRef } from '../picture-input.ts';
import { styleId } from '../style-input.ts';
import { madeTask, waiting } from '../task-result.ts';
import { MAKES, type ToolCall, tool } from '../tool.ts';

const MAX_COUNT = 4;

const Prompt = z.string().trim().min(1).max(MAX_PROMPT_CHARS);
const painted = {
  width: SidePx.optional(),
  height: SidePx.optional(),
  count: z.number().int().min(1).max(MAX_COUNT).default(1),
  seed: Seed.optional(),
  family: z.string().max(MAX_FAMILY_CHARS).optional(),
  style: z.string().max(100).optional(),
};

export const generateImage = tool({
  name: 'generate_image',
  title: 'Generate pictures',
  description:
    'Paints pictures from words. Defaults: the best available family and its own size; see list_families for sizes, list_styles for styles (by name). Same seed and arguments give the same picture.',
  input: z.strictObject({
    prompt: Prompt,
    negative_prompt: z.string().max(MAX_PROMPT_CHARS).optional(),
    ...painted,
    ...waiting,
  }),
  annotations: MAKES,
  async run({ count, style, wait_seconds, return: shown, ...fields }, call) {
    const style_id = await styleId(style, call);
    const { id } = await call.studio.client.call('generate', {
      body: { ...fields, style_id, batch_size: count },
    });
    return madeTask(id, { wait_seconds, return: shown }, call);
  },
});

const EditInput = z.strictObject({
  images: z.array(PictureInput).min(1).max(MAX_REFERENCES),
  prompt: Prompt,
  mask: PictureInput.optional().describe('White where the first image may change'),
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
  description:
    'Changes a picture by instruction, or makes a new one from up to 4 reference images. With mask only the white part of the first image is repainted. Images: picture id (12_0), upload id, http(s) URL or data URL up to 10 MB; local paths only over stdio.',
  input: EditInput,
  annotations: MAKES,
  async run({ images, mask, count, style, wait_seconds, return: shown, ...fields }, call) {
    const edit: Edit = { ...fields, style_id: await styleId(style, call), batch_size: count };
    const refs: string[] = [];
    for (const image of images) refs.push(await pictureRef(image, call));
    const made = mask
      ? await repaint(edit, refs, await pictureRef(mask, call), call)
      : await editByWords(edit, refs, call);
    return madeTask(made.id, { wait_seconds, return: shown }, call, made.note);
  },
});

interface Made {
  id: number;
  note: string | null;
}

const repaint = async (
  edit: Edit,
  [first]: string[],
  mask_image: string,
  { studio }: ToolCall,
): Promise<Made> => ({
  id: (
    await studio.client.call('generate', {
      body: { ...edit, type: 'inpaint', input_image: first, mask_image },
    })
  ).id,
  note: null,
});

/** Paints over the first image where no family for edits is ready. */
async function editByWords(edit: Edit, images: string[], { studio }: ToolCall): Promise<Made> {
  try {
    return { id: (await studio.client.call('edit', { body: { ...edit, images } })).id, note: null };
  } catch (error) {
    if (!isWithoutModel(error) || edit.family !== undefined) throw error;
    const body = { ...edit, type: 'img2img' as const, input_image: images[0] };
    return { id: (await studio.client.call('generate', { body })).id, note: PAINTED_OVER };
  }
}

const PAINTED_OVER = 'No model for edits is ready, so the first image was painted over (image to image).';

const isWithoutModel = (error: unknown): boolean =>
  error instanceof StudioError && ['models_missing', 'family_not_found', 'unsupported'].includes(error.code);

export const removeBackground = tool({
  name: 'remove_background',
  title: 'Remove the background',
  description:
    'Cuts the subject of a picture out: a PNG with transparent background. image as in edit_image.',
  input: z.strictObject({ image: PictureInput, model: z.string().min(1).max(100).optional(), ...waiting }),
  annotations: MAKES,
  async run({ image, model, ...options }, call) {
    const input_image = await pictureRef(image, call);
    const { id } = await call.studio.client.call('removeBg', { body: { input_image, model } });
    return madeTask(id, options, call);
  },
});

export const upscaleImage = tool({
  name: 'upscale_image',
  title: 'Enlarge a picture',
  description: 'Enlarges a picture 2 to 4 times. image as in edit_image.',
  input: z.strictObject({
    image: PictureInput,
    factor: z.number().int().min(2).max(4).default(2),
    model: z.string().max(200).optional(),
    ...waiting,
  }),
  annotations: MAKES,
  async run({ image, factor, model, ...options }, call) {
    const input_image = await pictureRef(image, call);
    const { id } = await call.studio.client.call('upscale', { body: { input_image, factor, model } });
    return madeTask(id, options, call);
  },
});
